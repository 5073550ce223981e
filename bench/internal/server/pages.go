package server

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Page is one page of the benchmark, both as naja runs it and as a plain
// handler writes it.
type Page struct {
	Path    string        // below the prefix of naja or of the plain handlers
	Source  string        // the page's text, for naja
	Pieces  [][]byte      // the bytes it sends, for the plain handler
	Flushes int           // the first so many pieces are each followed by a flush
	Wait    time.Duration // before each piece
}

// Size is the body's length in bytes.
func (p Page) Size() (n int) {
	for _, piece := range p.Pieces {
		n += len(piece)
	}
	return n
}

const sessionless = "<%@ Language=\"JavaScript\" EnableSessionState=False %>"

// MatrixPath is the path of the page of size bytes with so many flushes.
func MatrixPath(size, flushes int) string {
	return fmt.Sprintf("matrix/%d-%d.asp", size, flushes)
}

// matrixPage is size bytes of text with flushes between them: nearly nothing
// but output, because it is the output that is measured.
func matrixPage(size, flushes int) Page {
	page := Page{Path: MatrixPath(size, flushes), Flushes: flushes}
	text, parts := filler(size), flushes+1
	var source strings.Builder
	source.WriteString(sessionless)
	for i := range parts {
		piece := text[i*size/parts : (i+1)*size/parts]
		page.Pieces = append(page.Pieces, []byte(piece))
		source.WriteString(piece)
		if i < flushes {
			source.WriteString("<% Response.Flush() %>")
		}
	}
	page.Source = source.String()
	return page
}

// filler is size bytes of HTML.
func filler(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "<p>Line %d: the quick brown fox jumps over the lazy dog.</p>\n", i)
	}
	return b.String()[:size]
}

// A waiting page has WaitingParts parts, and each takes WaitingTime, as if a
// database were asked for it.
const (
	WaitingParts = 10
	WaitingTime  = 20 * time.Millisecond
)

// WaitingPath is the path of the page whose parts take time, with so many of
// them flushed: none, the first, or all but the last.
func WaitingPath(flushes int) string { return fmt.Sprintf("waiting/%d.asp", flushes) }

// WaitingPage waits before each of its parts.
func WaitingPage(flushes int) Page {
	part := filler(1 << 10)
	page := Page{Path: WaitingPath(flushes), Flushes: flushes, Wait: WaitingTime}
	page.Pieces = slices.Repeat([][]byte{[]byte(part)}, WaitingParts)
	page.Source = sessionless + fmt.Sprintf(`<%%
for (let i = 0; i < %d; i++) {
	await new Promise(done => setTimeout(done, %d)); %%>%s<%%
	if (i < %d) Response.Flush();
} %%>`, WaitingParts, WaitingTime.Milliseconds(), part, flushes)
	return page
}

// TableRows is the number of rows in the table pages, TableFlushes how many
// flushes the flushed one has.
const (
	TableRows    = 1000
	TableFlushes = 10
)

// tablePage is a table of 1,000 rows out of a loop.
func tablePage(path string, flushes int) Page {
	every := TableRows / max(flushes, 1)
	page := Page{Path: path, Flushes: flushes}
	flush := ""
	if flushes > 0 {
		flush = fmt.Sprintf(" if ((i + 1) %% %d == 0) Response.Flush();", every)
	}
	page.Source = sessionless + fmt.Sprintf(`<table><%% for (let i = 0; i < %d; i++) { %%><tr><td><%%= i %%></td><td>row</td></tr><%%%s } %%></table>`, TableRows, flush)
	piece := []byte("<table>")
	for i := range TableRows {
		piece = fmt.Appendf(piece, "<tr><td>%d</td><td>row</td></tr>", i)
		if (i+1)%every == 0 {
			page.Pieces, piece = append(page.Pieces, piece), nil
		}
	}
	page.Pieces = append(page.Pieces, []byte("</table>"))
	return page
}

// The paths of pages that do what pages do.
const (
	HelloPath        = "page/hello.asp"
	SessionPath      = "page/session.asp"
	RichPath         = "page/rich.asp"
	TablePath        = "page/table.asp"
	FlushedTablePath = "page/table-flushed.asp"
)

// OrdinaryPages are the pages that do what pages do.
func OrdinaryPages() []Page {
	return []Page{
		{
			Path:   HelloPath,
			Source: sessionless + `<html><body><h1>Hello, <%= "world" %></h1></body></html>`,
			Pieces: [][]byte{[]byte(`<html><body><h1>Hello, world</h1></body></html>`)},
		},
		{
			// The same length for ever, so that the plain handler can write it.
			Path:   SessionPath,
			Source: `<% Session("n") = (Session("n") || 0) + 1 %><p><%= Session("n") > 0 ? "Welcome back" : "" %></p>`,
			Pieces: [][]byte{[]byte(`<p>Welcome back</p>`)},
		},
		{
			Path:   RichPath,
			Source: sessionless + richSource,
			Pieces: [][]byte{[]byte(`<p>QUICK, BROWN, JUMPS, OVER, LAZY</p><p>4.7 on 2026-01-31</p><pre>{"name":"tea","n":2}</pre>`)},
		},
		tablePage(TablePath, 0),
		tablePage(FlushedTablePath, TableFlushes),
	}
}

// richSource uses much of the library: regular expressions, array methods,
// JSON and dates.
const richSource = `<%
const words = "the quick brown fox jumps over the lazy dog".split(" ");
const long = words.filter(w => /^\w{4,}$/.test(w)).map(w => w.toUpperCase());
const order = JSON.parse('{"items":[{"name":"tea","price":3.5},{"name":"milk","price":1.2}]}');
const total = order.items.reduce((sum, item) => sum + item.price, 0);
const day = new Date(Date.UTC(2026, 0, 31)).toISOString().replace(/T.*/, "");
%><p><%= long.join(", ") %></p><p><%= total %> on <%= day %></p><pre><%= JSON.stringify({ name: order.items[0].name, n: order.items.length }) %></pre>`

// HelloSize is the length of the hello page's body in bytes.
func HelloSize() int { return OrdinaryPages()[0].Size() }
