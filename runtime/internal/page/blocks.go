package page

import "github.com/najahost/naja/language"

// blocks collects what a page's language gets. Texts with nothing but markup
// between them (an include, a directive) are one text: a language may take it for
// one statement, as in "if (a) %>x<% else %>y<%".
type blocks struct {
	list     []language.Block
	pieces   []language.Piece // room for those of one piece, which most blocks are
	texts    []byte           // all texts, one after the other
	textEnds []int
	pending  bool // a text has begun that has yet to become a block
}

// text adds to the pending text.
func (b *blocks) text(src *source, pos, end int) {
	if !b.pending {
		b.pending = true
		b.list = append(b.list, language.Block{Kind: language.Text, Text: len(b.textEnds), Begin: src.at(pos), End: src.at(pos)})
	}
	b.texts = append(b.texts, src.text[pos:end]...)
}

// flush ends the pending text.
func (b *blocks) flush() {
	if b.pending {
		b.textEnds, b.pending = append(b.textEnds, len(b.texts)), false
	}
}

// open begins a block.
func (b *blocks) open(src *source, seg Segment) {
	b.flush()
	kind := language.Statements
	switch seg.Kind {
	case OpenExpr:
		kind = language.Value
	case OpenEncoded:
		kind = language.Encoded
	}
	b.list = append(b.list, language.Block{Kind: kind, Begin: src.at(seg.Pos)})
}

// code adds script to the open block.
func (b *blocks) code(src *source, pos, end int) {
	if pos < end {
		open := &b.list[len(b.list)-1]
		if open.Pieces == nil {
			if len(b.pieces) == 0 {
				b.pieces = make([]language.Piece, 16)
			}
			open.Pieces, b.pieces = b.pieces[:0:1], b.pieces[1:]
		}
		open.Pieces = append(open.Pieces, language.Piece{Pos: src.at(pos), Text: src.text[pos:end]})
	}
}

// close ends a block whose %> is at pos.
func (b *blocks) close(src *source, pos int) { b.list[len(b.list)-1].End = src.at(pos) }

// script adds a block of <script runat=server>.
func (b *blocks) script(s scriptBlock) {
	b.list = append(b.list, language.Block{Kind: language.Script, Begin: s.src.at(s.pos)})
	b.code(s.src, s.pos, s.end)
	b.close(s.src, s.end)
}

// cut gives the texts.
func (b *blocks) cut() [][]byte {
	texts := make([][]byte, len(b.textEnds))
	start := 0
	for i, end := range b.textEnds {
		texts[i] = b.texts[start:end:end]
		start = end
	}
	return texts
}
