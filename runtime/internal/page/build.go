package page

import (
	"errors"
	"fmt"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/language"
)

// A Loader gives the text of a file below the site's root, decoded. The name
// is a slash path as [fs.ValidPath] wants it. A file that isn't there is
// [fs.ErrNotExist]; an [*asp.Error] is handed through as it is, with the place
// of the include unless it has one. Build asks for each name once.
type Loader interface {
	Load(name string) (text string, err error)
}

// Options say how a page is read.
type Options struct {
	// Speaks is asked for the language that a name means: what it says is the same
	// for all names of one, and "" for none.
	Speaks func(name string) string
	// Language is that of pages which name none.
	Language string
	// MountPath is the application's URL prefix, "/" when empty: virtual paths
	// may begin with it.
	MountPath string
	// DisableParentPaths refuses "..", which otherwise may lead anywhere below
	// the root.
	DisableParentPaths bool
	// MaxDepth is how many includes may lie inside each other; 32 if 0.
	MaxDepth int
	// MaxSize bounds the text with all includes expanded, in bytes; 4 MiB if 0,
	// 1 GiB at most.
	MaxSize int
	// Tolerate is asked about an include that isn't found and about a script
	// block in another language: true goes on as if it weren't there. Nil
	// tolerates nothing.
	Tolerate func(*asp.Error) bool
	// Global says that the file is a global.asa: text is nothing, <% %> is an
	// error, objects need a scope.
	Global bool
}

func (o *Options) setDefaults() {
	if o.MaxDepth == 0 {
		o.MaxDepth = 32
	}
	if o.MaxSize == 0 {
		o.MaxSize = 4 << 20
	}
	o.MaxSize = min(o.MaxSize, 1<<30) // offsets are kept in 32 bits
}

// A Unit is a page with everything that it includes. Nobody changes it or what
// it holds after Build.
type Unit struct {
	Page       language.Page // what its language gets
	Language   string        // which one that is, in the words of Options.Speaks
	Texts      [][]byte      // the texts that it sends by number
	Directives Directives
	Files      []string  // every file that was asked for, in order, the page first
	Objects    []Object  // <object runat=server>, in order
	TypeLibs   []TypeLib // <!--METADATA TYPE="typelib"-->, in order
}

// builder is the state of one Build.
type builder struct {
	opt     Options
	load    Loader
	unit    *Unit
	blocks  blocks
	places  places
	dirs    directives
	sources map[string]*source
	chain   []string // the files being read, each included by the one before
	size    int      // bytes of text expanded so far
	scripts []scriptBlock
	script  scriptBlock // of the open <script runat=server>
	skip    bool        // the open <script runat=server> is in another language, and tolerated
	srcTag  bool        // the open <script runat=server> has a SRC, which stands for its content
}

// Build reads a page and everything it includes, and makes of it what a language
// compiles. A
// mistake in the page is an *asp.Error with its file, line and column. When the
// page itself can't be loaded the error wraps the loader's. The Unit is never
// nil: after an error its Files alone are right, for a caller who waits for one
// of them to change.
func Build(name string, load Loader, opt Options) (*Unit, error) {
	opt.setDefaults()
	b := &builder{opt: opt, dirs: directives{speaks: opt.Speaks}, blocks: blocks{list: make([]language.Block, 0, 8)}, load: load, unit: &Unit{}, sources: map[string]*source{}}
	src, err := b.read(name)
	if aspErr, ok := errors.AsType[*asp.Error](err); ok {
		return b.unit, aspErr.At(name, 0, 0)
	}
	if err != nil {
		return b.unit, fmt.Errorf("read page %s: %w", name, err)
	}
	if err := b.page(src); err != nil {
		return b.unit, err
	}
	return b.unit, nil
}

// page reads everything and puts the unit together.
func (b *builder) page(src *source) error {
	if bad := b.grow(src, 0); bad != nil {
		return src.error(bad)
	}
	if _, err := b.file(src, inText); err != nil {
		return err
	}
	if b.dirs.Language == "" {
		b.dirs.Language = b.opt.Language
		if b.opt.Speaks(b.opt.Language) == "" {
			return src.error(&fault{201, 0, b.opt.Language})
		}
	}
	u := b.unit
	u.Directives, u.Language = b.dirs.Directives, b.opt.Speaks(b.dirs.Language)
	b.blocks.flush()
	for _, s := range b.scripts {
		if s.language != "" && s.language != u.Language {
			if err := b.tolerate(s.other); err != nil {
				return err
			}
			continue
		}
		b.blocks.script(s)
	}
	u.Texts = b.blocks.cut()
	u.Page.Name, u.Page.Start, u.Page.End = src.name, src.at(0), src.at(len(src.text))
	u.Page.Blocks, u.Page.Texts, u.Page.Places = b.blocks.list, len(u.Texts), b.places
	return nil
}

// file reads one file's segments from mode m on and returns the mode at its
// end.
func (b *builder) file(src *source, m mode) (mode, error) {
	b.chain = append(b.chain, src.name)
	defer func() { b.chain = b.chain[:len(b.chain)-1] }()
	l := newLexer(src.text, m)
	for {
		seg, ok := l.next()
		if !ok {
			break
		}
		if seg.Kind == Include {
			end, err := b.include(src, seg, l.mode)
			if err != nil {
				return m, err
			}
			l.mode = end
		} else if err := b.segment(src, seg, l.mode); err != nil {
			return m, err
		}
	}
	if l.err != nil {
		return m, src.error(l.err)
	}
	return l.mode, nil
}

// segment takes in what is no include. m is the mode behind it.
func (b *builder) segment(src *source, seg Segment, m mode) error {
	switch seg.Kind {
	case Text:
		if !b.opt.Global {
			b.blocks.text(src, seg.Pos, seg.End)
		}
	case Open, OpenExpr, OpenEncoded:
		if b.opt.Global {
			return src.error(&fault{137, seg.Pos, ""})
		}
		b.blocks.open(src, seg)
	case Close:
		b.blocks.close(src, seg.Pos)
	case Code:
		if m == inCode {
			b.blocks.code(src, seg.Pos, seg.End)
		} else {
			b.scriptCode(src, seg)
		}
	case Directive:
		return b.directive(src, seg)
	case Metadata:
		return b.typeLib(src, seg)
	case ObjectTag:
		return b.object(src, seg)
	case ScriptOpen:
		return b.scriptOpen(src, seg)
	}
	return nil
}

func (b *builder) directive(src *source, seg Segment) error {
	for _, a := range seg.Attrs {
		if bad := b.dirs.add(a, src.position(a.Pos)); bad != nil {
			return src.error(bad)
		}
		if strings.EqualFold(a.Name, "transaction") {
			b.warn(src, a.Pos, "TRANSACTION is ignored: there are no transactions")
		}
	}
	return nil
}

func (b *builder) warn(src *source, pos int, message string) {
	b.unit.Page.Warnings = append(b.unit.Page.Warnings, language.Warning{Position: src.position(pos), Message: message})
}
