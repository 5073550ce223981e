package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/najahost/naja/language"
	"github.com/najahost/naja/runtime/internal/dialect"
	"github.com/najahost/naja/runtime/internal/javascript"
	"github.com/najahost/naja/variant"
)

// javaScript is the language of this package: JavaScript by goja, with the
// dialect of JScript.
type javaScript struct {
	names   *names
	inspect bool // what Report tells is noted while a page is compiled
}

// Name is [language.Language].
func (javaScript) Name() string { return "JavaScript" }

// Speaks is [language.Language]: JavaScript and JScript, and the others under
// which Windows has registered JScript, with or without a version
// ("JavaScript1.2", "JScript 5.8").
func (javaScript) Speaks(name string) bool {
	rest := strings.ToLower(strings.Trim(name, " "))
	for _, name := range [...]string{"javascript", "jscript.encode", "jscript.compact", "jscript", "livescript", "ecmascript"} {
		if version, ok := strings.CutPrefix(rest, name); ok && strings.Trim(version, " .0123456789") == "" {
			return true
		}
	}
	return false
}

// Compile is [language.Language].
func (l javaScript) Compile(p *language.Page) (language.Code, error) {
	c := newCode(p, l.names)
	tree, err := c.parse()
	if err != nil {
		return nil, err
	}
	if l.inspect {
		c.seen = inspect(c, tree) // before the rules are put into it
	}
	c.warnIllegal()
	c.functions = topLevel(tree)
	if c.needs, err = transform(tree, c.script, c.parsed(), l.names); err != nil {
		return nil, c.compileError(err)
	}
	if strings.Contains(c.script, "function") {
		hoistFunctions(tree)
	}
	if c.program, err = goja.CompileAST(tree, false); err != nil {
		return nil, c.compileError(err)
	}
	return c, nil
}

// topLevel lists the functions that a program declares at its top level.
func topLevel(tree *ast.Program) map[string]bool {
	functions := make(map[string]bool)
	for _, s := range tree.Body {
		if f, ok := s.(*ast.FunctionDeclaration); ok && f.Function.Name != nil {
			functions[f.Function.Name.Name.String()] = true
		}
	}
	return functions
}

// code is a page in JavaScript, and the chain of maps from what the engine
// compiled to the page: what was put around it, the dialect's edits, the script's
// map.
type code struct {
	name    string
	page    *language.Page
	names   *names
	program *goja.Program

	script string           // what the page's blocks are in JavaScript
	back   *javascript.Map  // and the way from there to the page
	edits  *dialect.Result  // nil when the script was JavaScript as it stood
	shift  int              // bytes before the script in the compiled text
	lines  javascript.Lines // of the compiled text
	async  bool             // the page awaits at its top level

	needs     features
	functions map[string]bool // declared at the top level
	seen      Report          // what a check found in the tree
}

func newCode(p *language.Page, n *names) *code {
	c := &code{name: p.Name, page: p, names: n}
	c.script, c.back = javascript.Write(p, javascript.Names{Text: n.text, Value: n.expr, Encoded: n.encoded})
	return c
}

// Declares is [language.Code].
func (c *code) Declares(procedure string) bool { return c.functions[procedure] }

// Mentions is [language.Code]. The program may name a global even in an escape,
// or have the name made up when it runs.
func (c *code) Mentions(global string) bool {
	for _, word := range [...]string{global, `\u`, "eval", "Function"} {
		if strings.Contains(c.script, word) {
			return true
		}
	}
	return false
}

// rewrites is how many places of the page were JScript's alone.
func (c *code) rewrites() int {
	if c.edits == nil {
		return 0
	}
	return len(c.edits.Targets)
}

// at maps a position that goja reports, in the compiled text, to the page's.
func (c *code) at(line, col int) place { return c.atOffset(c.lines.Offset(line, col)) }

// atOffset maps an offset in the compiled text.
func (c *code) atOffset(offset int) place { return c.placeOf(c.written(offset)) }

// written is the offset in the script of one in the compiled text.
func (c *code) written(offset int) int {
	if c.edits != nil {
		offset = c.edits.OriginalOffset(offset)
	}
	return max(offset-c.shift, 0)
}

// placeOf maps an offset in the script.
func (c *code) placeOf(offset int) place { return placeAt(c.page, c.back.Pos(offset)) }

// position is placeOf without the way of the includes.
func (c *code) position(offset int) language.Position { return c.page.Position(c.back.Pos(offset)) }

// Start is [language.Code]. The objects of this package still stand on the
// engine, and know the whole of its host.
func (c *code) Start(h language.Host) language.Machine {
	r := h.(*run)
	return machine{r.newScript(r.prog, c)}
}

// machine is one run of a program in JavaScript.
type machine struct{ *script }

// do runs a part of the program. What ends it comes out as the machine's error,
// and nothing more of it runs.
func (m machine) do(part func() error) (err error) {
	if m.over {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			m.over, m.broken = true, true
			err = m.panicked(r)
		}
	}()
	if err = part(); err != nil {
		m.over = true
		err = m.fail(err)
	}
	return err
}

// Run is [language.Machine].
func (m machine) Run() error {
	return m.do(func() error {
		v, err := m.vm.RunProgram(m.prog.program)
		if err == nil && m.prog.async {
			m.top, _ = v.Export().(*goja.Promise)
		}
		return err
	})
}

// Call is [language.Machine].
func (m machine) Call(procedure string, args ...variant.Value) error {
	return m.do(func() error {
		fn, ok := goja.AssertFunction(m.vm.GlobalObject().Get(procedure))
		if !ok {
			return nil
		}
		values := make([]goja.Value, len(args))
		for i, a := range args {
			values[i] = m.toScript(a)
		}
		_, err := fn(goja.Undefined(), values...)
		return err
	})
}

// Finish is [language.Machine].
func (m machine) Finish() error { return m.do(m.finish) }

// Close is [language.Machine].
func (m machine) Close(failed bool) error {
	if m.broken {
		return nil
	}
	if err := m.save(failed); err != nil && !failed {
		return m.fail(err)
	}
	return nil
}

// Stop is [language.Machine]. goja neither catches an interrupt nor runs finally
// blocks for it.
func (m machine) Stop(reason error) { m.vm.Interrupt(reason) }

// Stack is how the script came to its last call into the host.
func (m machine) Stack() []string { return m.stack() }

// Where is [language.Machine]: the last call into the host.
func (m machine) Where() (language.Pos, bool) {
	m.where.mu.Lock()
	frame, ok := m.where.frame, m.where.ok
	m.where.mu.Unlock()
	if !ok {
		return 0, false
	}
	pos := frame.Position()
	return m.prog.back.Pos(m.prog.written(m.prog.lines.Offset(pos.Line, pos.Column))), true
}
