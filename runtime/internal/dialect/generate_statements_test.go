package dialect

// This file is the generator's statements.

func (g *generator) block() {
	g.tok("{")
	g.statements(3)
	g.tok("}")
}

func (g *generator) statements(max int) {
	for i := g.n(max + 1); i > 0; i-- {
		g.statement()
	}
}

func (g *generator) statement() {
	if g.budget < 0 {
		g.tok(";")
		return
	}
	switch g.n(16) {
	case 0:
		g.tok(g.pick("if while with"), "(")
		g.expression()
		g.tok(")")
		g.statement()
	case 1:
		g.tok("if", "(")
		g.expression()
		g.tok(")")
		g.block()
		g.tok("else")
		g.statement()
	case 2:
		g.forLoop()
	case 3:
		g.tok("do")
		g.statement()
		g.tok("while", "(")
		g.expression()
		g.tok(")")
	case 4:
		g.tok("switch", "(")
		g.expression()
		g.tok(")", "{", "case")
		g.assignment()
		g.tok(":")
		g.statements(2)
		g.tok("break", ";", "default", ":")
		g.statements(2)
		g.tok("}")
	case 5:
		g.tok("try")
		g.block()
		g.tok("catch")
		if g.n(2) == 0 {
			g.tok("(", "e", ")")
		}
		g.block()
	case 6:
		g.tok("label", ":")
		g.block()
	case 7:
		g.function(true)
	case 8:
		g.class("K")
	case 9:
		if g.fn {
			g.tok("return")
			g.glue = true
			g.expression()
		}
		g.tok(";")
	case 10:
		g.tok(g.pick("var const"), g.pick("v [v] {v}"), "=")
		g.assignment()
		g.tok(";")
	default:
		g.startSafe()
		g.end()
	}
}

// startSafe writes an expression that no statement keyword begins.
func (g *generator) startSafe() {
	switch g.n(4) {
	case 0:
		g.tok(g.pick("++ --"))
		g.target()
		return
	case 1:
		g.tok("(")
		g.expression()
		g.tok(")")
		return
	}
	g.target()
	if g.n(3) == 0 {
		g.glue = true
		g.tok(g.pick("++ --"))
		return
	}
	g.tok(g.pick("= += ||="))
	g.assignment()
}

// end ends a statement with a semicolon or with a line end.
func (g *generator) end() {
	if g.n(3) > 0 {
		g.tok(";")
		return
	}
	g.plain.WriteString("\n")
	g.calls.WriteString("\n")
}

func (g *generator) forLoop() {
	g.tok("for", "(")
	switch g.n(3) {
	case 0:
		g.tok("var", "i", "=")
		g.assignment()
		g.tok(";")
		g.expression()
		g.tok(";")
		g.expression()
	case 1:
		g.tok("const", "k", g.pick("of in"))
		g.assignment()
	default:
		g.call()
		g.tok(g.pick("of in"))
		g.assignment()
	}
	g.tok(")")
	g.statement()
}
