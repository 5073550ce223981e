package reflected

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/variant"
)

// language is a caller that has no values of its own.
type language struct{}

func (language) Into(v variant.Value, out reflect.Value) error {
	return fmt.Errorf("no %s as %s", v.TypeName(), out.Type())
}
func (language) Copy(raw []byte) (variant.Value, error) {
	return variant.String(cborvalue.Diagnostic(raw)), nil
}
func (language) Each(variant.Value) ([]variant.Value, error) { return nil, errors.New("no list") }
func (language) Waits() context.Context                      { return context.Background() }

type pair struct {
	Left  int
	Right string
}

func (p *pair) Title() string                                      { return p.Right }
func (p *pair) SetTitle(s string)                                  { p.Right = s }
func (p *pair) Item(ctx context.Context, k string) (string, error) { return k + "!", ctx.Err() }
func (p *pair) SetItem(k string, v variant.Value)                  { p.Right = k + v.TypeName() }
func (p *pair) Elements() []*pair                                  { return []*pair{p, p} }
func (p *pair) Sum(a int, more ...int8) int                        { return a + len(more) }
func (p *pair) Now(context.Context) uint64                         { return 1 << 63 }
func (p *pair) List() []string                                     { return []string{"a"} }
func (p *pair) Fails() (int, error)                                { return 0, variant.BadIndex }
func (p *pair) Grid(m map[string]int, f func(int) []string) *pair  { return nil }
func (p *pair) Close(component.End) error                          { return nil }

// TestClass: the table that is made of a type.
func TestClass(t *testing.T) {
	c := Class(reflect.TypeFor[*pair](), "")
	var rows []string
	for i := range c.Members {
		m := &c.Members[i]
		rows = append(rows, fmt.Sprintf("%s%s %v %d", m.Name, m.Sig, m.IsMethod(), m.Needs()))
	}
	want := "Fails() true 0; Grid(map<string>int, func(int) list of string) true 2; Item(key) false 1; List() true 0; Now() true 0; " +
		"Sum(int, …int8) true 1; Title false 0; Left false 0; Right false 0"
	if got := strings.Join(rows, "; "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if c.Name != "*reflected.pair" || c.Item() == nil || c.IsValue() || c.Enum == nil {
		t.Errorf("%s: %v, %v", c.Name, c.Item(), c.IsValue())
	}
}

// TestCalls: what goes in and what comes out without a language's help.
func TestCalls(t *testing.T) {
	p := &pair{Left: 5, Right: "r"}
	o := New(p, "Test.Pair", Class(reflect.TypeFor[*pair](), "Test.Pair"), language{})
	for _, c := range []struct {
		member string
		args   component.Args
		want   string
	}{
		{"left", nil, "Long 5"},
		{"TITLE", nil, "String r"},
		{"item", component.Args{variant.String("k")}, "String k!"},
		{"item", nil, "String !"},
		{"sum", component.Args{variant.Double(3), variant.Byte(1), variant.Integer(-128)}, "Long 5"},
		{"sum", component.Args{variant.Double(3.5)}, "Test.Pair.Sum: no Double as int"},
		{"sum", component.Args{variant.Long(1), variant.Long(128)}, "Test.Pair.Sum: no Long as int8"},
		{"sum", component.Args{variant.Object(p)}, "Test.Pair.Sum: no Object as int"},
		{"sum", component.Args{variant.Missing}, "Long 0"},
		{"now", component.Args{variant.Long(1)}, "Test.Pair.Now: wrong number of arguments"},
		{"now", nil, `String {"$bigint":"9223372036854775808"}`},
		{"list", nil, `String ["a"]`},
		{"fails", nil, "subscript out of range"},
		{"grid", nil, "Null"},
	} {
		v, err := o.Class().Find(c.member).Read(o, c.args)
		text, _ := v.ToString()
		got := strings.TrimSpace(v.TypeName() + " " + text)
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "ASP 0106: Type Mismatch: An unhandled data type was encountered. ")
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.member, got, c.want)
		}
	}
	err := errors.Join(o.Class().Find("title").Assign(o, nil, variant.String("new"), false),
		o.Class().Find("left").Assign(o, nil, variant.Long(9), false))
	if err != nil || p.Right != "new" || p.Left != 9 {
		t.Error(err, p)
	}
	if err := o.Class().Item().Assign(o, component.Args{variant.String("k")}, variant.Null, false); err != nil || p.Right != "kNull" {
		t.Error(err, p.Right)
	}
	walk, err := o.Class().Enum(o)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := component.All(walk, 10); err != nil || len(all) != 2 || all[0].Object() != any(p) {
		t.Error(all, err)
	}
}
