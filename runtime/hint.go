package runtime

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/nearest"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// hintCompile says what may help with a text that doesn't compile; "" for
// nothing.
func (p *Program) hintCompile(e *asp.Error) string {
	if e.Description == "Unexpected end of input" {
		return p.hintUnclosed(e)
	}
	for _, h := range compileHints() {
		if strings.HasPrefix(e.Description, h.message) && h.at.MatchString(from(e.Source, e.Column)) ||
			h.line != nil && h.line.MatchString(e.Source) && strings.HasPrefix(e.Description, h.message) {
			return h.hint
		}
	}
	return ""
}

// A compileHint is for an error whose message begins so, where the text from its
// place on, or the whole line, is of a kind.
type compileHint struct {
	message  string
	at, line *regexp.Regexp
	hint     string
}

// compileHints are for what those write who know JavaScript from elsewhere, or ASP
// in its other language.
func compileHints() []compileHint {
	never := regexp.MustCompile(`$^`)
	return []compileHint{
		{"Unexpected", regexp.MustCompile(`^import\b`), nil, `pages have no import; a module's exports are had by require("./file.js")`},
		{"Unexpected", regexp.MustCompile(`^export\b`), nil, `pages have no export; a module says module.exports = …, and a page takes them by require("./file.js")`},
		{"Unexpected token ILLEGAL", regexp.MustCompile(`^["']`), nil, "the text that begins here doesn't end in its line"},
		{"Unexpected", never, regexp.MustCompile(`(?i)^\s*(<%)?\s*(dim|set|sub|option explicit|end (if|sub|function)|if\b.*\bthen|next|loop)\b`), "this looks like VBScript; pages are written in JavaScript"},
	}
}

// from is the rest of a line, from a column on.
func from(line string, column int) string {
	runes := []rune(line)
	if column < 1 || column > len(runes) {
		return ""
	}
	return string(runes[column-1:])
}

// hintUnclosed says where the bracket stands that has no end.
func (p *Program) hintUnclosed(e *asp.Error) string {
	at := dialect.Unclosed(p.unit.Script)
	if at < 0 {
		return ""
	}
	pos := p.unit.Map.Position(at)
	bracket := strings.TrimLeft(from(pos.Source, pos.Column), " ")
	if bracket == "" || !strings.ContainsAny(bracket[:1], "([{`$") {
		return "" // markup stands for it
	}
	where := fmt.Sprintf("line %d, column %d", pos.Line, pos.Column)
	if pos.File != e.File {
		where = fmt.Sprintf("%s:%d:%d", pos.File, pos.Line, pos.Column)
	}
	return fmt.Sprintf("the %s of %s isn't closed", bracket[:1], where)
}

// hintUndefined says what may help with a name that isn't defined.
func (sc *script) hintUndefined(text string) string {
	name, ok := strings.CutSuffix(strings.TrimPrefix(text, "ReferenceError: "), " is not defined")
	if !ok {
		return ""
	}
	switch name {
	case "document", "window", "alert", "confirm", "prompt", "location", "navigator", "localStorage", "sessionStorage", "fetch", "XMLHttpRequest":
		return name + " is the browser's; this script runs in the server"
	case "module", "exports", "__dirname", "__filename":
		return name + " is a module's; a page takes modules by require"
	}
	names := []string{"Request", "Response", "Server", "Session", "Application", "console", "require", "Math", "JSON", "Date", "Object", "Array", "String", "Number", "parseInt", "parseFloat"}
	for function := range sc.prog.functions {
		names = append(names, function)
	}
	slices.Sort(names)
	if near := nearest.Of(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}
