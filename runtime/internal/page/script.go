package page

import (
	"strings"

	"github.com/najahost/naja/asp"
)

// scriptBlock is the content of a <script runat=server>, or the file that its
// SRC names. Blocks run after all <% %>.
type scriptBlock struct {
	src      *source
	pos, end int
	language string     // that it names, in the words of Options.Speaks; "" for none
	other    *asp.Error // what is wrong when that isn't the page's
}

func (b *builder) scriptOpen(src *source, seg Segment) error {
	for _, a := range seg.Attrs {
		if a.Unclosed {
			return src.error(&fault{125, a.Pos, a.Name})
		}
	}
	b.skip, b.srcTag, b.script = false, false, scriptBlock{}
	if a, name := scriptLanguage(seg.Attrs); name != "" {
		b.script.language, b.script.other = b.opt.Speaks(name), src.error(&fault{129, a.ValuePos, a.Value})
		if b.script.language == "" {
			b.skip = true
			return b.tolerate(b.script.other)
		}
	}
	a, hasSrc := attr(seg.Attrs, "src")
	b.srcTag = hasSrc
	if !hasSrc {
		return nil
	}
	if a.text() == "" {
		return src.error(&fault{238, a.Pos, a.Name})
	}
	name, bad := b.resolve(src, a, isRooted(a.text()))
	if bad != nil {
		return b.tolerate(src.error(bad))
	}
	file, err := b.fetch(src, a, name)
	if err == nil {
		b.addScript(file, 0, len(file.text))
	}
	return b.tolerate(err)
}

// addScript notes a script that the open tag is for.
func (b *builder) addScript(src *source, pos, end int) {
	s := b.script
	s.src, s.pos, s.end = src, pos, end
	b.scripts = append(b.scripts, s)
}

// scriptLanguage is the language that a tag names. Without LANGUAGE the page's
// is meant, but a TYPE of text/vbscript is clear enough.
func scriptLanguage(attrs []Attr) (a Attr, name string) {
	if a, ok := attr(attrs, "language"); ok && a.text() != "" {
		return a, a.text()
	}
	if a, _ = attr(attrs, "type"); strings.Contains(strings.ToLower(a.Value), "vbscript") {
		return a, "VBScript"
	}
	return a, ""
}

// scriptCode takes in the content of a script block.
func (b *builder) scriptCode(src *source, seg Segment) {
	switch {
	case b.skip:
	case !b.srcTag:
		b.addScript(src, seg.Pos, seg.End)
	case strings.TrimSpace(src.text[seg.Pos:seg.End]) != "":
		b.warn(src, seg.Pos, "the script block has a SRC: what stands inside of it is ignored")
	}
}
