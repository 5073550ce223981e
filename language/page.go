package language

// Pos is a place in a page or in one of the files that it includes. Places of
// one file follow each other by bytes.
type Pos int

// A Position is a Pos in words.
type Position struct {
	File   string // slash path below the root
	Line   int    // from 1; CR, LF and CRLF end a line
	Column int    // from 1, in characters
	Source string // the whole line, without its end
}

// A Warning is something in a page that works but is not what it seems.
type Warning struct {
	Position
	Message string
}

// A Page is what a page and everything that it includes have for a language.
// Between two blocks the language may end a line.
type Page struct {
	Name   string
	Blocks []Block // in the order in which they run
	Start  Pos     // of the page's own text
	End    Pos     // behind it
	Texts  int     // how many literal texts there are

	// Places finds the words for a Pos.
	Places
	// Warnings is what the compiler found that isn't wrong; it may add to them.
	Warnings []Warning
}

// Places finds the words for a Pos. Any goroutine may call it.
type Places interface {
	// Position takes a Pos outside of every file for the nearest one inside.
	Position(at Pos) Position
	// Included is where a file is included, "FILE:LINE" from the page on; nil for
	// the page itself, and for a file that isn't part of it.
	Included(file string) []string
}

// Kind is what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Text       Kind = iota // literal text: exactly one statement, that sends it
	Statements             // <% %>: part of the program's text, which need not be whole statements
	Value                  // <%= %>: one expression, to be written
	Encoded                // <%: %>: one expression, to be written as HTML
	Script                 // <script runat=server>: whole statements, behind all else
)

// A Block is a stretch of a page.
type Block struct {
	Kind       Kind
	Text       int     // the number of a Text
	Pieces     []Piece // the script of the others; no line ends between them
	Begin, End Pos     // of the markup around it, or where a text begins
}

// A Piece is script as a file has it.
type Piece struct {
	Pos  Pos
	Text string
}
