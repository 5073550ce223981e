package scripting

import (
	"context"
	"unicode/utf16"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/ecmaregexp"
	"github.com/najahost/naja/variant"
)

// maxReplaced bounds the text that Replace makes, in UTF-16 units.
const maxReplaced = 1 << 25

// A regExp is VBScript.RegExp. Its expressions are ECMAScript's, of which VBScript
// 5.6 had an older edition.
type regExp struct {
	ctx                           context.Context
	pattern                       string
	global, ignoreCase, multiline bool

	prog    *ecmaregexp.Program // of the pattern; nil when it has changed
	machine ecmaregexp.Machine
}

func newRegExp(ctx context.Context) *regExp {
	r := &regExp{ctx: ctx}
	r.machine.Poll = func() error { return context.Cause(ctx) }
	return r
}

// Class is the table of its members.
func (r *regExp) Class() *component.Class { return regExpClass }

var regExpClass = component.Make(component.Class{
	Name: "VBScript.RegExp",
	Members: []component.Member{
		component.Property("Pattern", "text",
			func(r *regExp) (variant.Value, error) { return variant.String(r.pattern), nil },
			func(r *regExp, v variant.Value) error {
				s, err := text(v)
				if err == nil {
					r.pattern, r.prog = s, nil
				}
				return err
			}),
		option("Global", func(r *regExp) *bool { return &r.global }),
		option("IgnoreCase", func(r *regExp) *bool { return &r.ignoreCase }),
		option("Multiline", func(r *regExp) *bool { return &r.multiline }),
		component.Method("Execute", "(text)", "Matches", (*regExp).execute),
		component.Method("Replace", "(text, replacement)", "text", (*regExp).replace),
		component.Method("Test", "(text)", "boolean", (*regExp).test),
	},
})

// option is a flag of the expression.
func option(name string, at func(*regExp) *bool) component.Member {
	return component.Property(name, "boolean",
		func(r *regExp) (variant.Value, error) { return variant.Bool(*at(r)), nil },
		func(r *regExp, v variant.Value) error {
			v, err := component.Plain(v)
			if err != nil {
				return err
			}
			on, err := v.ToBool()
			if err == nil {
				*at(r), r.prog = on, nil
			}
			return err
		})
}

// text is a value as text; Empty is none, and what is no text is what COM makes of
// it: a Boolean is -1 or 0.
func text(v variant.Value) (string, error) {
	v, err := component.Plain(v)
	if err != nil {
		return "", err
	}
	if v.Kind() == variant.KindBoolean {
		if v.Int64() != 0 {
			return "-1", nil
		}
		return "0", nil
	}
	return v.ToString()
}

// argument is the i-th argument as text in UTF-16.
func argument(args component.Args, i int) ([]uint16, error) {
	v := args.At(i).Deref()
	if v.IsMissing() {
		return nil, variant.ParamNotOption
	}
	if t := v.Text(); t != nil {
		units := make([]uint16, t.Length())
		for i := range units {
			units[i] = t.CharAt(i)
		}
		return units, nil
	}
	s, err := text(v)
	return utf16.Encode([]rune(s)), err
}

func (r *regExp) compile() (err error) {
	if r.prog != nil {
		return nil
	}
	var flags ecmaregexp.Flags
	for letter, on := range map[string]bool{"i": r.ignoreCase, "m": r.multiline} {
		if on {
			f, _ := ecmaregexp.ParseFlags(letter)
			flags |= f
		}
	}
	if r.prog, err = ecmaregexp.Compile(utf16.Encode([]rune(r.pattern)), flags); err != nil {
		return &component.Error{Number: component.Control(5017), Description: "Syntax error in regular expression", Err: err}
	}
	return nil
}

// each calls do with the groups of each match, or of the first one alone.
func (r *regExp) each(in []uint16, all bool, do func(found []int32) error) error {
	if err := r.compile(); err != nil {
		return err
	}
	t := ecmaregexp.Wide(in)
	for at := 0; at <= len(in); {
		found, err := r.machine.Match(r.prog, t, at, false)
		if err != nil || found == nil {
			return err
		}
		if at = int(found[1]); found[0] == found[1] {
			at++
		}
		if err := do(found); err != nil || !all {
			return err
		}
	}
	return nil
}

func (r *regExp) test(args component.Args) (variant.Value, error) {
	in, err := argument(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	there := false
	err = r.each(in, false, func([]int32) error {
		there = true
		return nil
	})
	return variant.Bool(there), err
}

func (r *regExp) execute(args component.Args) (variant.Value, error) {
	in, err := argument(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	found := &matches{}
	err = r.each(in, r.global, func(at []int32) error {
		if len(found.all) == maxItems {
			return errTooMany
		}
		m := &match{at: int(at[0]), length: int(at[1] - at[0]), text: string(utf16.Decode(in[at[0]:at[1]])), groups: &subMatches{}}
		for i := 2; i < len(at); i += 2 {
			if at[i] < 0 {
				m.groups.all = append(m.groups.all, variant.Empty)
				continue
			}
			m.groups.all = append(m.groups.all, variant.String(string(utf16.Decode(in[at[i]:at[i+1]]))))
		}
		found.all = append(found.all, m)
		return nil
	})
	return component.Of(found), err
}

func (r *regExp) replace(args component.Args) (variant.Value, error) {
	in, err := argument(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	by, err := argument(args, 1)
	if err != nil {
		return variant.Empty, err
	}
	var out []uint16
	next := 0
	err = r.each(in, r.global, func(at []int32) error {
		out = append(out, in[next:at[0]]...)
		out = substitute(out, by, in, at)
		next = int(at[1])
		if len(out) > maxReplaced {
			return &component.Error{Number: variant.OutOfMemory, Description: "Replace would make too long a text"}
		}
		return nil
	})
	if err != nil {
		return variant.Empty, err
	}
	return variant.String(string(utf16.Decode(append(out, in[next:]...)))), nil
}

// substitute writes a replacement with $1 to $99, $&, $`, $' and $$. A number that no
// group has stays as it stands.
func substitute(out, by, in []uint16, at []int32) []uint16 {
	groups := len(at)/2 - 1
	for i := 0; i < len(by); i++ {
		if by[i] != '$' || i+1 == len(by) {
			out = append(out, by[i])
			continue
		}
		switch c := by[i+1]; {
		case c == '$':
			out, i = append(out, '$'), i+1
		case c == '&':
			out, i = append(out, in[at[0]:at[1]]...), i+1
		case c == '`':
			out, i = append(out, in[:at[0]]...), i+1
		case c == '\'':
			out, i = append(out, in[at[1]:]...), i+1
		case c >= '0' && c <= '9':
			n, used := int(c-'0'), 1
			if i+2 < len(by) && by[i+2] >= '0' && by[i+2] <= '9' {
				if two := n*10 + int(by[i+2]-'0'); two <= groups {
					n, used = two, 2
				}
			}
			if n < 1 || n > groups {
				out = append(out, '$')
				continue
			}
			if begin := at[2*n]; begin >= 0 {
				out = append(out, in[begin:at[2*n+1]]...)
			}
			i += used
		default:
			out = append(out, '$')
		}
	}
	return out
}

// matches are what Execute found.
type matches struct{ all []*match }

// Class is the table of its members.
func (m *matches) Class() *component.Class { return matchesClass }

var matchesClass = component.Make(component.Class{
	Name: "Matches",
	Members: []component.Member{
		component.Indexed("Item", "(index)", "Match", func(m *matches, args component.Args) (variant.Value, error) {
			i, err := index(args, len(m.all))
			if err != nil {
				return variant.Empty, err
			}
			return component.Of(m.all[i]), nil
		}, nil),
		counted(component.ReadOnly("Count", "number", func(m *matches) variant.Value { return variant.Int(int64(len(m.all))) })),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		m := o.(*matches)
		return component.Walk(func(i int) (variant.Value, bool) {
			if i >= len(m.all) {
				return variant.Empty, false
			}
			return component.Of(m.all[i]), true
		}), nil
	},
})

// index is a place in a list, from 0.
func index(args component.Args, n int) (int, error) {
	i, err := args.Long(0, -1)
	if err != nil {
		return 0, err
	}
	if i < 0 || int(i) >= n {
		return 0, errCall
	}
	return int(i), nil
}

// A match is one of them.
type match struct {
	at, length int
	text       string
	groups     *subMatches
}

// Class is the table of its members.
func (m *match) Class() *component.Class { return matchClass }

var matchClass = component.Make(component.Class{
	Name: "Match",
	Members: []component.Member{
		component.ReadOnly("Value", "text", func(m *match) variant.Value { return variant.String(m.text) }),
		component.ReadOnly("FirstIndex", "number", func(m *match) variant.Value { return variant.Int(int64(m.at)) }),
		component.ReadOnly("Length", "number", func(m *match) variant.Value { return variant.Int(int64(m.length)) }),
		component.ReadOnly("SubMatches", "SubMatches", func(m *match) variant.Value { return component.Of(m.groups) }),
	},
	Value: "Value",
})

// subMatches are a match's groups; Empty for one that took no part.
type subMatches struct{ all []variant.Value }

// Class is the table of its members.
func (s *subMatches) Class() *component.Class { return subMatchesClass }

var subMatchesClass = component.Make(component.Class{
	Name: "SubMatches",
	Members: []component.Member{
		component.Indexed("Item", "(index)", "text", func(s *subMatches, args component.Args) (variant.Value, error) {
			i, err := index(args, len(s.all))
			if err != nil {
				return variant.Empty, err
			}
			return s.all[i], nil
		}, nil),
		counted(component.ReadOnly("Count", "number", func(s *subMatches) variant.Value { return variant.Int(int64(len(s.all))) })),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		s := o.(*subMatches)
		return component.Walk(func(i int) (variant.Value, bool) {
			if i >= len(s.all) {
				return variant.Empty, false
			}
			return s.all[i], true
		}), nil
	},
})
