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

// hintCompile says what may help with a text that doesn't compile, whose error is
// at an offset of it, -1 if that isn't known; "" for nothing.
func (p *code) hintCompile(e *asp.Error, offset int) string {
	if e.Description == "Unexpected end of input" {
		return p.hintUnclosed(e, dialect.Unclosed(p.script))
	}
	for _, h := range compileHints() {
		if strings.HasPrefix(e.Description, h.message) && h.at.MatchString(from(e.Source, e.Column)) ||
			h.line != nil && h.line.MatchString(e.Source) && strings.HasPrefix(e.Description, h.message) {
			return h.hint
		}
	}
	if open, ok := dialect.Misplaced(p.script, offset); ok && strings.HasPrefix(e.Description, "Unexpected token") {
		if open < 0 {
			return "nothing opens this " + p.script[offset:offset+1]
		}
		return p.hintUnclosed(e, open)
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
		{"Unexpected", never, regexp.MustCompile(`(?i)^\s*(<%)?\s*(dim|set|sub|option explicit|end (if|sub|function)|if\b.*\bthen|next|loop)\b`), vbscriptHint},
	}
}

const vbscriptHint = "this looks like VBScript; pages are written in JavaScript"

// IsVBScript says that a text didn't compile because it is VBScript, as far as
// its first line that is wrong tells.
func IsVBScript(e *asp.Error) bool { return e.Hint == vbscriptHint }

// from is the rest of a line, from a column on.
func from(line string, column int) string {
	runes := []rune(line)
	if column < 1 || column > len(runes) {
		return ""
	}
	return string(runes[column-1:])
}

// hintUnclosed says where the bracket, text or comment stands, at an offset of the
// page's text, that has no end.
func (p *code) hintUnclosed(e *asp.Error, at int) string {
	if at < 0 {
		return ""
	}
	pos := p.position(at)
	rest := strings.TrimLeft(from(pos.Source, pos.Column), " ")
	var bracket string
	for _, b := range [...]string{"(", "[", "{", "`", "${", "/*"} {
		if strings.HasPrefix(rest, b) {
			bracket = b
		}
	}
	if bracket == "" {
		return "" // markup stands for it
	}
	where := fmt.Sprintf("line %d, column %d", pos.Line, pos.Column)
	if pos.File != e.File {
		where = fmt.Sprintf("%s:%d:%d", pos.File, pos.Line, pos.Column)
	}
	return fmt.Sprintf("the %s of %s isn't closed", bracket, where)
}

// hintThrown says what may help with what nobody caught; "" for nothing.
func (sc *script) hintThrown(text string) string {
	if name, ok := strings.CutSuffix(strings.TrimPrefix(text, "ReferenceError: "), " is not defined"); ok {
		return sc.hintUndefined(name)
	}
	if sc.unknown.of(text) {
		_, hint := sc.unknown.said()
		return hint
	}
	if name, ok := strings.CutPrefix(text, "TypeError: Object has no member '"); ok {
		name, _, _ = strings.Cut(name, "'")
		return didYouMean(name, languageMethods())
	}
	return ""
}

// didYouMean is the hint of the name that is near.
func didYouMean(name string, names []string) string {
	if near := nearest.Of(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// mostGlobals is how many of a page's variables are looked at for a hint.
const mostGlobals = 500

// hintUndefined says what may help with a name that isn't defined.
func (sc *script) hintUndefined(name string) string {
	switch name {
	case "document", "window", "alert", "confirm", "prompt", "location", "navigator", "localStorage", "sessionStorage", "fetch", "XMLHttpRequest":
		return name + " is the browser's; this script runs in the server"
	case "module", "exports", "__dirname", "__filename":
		return name + " is a module's; a page takes modules by require"
	}
	names := []string{"Math", "JSON", "Date", "Object", "Array", "String", "Number", "parseInt", "parseFloat"}
	for global := range sc.prog.names.globals {
		names = append(names, global)
	}
	for function := range sc.prog.functions {
		names = append(names, function)
	}
	globals := sc.vm.GlobalObject().Keys()
	names = append(names, globals[:min(len(globals), mostGlobals)]...)
	slices.Sort(names)
	return didYouMean(name, names)
}

// languageMethods are the methods of the language's own objects that are written
// most, for those who don't remember one.
func languageMethods() []string {
	return strings.Fields(`
		concat every fill filter find findIndex flat flatMap forEach includes indexOf join lastIndexOf map pop push
		reduce reduceRight reverse shift slice some sort splice unshift entries keys values
		charAt charCodeAt codePointAt endsWith localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll
		search split startsWith substr substring toLowerCase toUpperCase trim trimEnd trimStart
		toFixed toPrecision toExponential toString toLocaleString valueOf hasOwnProperty
		getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getYear
		setDate setFullYear setHours setMinutes setMonth setSeconds setTime toDateString toISOString toTimeString toUTCString toGMTString
		toLocaleDateString toLocaleTimeString
		abs ceil floor max min pow random round sqrt trunc stringify parse assign create defineProperty freeze fromEntries
		isArray from apply bind call exec test then catch finally add delete clear has get set
		log error warn info`)
}
