package page

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/najahost/naja/asp"
)

// includeAttr is the attribute that names the file.
func includeAttr(seg Segment) (a Attr, virtual bool) {
	file, isFile := attr(seg.Attrs, "file")
	if isFile {
		return file, false
	}
	a, virtual = attr(seg.Attrs, "virtual")
	return a, virtual
}

// checkInclude says what is wrong with an #include as it is written.
func checkInclude(seg Segment) *fault {
	a, virtual := includeAttr(seg)
	_, both := attr(seg.Attrs, "virtual")
	switch {
	case a.Unclosed:
		return &fault{125, a.Pos, a.Name}
	case a.text() == "":
		return &fault{128, seg.Pos, ""}
	case both && !virtual:
		return &fault{128, a.Pos, "Here it has both."}
	}
	return nil
}

// include reads an included file in the place of its directive, in the mode
// that the including file is in, and returns the mode at its end.
func (b *builder) include(src *source, seg Segment, m mode) (mode, error) {
	a, virtual := includeAttr(seg)
	if !virtual && isRooted(a.text()) {
		return m, src.error(&fault{130, a.ValuePos, a.text()})
	}
	name, bad := b.resolve(src, a, virtual)
	if bad != nil {
		return m, b.tolerate(src.error(bad))
	}
	if i := slices.Index(b.chain, name); i >= 0 {
		e := src.error(&fault{135, a.ValuePos, name})
		e.Description += " The way round: " + strings.Join(append(b.chain[i:len(b.chain):len(b.chain)], name), " > ") + "."
		return m, e
	}
	if len(b.chain) > b.opt.MaxDepth {
		return m, src.error(&fault{107, a.ValuePos, fmt.Sprintf("Includes lie more than %d deep in each other.", b.opt.MaxDepth)})
	}
	inc, err := b.fetch(src, a, name)
	if err != nil {
		return m, b.tolerate(err)
	}
	end, err := b.file(inc, m)
	if err == nil && end != m {
		b.warn(src, seg.Pos, "the included file ends a script block that it did not begin")
	}
	return end, err
}

// tolerate is err, or nil when the build goes on without what is missing.
func (b *builder) tolerate(err error) error {
	e, ok := errors.AsType[*asp.Error](err)
	if ok && (e.Code == 126 || e.Code == 129) && b.opt.Tolerate != nil && b.opt.Tolerate(e) {
		return nil
	}
	return err
}

// resolve turns the value of a FILE, VIRTUAL or SRC attribute into a name below
// the root.
func (b *builder) resolve(src *source, a Attr, virtual bool) (string, *fault) {
	var name string
	var bad badPath
	if virtual {
		name, bad = resolveVirtual(b.opt.MountPath, a.text(), !b.opt.DisableParentPaths)
	} else {
		name, bad = resolveFile(src.name, a.text(), !b.opt.DisableParentPaths)
	}
	switch bad {
	case pathParent:
		return "", &fault{131, a.ValuePos, a.text()}
	case pathInvalid:
		return "", &fault{126, a.ValuePos, a.text()}
	}
	return name, nil
}

// fetch loads the file that attribute a of src names.
func (b *builder) fetch(src *source, a Attr, name string) (*source, error) {
	inc, err := b.read(name)
	if aspErr, ok := errors.AsType[*asp.Error](err); ok {
		at := src.position(a.ValuePos)
		return nil, aspErr.At(at.File, at.Line, at.Column)
	}
	if err != nil {
		e := src.error(&fault{126, a.ValuePos, a.text()})
		// A missing include is no missing page: who asks the error for
		// fs.ErrNotExist asks about the page.
		if !errors.Is(err, fs.ErrNotExist) {
			e.Err = err
		}
		return nil, e
	}
	if inc.by == nil && inc.name != b.unit.Files[0] {
		inc.by, inc.byPos = src, a.ValuePos
	}
	if bad := b.grow(inc, a.ValuePos); bad != nil {
		return nil, src.error(bad)
	}
	return inc, nil
}

// read loads a file, the first time it is asked for.
func (b *builder) read(name string) (*source, error) {
	if src, ok := b.sources[name]; ok {
		return src, nil
	}
	b.unit.Files = append(b.unit.Files, name)
	text, err := b.load.Load(name)
	if err != nil {
		return nil, err
	}
	src := newSource(name, text)
	if n := len(b.places); n > 0 {
		src.base = b.places[n-1].base + len(b.places[n-1].text) + 1
	}
	b.sources[name], b.places = src, append(b.places, src)
	return src, nil
}

// grow counts a file's text as expanded once more. Every include costs the
// bytes of its directive, so this bounds the number of includes too, which a
// bound on the depth alone leaves at 2^32.
func (b *builder) grow(src *source, pos int) *fault {
	b.size += len(src.text)
	if b.size > b.opt.MaxSize {
		return &fault{107, pos, fmt.Sprintf("The page and its includes have more than %d bytes.", b.opt.MaxSize)}
	}
	return nil
}
