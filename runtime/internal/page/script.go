package page

import "strings"

// scriptBlock is the content of a <script runat=server>, or the file that its
// SRC names. Blocks run after all <% %>.
type scriptBlock struct {
	src      *source
	pos, end int
}

func (b *builder) scriptOpen(src *source, seg Segment) error {
	for _, a := range seg.Attrs {
		if a.Unclosed {
			return src.error(&fault{125, a.Pos, a.Name})
		}
	}
	b.skip, b.srcTag = false, false
	if a, ok := scriptLanguage(seg.Attrs); ok {
		b.skip = true
		return b.tolerate(src.error(&fault{129, a.ValuePos, a.Value}))
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
		b.scripts = append(b.scripts, scriptBlock{file, 0, len(file.text)})
	}
	return b.tolerate(err)
}

// scriptLanguage returns the attribute that names a language which isn't
// spoken here. Without LANGUAGE the page's language is meant, but a TYPE of
// text/vbscript is clear enough.
func scriptLanguage(attrs []Attr) (Attr, bool) {
	if a, ok := attr(attrs, "language"); ok && a.text() != "" {
		return a, !isJavaScript(a.text())
	}
	a, _ := attr(attrs, "type")
	return a, strings.Contains(strings.ToLower(a.Value), "vbscript")
}

// scriptCode takes in the content of a script block.
func (b *builder) scriptCode(src *source, seg Segment) {
	switch {
	case b.skip:
	case !b.srcTag:
		b.scripts = append(b.scripts, scriptBlock{src, seg.Pos, seg.End})
	case strings.TrimSpace(src.text[seg.Pos:seg.End]) != "":
		b.warn(src, seg.Pos, "the script block has a SRC: what stands inside of it is ignored")
	}
}
