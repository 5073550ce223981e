package dialect

import (
	"math/rand"
	"strings"
)

// generator writes random programs in pairs that differ in one thing: where
// the first assigns to an element, callee[args], the second assigns to a call,
// callee(args). The first is the proof that the program makes sense.
type generator struct {
	r       *rand.Rand
	budget  int // tokens left; small programs are the likelier ones to pass
	plain   strings.Builder
	calls   strings.Builder
	targets int
	async   bool // await is an operator here
	star    bool // yield is an operator here
	fn      bool // return is allowed here
	glue    bool // no separator before the next token
}

func (g *generator) n(n int) int { return g.r.Intn(n) }

// tok writes tokens with something invisible in front of each.
func (g *generator) tok(list ...string) {
	for _, s := range list {
		g.pair(s, s)
	}
}

func (g *generator) pair(plain, calls string) {
	g.budget--
	gap := " "
	switch g.n(24) {
	case 0:
		gap = " /* = ( */"
	case 1:
		gap = "\t"
	case 2, 3:
		gap = "\n"
	case 4:
		gap = " // f(x) = 1\n"
	}
	if g.glue || !needsGap(g.plain.String(), plain) && g.n(2) == 0 {
		gap = ""
		if needsGap(g.plain.String(), plain) {
			gap = " "
		}
	}
	g.glue = false
	g.plain.WriteString(gap + plain)
	g.calls.WriteString(gap + calls)
}

// needsGap reports whether two tokens could merge.
func needsGap(before, next string) bool {
	if before == "" || next == "" {
		return false
	}
	a, b := before[len(before)-1], next[0]
	return wordLike(a) && wordLike(b) || strings.IndexByte("+-/<>=!&|*?.0123456789", a) >= 0 &&
		strings.IndexByte("+-/<>=!&|*?.0123456789", b) >= 0 || a == '/' || b == '/'
}

func (g *generator) pick(list string) string {
	words := strings.Fields(list)
	return words[g.n(len(words))]
}

func (g *generator) name() string { return g.pick(`a b c rs Session of get set static \u0062 ünï`) }

func (g *generator) list(max int, item func()) {
	for i, n := 0, g.n(max+1); i < n; i++ {
		if i > 0 {
			g.tok(",")
		}
		item()
	}
}

// args writes an argument list or the index that stands for it.
func (g *generator) args() {
	g.pair("[", "(")
	switch g.n(4) {
	case 0:
		g.pair("0", "")
	case 1:
		g.assignment()
		g.tok(",")
		g.assignment()
	default:
		g.assignment()
	}
	g.pair("]", ")")
}

// target writes what is assigned to.
func (g *generator) target() {
	switch g.n(6) {
	case 0:
		g.tok(g.name())
		return
	case 1:
		g.lhs()
		g.tok(".", g.name())
		return
	case 2:
		g.tok("(")
		g.call()
		g.tok(")")
		return
	}
	g.call()
}

func (g *generator) call() {
	g.targets++
	g.lhs()
	g.args()
}

// lhs writes an operand that may be called.
func (g *generator) lhs() {
	if g.budget < 0 {
		g.tok(g.name())
		return
	}
	switch g.n(9) {
	case 0:
		g.tok("this", ".", g.pick("x delete if object"))
	case 1:
		g.lhs()
		g.tok("(")
		g.list(2, g.argument)
		g.tok(")")
	case 2:
		g.lhs()
		g.tok("[")
		g.expression()
		g.tok("]")
	case 3:
		g.lhs()
		g.tok(".", g.pick("Item Fields in new"))
	case 4:
		g.tok("new", g.name(), "(")
		g.list(2, g.argument)
		g.tok(")")
	case 5:
		g.tok("(")
		g.expression()
		g.tok(")")
	default:
		g.tok(g.name())
	}
}

func (g *generator) argument() {
	if g.n(6) == 0 {
		g.tok("...")
	}
	g.assignment()
}

func (g *generator) expression() {
	g.assignment()
	if g.n(6) == 0 {
		g.tok(",")
		g.assignment()
	}
}

func (g *generator) assignment() {
	if g.budget < 0 {
		g.tok(g.name())
		return
	}
	switch g.n(14) {
	case 0, 1, 2:
		g.target()
		g.tok(g.pick("= = = += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??="))
		g.assignment()
	case 3:
		g.unary()
		g.tok("?")
		g.assignment()
		g.tok(":")
		g.assignment()
	case 4:
		g.arrow()
	case 5:
		if g.star {
			g.tok("yield")
		}
		g.unary()
	default:
		g.unary()
		if g.n(3) == 0 {
			g.tok(g.pick("+ - * / % < > << >>> == !== & | ^ && instanceof"))
			g.unary()
		}
	}
}

func (g *generator) unary() {
	switch g.n(12) {
	case 0:
		g.tok(g.pick("- + ! ~ typeof void delete"))
		g.unary()
	case 1:
		g.tok(g.pick("++ --"))
		g.target()
	case 2:
		g.target()
		g.glue = true
		g.tok(g.pick("++ --"))
	case 3:
		if g.async {
			g.tok("await")
			g.unary()
			return
		}
		g.primary()
	default:
		g.primary()
	}
}

func (g *generator) primary() {
	if g.budget < 0 {
		g.tok(g.name())
		return
	}
	switch g.n(14) {
	case 0:
		g.tok(g.pick(`1 .5 0x1F 1e3 010 12n "a(b)=1" '\'(' "\` + "\n" + `x"`))
	case 1:
		g.tok(g.pick(`/a=/ /[/(]=/gi /\/(x)=/ /b/ /=/`))
	case 2:
		g.template()
	case 3:
		g.tok("[")
		g.list(3, g.argument)
		g.tok("]")
	case 4:
		g.tok("(")
		g.object()
		g.tok(")")
	case 5:
		g.function(false)
	case 6:
		g.tok("(")
		g.class("")
		g.tok(")")
	default:
		g.lhs()
	}
}

func (g *generator) template() {
	if g.n(2) == 0 {
		g.tok(g.name())
	}
	g.tok("`f(x) = 1 ${")
	g.expression()
	g.glue = true
	g.tok("} \\` ${")
	g.expression()
	g.glue = true
	g.tok("}`")
}

func (g *generator) object() {
	g.tok("{")
	g.list(3, func() {
		switch g.n(7) {
		case 0:
			g.tok(g.pick("a if return 'k' 1 get async"), ":")
			g.assignment()
		case 1:
			g.tok(g.name())
		case 2:
			g.tok("[")
			g.assignment()
			g.tok("]", ":")
			g.assignment()
		case 3:
			g.tok("...")
			g.assignment()
		default:
			g.method()
		}
	})
	g.tok("}")
}

func (g *generator) method() {
	async, star, params := false, false, "()"
	switch g.n(5) {
	case 0:
		g.tok("get")
	case 1:
		g.tok("*")
		star = true
	case 2:
		g.tok("async")
		g.glue = true
		async = true
	case 3:
		params = "(a)"
	}
	g.tok(g.pick("m if set static x"))
	for _, c := range params {
		g.tok(string(c))
	}
	g.body(async, star)
}

func (g *generator) arrow() {
	async := g.n(3) == 0
	if async {
		g.tok("async")
		g.glue = true
	}
	if g.n(2) == 0 {
		g.tok("x")
	} else {
		g.tok("(", "x", ",", "[", "y", "]", "=", "d", ")")
	}
	g.glue = true
	g.tok("=>")
	g.glue = true
	if g.n(2) == 0 {
		g.body(async, false)
		return
	}
	oldAsync, oldStar := g.async, g.star
	g.async, g.star = async, false
	if g.n(3) == 0 {
		g.function(false)
	} else {
		g.tok("(")
		g.assignment()
		g.tok(")")
	}
	g.async, g.star = oldAsync, oldStar
}

func (g *generator) function(declaration bool) {
	async, star := g.n(4) == 0, g.n(4) == 0
	if async {
		g.tok("async")
		g.glue = true
	}
	g.tok("function")
	if star {
		g.tok("*")
	}
	if declaration || g.n(2) == 0 {
		g.tok("f")
	}
	g.tok("(", "p", ",", "{", "q", "}", "=", "{", "}", ")")
	g.body(async, star)
}

func (g *generator) body(async, star bool) {
	oldAsync, oldStar, oldFn := g.async, g.star, g.fn
	g.async, g.star, g.fn = async, star, true
	g.block()
	g.async, g.star, g.fn = oldAsync, oldStar, oldFn
}

func (g *generator) class(name string) {
	g.tok("class")
	if name != "" {
		g.tok(name)
	}
	if g.n(2) == 0 {
		g.tok("extends")
		g.lhs()
	}
	g.tok("{")
	oldAsync, oldStar := g.async, g.star
	for i := g.n(4); i > 0; i-- {
		g.async, g.star = false, false
		switch g.n(5) {
		case 0:
			g.tok(g.pick("field #priv 'k'"), "=")
			g.assignment()
			g.tok(g.pick("; ;"))
		case 1:
			g.tok("static")
			g.glue = true
			g.block()
		default:
			g.method()
		}
	}
	g.async, g.star = oldAsync, oldStar
	g.tok("}")
}
