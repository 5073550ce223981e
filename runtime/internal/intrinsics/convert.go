package intrinsics

import (
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// text is the i-th argument as the language makes text of it.
func (p *Page) text(args component.Args, i int) (string, error) { return p.Program.Text(args.At(i)) }

// number is a whole number, cut to 32 bits.
func (p *Page) number(v variant.Value) (int, error) {
	f, err := p.Program.Number(v)
	if err != nil {
		return 0, err
	}
	if f != f {
		return 0, asp.New(106, "a number is expected")
	}
	return int(min(max(f, -1<<31), 1<<31-1)), nil
}

// keyOf is a key by its name or its place, from 1.
func (p *Page) keyOf(v variant.Value, keys func() []string) (string, error) {
	if i, ok := p.Program.Index(v); ok {
		return nth(keys(), i)
	}
	return p.Program.Text(v)
}

// keyMember is the method Key of a collection: a key by its place or its name.
func keyMember[T component.Object](page func(T) *Page, keys func(T) []string) component.Member {
	return component.Method("Key", "(i)", "text", func(o T, args component.Args) (variant.Value, error) {
		return texts(page(o).keyOf(args.At(0), func() []string { return keys(o) }))
	})
}

// placeMember is the method Key of a collection that takes places only.
func placeMember[T component.Object](page func(T) *Page, keys func(T) []string) component.Member {
	return component.Method("Key", "(i)", "text", func(o T, args component.Args) (variant.Value, error) {
		i, err := page(o).number(args.At(0))
		if err != nil {
			return variant.Empty, err
		}
		return texts(nth(keys(o), i))
	})
}

// countMember is the property Count.
func countMember[T component.Object](count func(T) int) component.Member {
	m := component.ReadOnly("Count", "number", func(o T) variant.Value { return variant.Int(int64(count(o))) })
	m.Counted = true
	return m
}

// nth is the element at a place, from 1; ASP 0105 beyond.
func nth(list []string, i int) (string, error) {
	if i < 1 || i > len(list) {
		return "", asp.New(asp.CodeIndex, "")
	}
	return list[i-1], nil
}

// texts is a text as a value.
func texts(s string, err error) (variant.Value, error) {
	if err != nil {
		return variant.Empty, err
	}
	return variant.String(s), nil
}

// numbers is a whole number as a value.
func numbers(n int) variant.Value { return variant.Int(int64(n)) }

// listed are the keys of values.
func listed(v *asphttp.Values) []string {
	return upTo(v.Len(), v.Key)
}

// upTo lists what is at the places from 1 to n.
func upTo(n int, at func(int) (string, bool)) []string {
	list := make([]string, 0, n)
	for i := 1; i <= n; i++ {
		s, _ := at(i)
		list = append(list, s)
	}
	return list
}

// clip keeps what a message quotes at a size that a log line can carry.
func clip(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// joined is what a list of values is as text: Empty where there is none.
func joined(list []string) variant.Value {
	if len(list) == 0 {
		return variant.Empty
	}
	return variant.String(strings.Join(list, ", "))
}

// string, flag and moment are a value as an attribute of a cookie.

func (p *Page) string(v variant.Value) (string, error)    { return p.Program.Text(v) }
func (p *Page) flag(v variant.Value) (bool, error)        { return p.Program.Truth(v) }
func (p *Page) moment(v variant.Value) (time.Time, error) { return p.Program.Time(v) }
