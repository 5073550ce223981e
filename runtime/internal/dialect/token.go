package dialect

// kind sorts tokens by the part they play, as far as the walker cares.
type kind uint8

const (
	kindEOF      kind = iota
	kindWord          // identifier or keyword
	kindPrivate       // #name
	kindNumber        // numeric literal
	kindString        // string literal
	kindRegExp        // regular expression literal with its flags
	kindTemplate      // template literal, or its part up to the first ${
	kindPunct         // punctuator; see punct
)

// punct sorts punctuators. Operators that behave alike share a value.
type punct uint8

const (
	punctNone      punct = iota
	punctUnknown         // a byte that starts no token
	punctAt              // @
	punctLParen          // (
	punctRParen          // )
	punctLBracket        // [
	punctRBracket        // ]
	punctLBrace          // {
	punctRBrace          // }
	punctDot             // .
	punctOptional        // ?.
	punctEllipsis        // ...
	punctComma           // ,
	punctSemicolon       // ;
	punctColon           // :
	punctQuestion        // ?
	punctArrow           // =>
	punctAssign          // = and every op=
	punctIncDec          // ++ --
	punctSign            // + -
	punctNot             // ! ~
	punctStar            // *
	punctBinary          // every other operator with two operands
)

// word tells the keywords apart. An identifier is wordName, and so is a
// keyword spelled with an escape, which no grammar takes for the keyword.
type word uint8

const (
	wordName     word = iota
	wordPrefix        // typeof void delete
	wordInfix         // in instanceof
	wordControl       // if while with switch catch
	wordFor           // for
	wordBlock         // else do try finally: a statement follows
	wordExport        // export
	wordReturn        // return throw
	wordCase          // case
	wordDefault       // default
	wordDeclare       // var const
	wordLabel         // break continue: a label may follow
	wordDebugger      // debugger
	wordNew           // new
	wordFunction      // function
	wordClass         // class
	wordExtends       // extends
	wordSpecial       // super import: callable, but no value of their own
	wordAsync         // async
	wordAwait         // await
	wordYield         // yield
	wordLet           // let
	wordOf            // of
)

// token is one token of the source, or what a broken source has in its place.
type token struct {
	kind       kind
	punct      punct
	word       word
	newline    bool // a line ended since the token before it
	open       bool // template: stops at ${, not at the closing backquote
	start, end int
}

func (t token) is(p punct) bool { return t.punct == p }

// classify names an identifier or keyword.
func classify(s string) word {
	if len(s) < 2 || len(s) > 10 {
		return wordName
	}
	switch s {
	case "typeof", "void", "delete":
		return wordPrefix
	case "in", "instanceof":
		return wordInfix
	case "if", "while", "with", "switch", "catch":
		return wordControl
	case "for":
		return wordFor
	case "else", "do", "try", "finally":
		return wordBlock
	case "export":
		return wordExport
	case "return", "throw":
		return wordReturn
	case "case":
		return wordCase
	case "default":
		return wordDefault
	case "var", "const":
		return wordDeclare
	}
	return classifyRare(s)
}

func classifyRare(s string) word {
	switch s {
	case "break", "continue":
		return wordLabel
	case "debugger":
		return wordDebugger
	case "new":
		return wordNew
	case "function":
		return wordFunction
	case "class":
		return wordClass
	case "extends":
		return wordExtends
	case "super", "import":
		return wordSpecial
	case "async":
		return wordAsync
	case "await":
		return wordAwait
	case "yield":
		return wordYield
	case "let":
		return wordLet
	case "of":
		return wordOf
	}
	return wordName
}
