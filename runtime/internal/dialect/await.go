package dialect

// awaits counts the uses of the word await outside any function.
type awaits struct {
	sure  int // an operand follows that an identifier can't stand before
	maybe int // await (x), await [x], await +x …: a call, an index, a sum?
	name  int // an identifier for sure, like await = 1
}

// topLevel reports whether the program awaits outside functions. The doubtful
// forms count as long as nothing makes await a name.
func (a awaits) topLevel() bool {
	return a.sure > 0 || a.maybe > 0 && a.name == 0
}

// await reports whether the word await, just read, is an operator.
func (w *walker) await(f *frame) bool {
	if w.scope.async {
		return true
	}
	if w.scope.function {
		return false
	}
	at, newline := w.lexer.peek()
	switch {
	case newline || at >= len(w.src):
		w.awaits.name++
		return false
	case w.operandAt(at):
		w.awaits.sure++
		return true
	}
	switch w.src[at] {
	case '(', '[', '`', '/', '+', '-':
		w.awaits.maybe++
	default:
		w.awaits.name++
	}
	return false
}

// operandAt reports whether what stands at the offset begins an operand and
// nothing else.
func (w *walker) operandAt(at int) bool {
	switch c := w.src[at]; c {
	case '"', '\'', '{', '~', '#':
		return true
	case '!':
		return at+1 >= len(w.src) || w.src[at+1] != '='
	default:
		if digit(c) {
			return true
		}
		name := w.lexer.peekWord(at)
		return name != "" && classify(name) != wordInfix && classify(name) != wordOf
	}
}

// forAwait notes for await (…).
func (w *walker) forAwait() {
	if !w.scope.function {
		w.awaits.sure++
	}
}

// HasTopLevelAwait reports whether src, a source that the parser refused,
// uses await as an operator outside any function, so that it must run as the
// body of an async function. A form like await (x), which is a call if await
// is a name, counts unless the source uses await as a name elsewhere. Inside
// functions that are not async, await is a name.
func HasTopLevelAwait(src string) bool {
	return walk(src, Names{}).awaits.topLevel()
}
