package runtime

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/ecmaregexp"
)

// The regular expressions of pages are the engine's objects, so that they are
// what they look like everywhere, but what they match is up to ecmaregexp. The
// engine is given an expression that it never uses: the key under which the
// real one is found. Literals get theirs when a page is compiled, the rest
// when it runs.

// expression is a compiled regular expression, shared by all objects of one
// text. It never changes.
type expression struct {
	prog   *ecmaregexp.Program
	source goja.String // as the language shows it
	raw    goja.String // as it was given
	flags  string
}

// compileExpression makes one. An error is what RegExp throws.
func compileExpression(raw goja.String, flags string) (*expression, error) {
	f, ok := ecmaregexp.ParseFlags(flags)
	if !ok {
		return nil, flagsError(flags)
	}
	if raw.Length() > ecmaregexp.MaxLength { // which is an error whatever follows
		raw = raw.Substring(0, ecmaregexp.MaxLength+1)
	}
	units := unitsOf(raw)
	prog, err := ecmaregexp.Compile(units, f)
	if err != nil {
		return nil, err
	}
	return &expression{prog: prog, source: goja.StringFromUTF16(shownSource(units)), raw: raw, flags: f.String()}, nil
}

type flagsError string

func (e flagsError) Error() string {
	return "Invalid flags supplied to RegExp constructor '" + string(e) + "'"
}

// shownSource is a pattern such that it could stand between slashes
// (EscapeRegExpPattern of ECMA-262, as V8 does it).
func shownSource(units []uint16) []uint16 {
	if len(units) == 0 {
		return utf16Of("(?:)")
	}
	out := make([]uint16, 0, len(units))
	class, escaped := false, false
	for _, c := range units {
		escape := ""
		switch {
		case c == '/' && !class && !escaped:
			escape = `\/`
		case c == '\n':
			escape = `\n`
		case c == '\r':
			escape = `\r`
		case c == 0x2028:
			escape = `\u2028`
		case c == 0x2029:
			escape = `\u2029`
		case c == '[' && !escaped:
			class = true
		case c == ']' && !escaped:
			class = false
		}
		switch {
		case escape == "":
			out = append(out, c)
		case escaped:
			out = append(out, utf16Of(escape[1:])...)
		default:
			out = append(out, utf16Of(escape)...)
		}
		escaped = c == '\\' && !escaped
	}
	return out
}

// expressions are those that the programs of a compiler share: literals for as
// long as it lives, and some that pages make while they run.
type expressions struct {
	prefix string // of keys; no page can know it

	mu       sync.RWMutex
	literals []*expression
	byText   map[string]int // flags/pattern to its place in literals
	made     map[string]*expression
}

// The bounds of made.
const (
	maxMade     = 500
	maxMadeText = 1000
)

// literal is the key of a literal.
func (x *expressions) literal(pattern, flags string) (string, error) {
	text := flags + "/" + pattern
	x.mu.Lock()
	defer x.mu.Unlock()
	n, known := x.byText[text]
	if !known {
		e, err := compileExpression(goja.StringFromUTF16(utf16Of(pattern)), flags)
		if err != nil {
			return "", err
		}
		if x.byText == nil {
			x.byText = make(map[string]int)
		}
		n = len(x.literals)
		x.byText[text], x.literals = n, append(x.literals, e)
	}
	return x.prefix + "L" + strconv.Itoa(n), nil
}

// at is the literal of a key; nil when the key is none.
func (x *expressions) at(key string) *expression {
	number, ok := strings.CutPrefix(key, x.prefix+"L")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.literals[n]
}

// make compiles, or finds what was compiled for another request.
func (x *expressions) make(raw goja.String, flags string) (*expression, error) {
	if raw.Length() > maxMadeText {
		return compileExpression(raw, flags)
	}
	text := flags + "/" + raw.String()
	x.mu.RLock()
	e := x.made[text]
	x.mu.RUnlock()
	if e != nil && e.raw.SameAs(raw) {
		return e, nil
	}
	e, err := compileExpression(raw, flags)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.made) >= maxMade || x.made == nil {
		x.made = make(map[string]*expression)
	}
	x.made[text] = e
	return e, nil
}

// nativeFlags are the flags that the engine knows, for its own getters.
func nativeFlags(flags string) string { return strings.NewReplacer("d", "", "v", "").Replace(flags) }

// unitsOf are a text's units. They aren't to be changed: where it can be, they
// are the engine's own.
func unitsOf(s goja.String) []uint16 {
	if v := reflect.ValueOf(s); v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint16 {
		units, ok := v.Convert(reflect.TypeFor[[]uint16]()).Interface().([]uint16)
		if ok && len(units) == s.Length()+1 && units[0] == 0xFEFF { // with a mark that isn't of the text
			return units[1:]
		}
	}
	units := make([]uint16, s.Length())
	for i := range units {
		units[i] = s.CharAt(i)
	}
	return units
}

// matchText is a text for the matcher, without a copy where that can be had.
func matchText(s goja.String) ecmaregexp.Text {
	v := reflect.ValueOf(s)
	if v.Kind() == reflect.Pointer { // a Go string that wasn't looked at yet
		v = reflect.ValueOf(s.Substring(0, s.Length()))
		s, _ = v.Interface().(goja.String)
	}
	if v.Kind() == reflect.String {
		return ecmaregexp.Narrow(s.String())
	}
	return ecmaregexp.Wide(unitsOf(s))
}
