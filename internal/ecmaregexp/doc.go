// Package ecmaregexp matches the regular expressions of ECMA-262 over UTF-16
// text: what RegExp does in JavaScript, without JavaScript. It knows the flags
// d g i m s u v y, and the syntax of ECMAScript 2025 with what its Annex B adds
// for old pages: named groups, also of one name in several alternatives,
// lookbehind, \p{…}, sets, modifiers as in (?i:a).
//
// An expression is compiled once to a [Program], which never changes and may
// be shared by all goroutines. A [Machine] runs programs; it belongs to one
// goroutine at a time. It backtracks, as the language demands, on a stack of
// its own: not on Go's, so no expression and no text can exhaust that. What it
// keeps is bounded by the length of the text, and it asks a function of its
// owner again and again whether to go on.
//
// The pattern's phases have a file each: parse.go and its neighbours make the
// tree of node.go, emit.go the instructions of inst.go, firsts.go what they
// know of the characters ahead; machine.go runs them, search.go finds where to
// begin.
package ecmaregexp
