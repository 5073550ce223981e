package component

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/najahost/naja/variant"
)

// bag is a small collection in the way of Scripting.Dictionary's.
type bag struct {
	keys   []string
	values map[string]variant.Value
	log    []string
}

var bagClass = Make(Class{
	Name: "Test.Bag",
	Members: []Member{
		Indexed("Item", "(key)", "any", (*bag).item, (*bag).setItem),
		ReadOnly("Count", "number", func(b *bag) variant.Value { return variant.Int(int64(len(b.keys))) }),
		{Name: "Größe", Gives: "number", Get: func(o Object, _ Args) (variant.Value, error) { return variant.Long(7), nil }},
		{Name: "Key", Sig: "(old)", Put: func(o Object, args Args, v variant.Value) error { return o.(*bag).rename(args, v) }},
		{Name: "Active",
			Put:    func(o Object, _ Args, v variant.Value) error { o.(*bag).note("let"); return nil },
			PutRef: func(o Object, _ Args, v variant.Value) error { o.(*bag).note("set"); return nil }},
		Property("Mode", "number", func(b *bag) (variant.Value, error) { return variant.Empty, variant.InvalidArg }, nil),
		Action("Clear", "()", func(b *bag, _ Args) error { b.keys = nil; return nil }),
		Method("Split", "(text[, n, flag])", "any", func(b *bag, args Args) (variant.Value, error) {
			text, err := args.Text(0)
			if err != nil {
				return variant.Empty, err
			}
			n, err := args.Long(1, -1)
			if err != nil {
				return variant.Empty, err
			}
			flag, err := args.Bool(2, true)
			return variant.String(fmt.Sprint(text, " ", n, " ", flag)), err
		}),
		Method("Join", "(…parts)", "text", func(b *bag, args Args) (variant.Value, error) { return variant.Int(int64(len(args))), nil }),
	},
	Default: "Item",
	Enum:    func(o Object) (Enum, error) { return o.(*bag).walk(), nil },
	Keyed:   true,
})

func (b *bag) Class() *Class { return bagClass }

func (b *bag) note(s string) { b.log = append(b.log, s) }

func (b *bag) item(args Args) (variant.Value, error) {
	key, err := args.Text(0)
	return b.values[key], err
}

func (b *bag) setItem(args Args, v variant.Value) error {
	key, err := args.Text(0)
	if err != nil {
		return err
	}
	if b.values == nil {
		b.values = map[string]variant.Value{}
	}
	if _, ok := b.values[key]; !ok {
		b.keys = append(b.keys, key)
	}
	b.values[key] = v
	return nil
}

func (b *bag) rename(args Args, v variant.Value) error {
	key, err := args.Text(0)
	if err != nil {
		return err
	}
	to, err := v.ToString()
	b.note(key + ">" + to)
	return err
}

func (b *bag) walk() Enum {
	return Walk(func(i int) (variant.Value, bool) {
		if i >= len(b.keys) {
			return variant.Empty, false
		}
		return variant.String(b.keys[i]), true
	})
}

// field stands for a value, as ADO's Field does.
type field struct{ value variant.Value }

var fieldClass = Make(Class{
	Name:    "Test.Field",
	Members: []Member{Property("Value", "any", func(f *field) (variant.Value, error) { return f.value, nil }, nil)},
	Default: "Value",
})

func (f *field) Class() *Class { return fieldClass }

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"Count": "Count", "count": "Count", "COUNT": "Count", "cOuNt": "Count", "GRÖSSE": "Größe", "größe": "Größe",
		"Coun": "", "Counts": "", "": "", "Größ": "", "\u212aey": "Key", "\xff\xfe": "", strings.Repeat("x", 1<<16): "",
	} {
		got := ""
		if m := bagClass.Find(name); m != nil {
			got = m.Name
		}
		if want == "Größe" && name == "GRÖSSE" {
			want = "" // ß has no capital of one letter
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { bagClass.Find("count"); bagClass.Find("CLEAR"); bagClass.Find("nothing") }); n != 0 {
		t.Errorf("looking names up makes %v allocations", n)
	}
}

// TestDefaults: what an object is called by, and what it is as a value.
func TestDefaults(t *testing.T) {
	switch {
	case bagClass.Item() == nil || bagClass.Item().Name != "Item" || bagClass.IsValue():
		t.Error("a collection whose default member needs an argument is called, and no value")
	case fieldClass.Item() != nil || !fieldClass.IsValue():
		t.Error("a field is a value and isn't called")
	}
	inner := &field{variant.Long(5)}
	slot := Of(&field{Of(inner)})
	if v, err := Plain(variant.ByRef(&slot)); err != nil || v.Int64() != 5 {
		t.Errorf("%v, %v", v, err)
	}
	circle := &field{}
	circle.value = Of(circle)
	for _, v := range []variant.Value{Of(&bag{}), Of(circle), variant.Object(&struct{ int }{})} {
		if _, err := Plain(v); err != variant.TypeMismatch {
			t.Errorf("%v: %v", v, err)
		}
	}
	if v, err := Plain(Of(nil)); err != nil || v.Kind() != variant.KindNothing {
		t.Error("Nothing is a value of its own")
	}
}

func TestMembers(t *testing.T) {
	b := &bag{}
	put := func(name string, args Args, v variant.Value, set bool) error {
		return bagClass.Find(name).Assign(b, args, v, set)
	}
	err := errors.Join(
		put("item", Args{variant.String("a")}, variant.Long(1), false),
		put("item", Args{variant.String("b")}, variant.Long(2), true),
		put("key", Args{variant.String("a")}, variant.String("c"), false),
		put("active", nil, variant.Nothing, false),
		put("active", nil, variant.Nothing, true),
	)
	if err != nil || strings.Join(b.log, " ") != "a>c let set" || strings.Join(b.keys, "") != "ab" {
		t.Error(err, b.log, b.keys)
	}
	if put("count", nil, variant.Long(1), false) != variant.NoMember || put("mode", nil, variant.Long(1), true) != variant.NoMember {
		t.Error("a property for reading was assigned to")
	}
	if err := put("clear", nil, variant.Empty, false); err != nil || b.keys != nil { // COM calls a method that is assigned to
		t.Error(err, b.keys)
	}
	for name, want := range map[string]string{"count": "0", "KEY": variant.NoMember.Error(), "Mode": variant.InvalidArg.Error(), "join": "0"} {
		v, err := bagClass.Find(name).Read(b, nil)
		got, _ := v.ToString()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for i, name := range []string{"Item", "Count", "Größe", "Key", "Active", "Mode", "Clear", "Split", "Join"} {
		m := bagClass.Find(name)
		if m.Index() != i || m.IsMethod() != (i >= 6) || m.Indexed() != (i == 0 || i == 3) {
			t.Errorf("%s: place %d, method %v, indexed %v", name, m.Index(), m.IsMethod(), m.Indexed())
		}
		if needs := map[string]int{"Item": 1, "Key": 1, "Split": 1}[name]; m.Needs() != needs {
			t.Errorf("%s needs %d, want %d", name, m.Needs(), needs)
		}
	}
}

// TestArgs: three things are told apart: what is there, what was left out, what
// is empty.
func TestArgs(t *testing.T) {
	split := bagClass.Find("Split")
	for _, c := range []struct {
		args Args
		want string
	}{
		{Args{variant.String("x")}, "x -1 true"},
		{Args{variant.Long(5), variant.Missing, variant.Bool(false)}, "5 -1 false"},
		{Args{Of(&field{variant.String("f")}), variant.String("3")}, "f 3 true"},
		{Args{variant.Empty, variant.Empty}, " 0 true"},
		{nil, variant.ParamNotOption.Error()},
		{Args{variant.Missing}, variant.ParamNotOption.Error()},
		{Args{variant.Null}, variant.TypeMismatch.Error()},
		{Args{Of(&bag{})}, variant.TypeMismatch.Error()},
		{Args{variant.String("x"), variant.Double(1e10)}, variant.Overflow.Error()},
		{Args{variant.String("x"), Of(&bag{})}, variant.TypeMismatch.Error()},
		{Args{variant.String("x"), variant.Missing, variant.String("maybe")}, variant.TypeMismatch.Error()},
	} {
		v, err := split.Call(&bag{}, c.args)
		got, _ := v.ToString()
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.args, got, c.want)
		}
	}
	slot := variant.Empty
	if args := (Args{variant.ByRef(&slot), variant.Long(1)}); !args.Set(0, variant.Long(3)) || slot.Int64() != 3 || args.Set(1, slot) || args.Set(2, slot) {
		t.Error("an argument ByRef")
	}
}

// TestEnum: a walk meets what comes while it goes.
func TestEnum(t *testing.T) {
	b := &bag{keys: []string{"a"}}
	walk, err := bagClass.Enum(b)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := walk.Next()
	b.keys = append(b.keys, "b")
	rest, err := All(walk, 10)
	if s, _ := first.Str(); s != "a" || err != nil || len(rest) != 1 {
		t.Error(first, rest, err)
	}
	if _, err := All(Texts([]string{"x", "y", "z"}), 2); err != variant.OutOfMemory {
		t.Error("more than may be:", err)
	}
}

func TestErrors(t *testing.T) {
	if n := Control(3021); uint32(n) != 0x800A0BCD || n != -2146825267 {
		t.Errorf("ADO's 3021 is %d", n)
	}
	behind := errors.New("the driver's")
	for _, c := range []struct {
		err  *Error
		text string
		is   error
	}{
		{&Error{Number: variant.Overflow}, "overflow", variant.Overflow},
		{&Error{}, "unspecified error", variant.Fail},
		{&Error{Description: "closed", Err: behind}, "closed", behind},
		{Errorf(variant.InvalidArg, "x: %w", behind), "x: the driver's", behind},
	} {
		if c.err.Error() != c.text || !errors.Is(c.err, c.is) {
			t.Errorf("%#v: %q", c.err, c.err.Error())
		}
	}
	if PerRequest.String() != "per-request" || Apartment.String() != "apartment-threaded" || Agile.String() != "agile" {
		t.Error("names of threading models")
	}
}

// TestMake: a table with a mistake isn't made.
func TestMake(t *testing.T) {
	one := ReadOnly("One", "number", func(*bag) variant.Value { return variant.Long(1) })
	for name, c := range map[string]Class{
		"two of one name": {Members: []Member{one, {Name: "ONE", Get: one.Get}}},
		"neither":         {Members: []Member{{Name: "None"}}},
		"both":            {Members: []Member{{Name: "Both", Get: one.Get, Call: one.Get}}},
		"no default":      {Default: "Item"},
		"no value":        {Members: []Member{one}, Value: "Value"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: was made", name)
				}
			}()
			Make(c)
		}()
	}
	members := []Member{one}
	c := Make(Class{Members: members})
	members[0].Name = "Two"
	if c.Members[0].Name != "One" {
		t.Error("a class shares its maker's slice")
	}
}
