package engine

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

// A maker makes what pages see by value and by pointer.
type maker struct{}

type address struct {
	Town string `json:"town"`
}

type stamped struct {
	At string `json:"at"`
}

// A customer embeds a struct with a name of its own, one without, and one that
// may be nil.
type customer struct {
	address `json:"-"`
	Home    `json:"home"`
	Stamps  `json:",omitempty"`
	*Account
	Name string `json:"name"`
}

type (
	Home    address
	Stamps  stamped
	Account struct {
		Number int `json:"number"`
	}
)

func (*maker) Value() customer {
	return customer{Home: Home{"Delphi"}, Stamps: Stamps{"noon"}, Name: "Ada"}
}
func (m *maker) Pointer() *customer { c := m.Value(); return &c }
func (*maker) Big() *big.Int        { return big.NewInt(77) }
func (*maker) Channel() chan int    { return nil }
func (*maker) Deep() []any          { l := make([]any, 1); l[0] = l; return l }
func (*maker) Time(time.Time)       {}
func (*maker) Bytes([]byte)         {}

// Json names hold for a pointer as for a value, those of embedded structs too;
// what can't be given or taken is ASP 0106 in words of the page's.
func TestComponentsResults(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString(`<% var c = Server.CreateObject("Test.Maker"), v = c.value(), p = c.pointer();
		function t(f) { try { Response.Write(f() + "\n") } catch (e) { Response.Write(e.message + "\n") } }
`)
	cases := []struct{ call, want string }{
		{`Object.keys(v).sort()`, "at,home,name"},
		{`Object.keys(p).sort()`, "at,home,name,number"},
		{`v.home.town + " " + p.home.town`, "Delphi Delphi"}, {`v.at + " " + p.at`, "noon noon"},
		{`p.number`, "undefined"}, {`(p.number = 1)`, "in a part of it that is nil"},
		{`c.big() + 1n`, "78"},
		{`c.channel()`, "Test.Maker.Channel: its result can't be shown to a page: a Go chan int can't be stored"},
		{`c.deep()`, "Test.Maker.Deep: its result can't be shown"},
		{`c.time("noon")`, "a text can't be used as time.Time"}, {`c.time(5)`, "a number can't be"}, {`c.time(new Date(NaN))`, "a Date without a time can't be"},
		{`c.bytes([1])`, "a value of Array can't be"}, {`c.bytes(/x/)`, "an object can't be"}, {`c.bytes(true)`, "true or false can't be"},
		{`Server.CreateObject("test.NOTHING")`, "Test.Nothing: its New returned nil"},
		{`Server.CreateObject("Test.Nil")`, "Test.Nil: its New returned nil"},
		{`Server.CreateObject("Test.Panic")`, "external object. The script cannot continue running. Test.Panic"},
	}
	for _, c := range cases {
		fmt.Fprintf(&page, "t(function () { return %s });\n", c.call)
	}
	page.WriteString("%>")
	pg := play(t, Config{Components: map[string]Component{
		"Test.Maker":   {New: func(context.Context) (any, error) { return &maker{}, nil }},
		"Test.Nothing": {New: func(context.Context) (any, error) { return nil, nil }},
		"Test.Nil":     {New: func(context.Context) (any, error) { return (*maker)(nil), nil }},
		"Test.Panic":   {New: func(context.Context) (any, error) { panic("made nothing") }},
	}}, map[string]string{"default.asp": page.String()})
	got := strings.Split(strings.TrimSpace(pg.guest().get("/")), "\n")
	for i, c := range cases {
		said := ""
		if i < len(got) {
			said = got[i]
		}
		if !strings.Contains(said, c.want) || strings.Contains(said, "value:") || strings.Contains(said, "Opaque") {
			t.Errorf("%s: %q, want %s", c.call, said, c.want)
		}
	}
}
