// Package page reads the page language: it turns an .asp file and everything
// it includes into blocks of text and script, of which the page's language makes
// a program, and knows where each of them stands.
//
// The way of a page, one file of this package a step:
//
//	lex.go        one file's text to segments that join to the text again (parse.go: one file alone)
//	markup.go     the comments and tags among them
//	attr.go       the attributes inside directives, tags and comments
//	path.go       names in includes to names below the root
//	build.go      walks the segments, through includes, left to right
//	directive.go  <%@ … %>
//	include.go    #include, with its bounds
//	object.go     <object runat=server> and METADATA
//	script.go     <script runat=server>
//	blocks.go     segments to the blocks that a language gets
//	places.go     a place in the page to file, line and column, and the way of includes
//	source.go     lines and columns of one file
//
// The package knows nothing of languages but their names. It keeps no state
// between calls; every function may be called from any goroutine, and what Build
// returns is never changed afterwards.
//
// # Grammar
//
// A page is read left to right, once. What begins first decides: inside <% %>
// only %> counts, even in a string or a comment of the script; outside only
// the markup below counts, even in an HTML comment or in a client-side script.
// Words between quotes match in any case. ws is a blank, tab, line end,
// vertical tab or form feed.
//
//	page        = { text | block | directive | include | typelib | script | object } .
//
//	block       = open { code | include } "%>" .
//	open        = "<%"                                  (* statements *)
//	            | "<%" { ws } "="                       (* value, as it is *)
//	            | "<%:" .                               (* value, HTML-encoded *)
//	directive   = "<%" { ws } "@" { ws } { attr { ws } } "%>" .
//	include     = "<!--" { ws } "#include" { ws | attr } "-->" .
//	typelib     = "<!--" { ws } "METADATA" { ws | attr } "-->" .    (* with TYPE=typelib *)
//	script      = "<script" { ws | "/" | attr } ">" [ code ] "</script" { ws } ">" .
//	object      = "<object" { ws | "/" | attr } ( "/>" | ">" … "</object" { ws } ">" ) .
//
//	attr        = name [ { ws } "=" { ws } value ] .
//	value       = '"' … '"' | "'" … "'" | unquoted .
//	name        = character other than ws, quotes, "=", "/", "<" and ">", one or more .
//	unquoted    = character other than ws and ">", one or more .
//
//	text        = everything else .
//	code        = everything up to what ends it .
//
// A script or object tag is markup only with RUNAT=Server; any other one is
// text, whose <% %> counts as everywhere. A METADATA comment of another type
// is text. An include inside an open block has to be complete (FILE or VIRTUAL
// with a value, and --> before %>), otherwise it is script.
//
// An include is replaced by the included file's text before anything else is
// known of it. Inside an open block that text is script, up to a %> of its own.
//
// # Bounds
//
// Reading takes time linear in the text with all includes expanded, whatever
// the text is: no search that can fail is made twice over the same characters.
// The depth of includes and the expanded size are bounded by [Options].
package page
