package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// A taker takes numbers of all kinds and says what came.
type taker struct {
	Size   int32 `json:"size"`
	Price  float64
	Serial int64  `json:"serial"`
	Token  string `json:"-"`
}

type parcel struct {
	N    int8    `json:"n"`
	Big  uint64  `json:"big"`
	Rate float32 `json:"rate"`
	In   struct {
		Deep uint16 `json:"deep"`
	} `json:"in"`
}

func (*taker) Int(n int) string              { return fmt.Sprint(n) }
func (*taker) Int8(n int8) string            { return fmt.Sprint(n) }
func (*taker) Int64(n int64) string          { return fmt.Sprint(n) }
func (*taker) Uint(n uint) string            { return fmt.Sprint(n) }
func (*taker) Uint8(n uint8) string          { return fmt.Sprint(n) }
func (*taker) Uint64(n uint64) string        { return fmt.Sprint(n) }
func (*taker) Float(n float64) string        { return fmt.Sprint(n) }
func (*taker) Float32(n float32) string      { return fmt.Sprint(n) }
func (*taker) All(n ...uint16) string        { return fmt.Sprint(n) }
func (*taker) Line(l parcel) string          { return fmt.Sprint(l.N, l.Big, l.Rate, l.In.Deep) }
func (*taker) List(l []int8) string          { return fmt.Sprint(l) }
func (*taker) Map(m map[string]uint8) string { return fmt.Sprint(m) }
func (*taker) Counted(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
func (*taker) Same() *taker { return &taker{Size: 7, Price: 1.5, Token: "secret"} }
func (*taker) Value() taker { return taker{Size: 7, Price: 1.5, Token: "secret"} }

// A number that is none, or doesn't fit, is ASP 0106, wherever it stands.
func TestNumbersThatDoNotFit(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString(`<% var c = Server.CreateObject("Test.Taker"), s = c.same();
		function t(f) { try { Response.Write(f() + "\n") } catch (e) { Response.Write((e.description || e.message) + "\n") } }
`)
	cases := []struct{ call, want string }{
		{`c.int(42)`, "42"}, {`c.int(-0)`, "0"}, {`c.int("42")`, "42"}, {`c.int(" 7 ")`, "7"}, {`c.int(true)`, "1"}, {`c.int()`, "0"},
		{`c.int(null)`, "0"}, {`c.int(undefined)`, "0"}, {`c.int(new Number(3))`, "3"}, {`c.int(new String("3"))`, "3"}, {`c.int(12n)`, "12"}, {`c.int(9007199254740991)`, "9007199254740991"},
		{`c.int8(-128)`, "-128"}, {`c.int64(-9223372036854775808)`, "-9223372036854775808"}, {`c.int64(9223372036854775807n)`, "9223372036854775807"},
		{`c.uint64(18446744073709551615n)`, "18446744073709551615"}, {`c.uint8("255")`, "255"}, {`c.all(1, "2", 3n)`, "[1 2 3]"},
		{`c.float(1.5)`, "1.5"}, {`c.float("1e3")`, "1000"}, {`c.float(NaN)`, "NaN"}, {`c.float(Infinity)`, "+Inf"}, {`c.float32(1.5)`, "1.5"},
		{`c.line({n: 1, big: 2, rate: 1.5, in: {deep: 3}})`, "1 2 1.5 3"}, {`c.list([1, 2])`, "[1 2]"}, {`c.map({a: 1})`, "map[a:1]"},

		{`c.int(1e30)`, "0106"}, {`c.int(1.5)`, "0106"}, {`c.int("abc")`, "0106"}, {`c.int("")`, "0106"}, {`c.int("1.5")`, "0106"}, {`c.int(NaN)`, "0106"},
		{`c.int(Infinity)`, "0106"}, {`c.int({})`, "0106"}, {`c.int([5])`, "0106"}, {`c.int(new Date(0))`, "0106"}, {`c.int(function () {})`, "0106"},
		{`c.int(Symbol("x"))`, "0106"}, {`c.int(1n << 70n)`, "0106"}, {`c.int8(128)`, "0106"}, {`c.int64(9223372036854775808)`, "0106"},
		{`c.uint(-1)`, "0106"}, {`c.uint8(256)`, "0106"}, {`c.uint64(18446744073709551616)`, "0106"}, {`c.uint64(-1n)`, "0106"}, {`c.uint(0.5)`, "0106"},
		{`c.float("abc")`, "0106"}, {`c.float(new Date(0))`, "0106"}, {`c.float({})`, "0106"}, {`c.float32(1e300)`, "0106"}, {`c.all(1, -1)`, "0106"},
		{`c.line({n: 1000})`, "0106"}, {`c.line({n: 1.5})`, "0106"}, {`c.line({n: "abc"})`, "0106"}, {`c.line({n: NaN})`, "0106"}, {`c.line({big: -1})`, "0106"},
		{`c.line({big: 1e30})`, "0106"}, {`c.line({rate: 1e300})`, "0106"}, {`c.line({rate: "x"})`, "0106"}, {`c.line({in: {deep: 70000}})`, "0106"}, {`c.line({in: 5})`, "0106"},
		{`c.line("text")`, "0106"}, {`c.list([1, 200])`, "0106"}, {`c.list(5)`, "0106"}, {`c.map({a: -1})`, "0106"}, {`c.map([1])`, "0106"},
		{`s.size = 1e30`, "0106"}, {`s.size = "abc"`, "0106"}, {`s.price = "abc"`, "0106"},

		{`s.size + " " + s.Price`, "7 1.5"}, {`s.token`, "undefined"}, {`c.value().size + " " + c.value().Price + " " + c.value().Token`, "7 1.5 undefined"},
		{`c.counted("9007199254740992") + 1`, "9007199254740992"}, {`c.counted("-9007199254740993") + 1n`, "-9007199254740992"},
		{`c.counted("9223372036854775807")`, "9223372036854775807"}, {`s.serial = 9007199254740993n, s.serial`, "9007199254740993"},
		{`(s.size = 9, s.SIZE)`, "9"},
	}
	for _, c := range cases {
		fmt.Fprintf(&page, "t(function () { return %s });\n", c.call)
	}
	page.WriteString("%>")
	pg := play(t, Config{Components: map[string]Component{"Test.Taker": {New: func(context.Context) (any, error) { return &taker{}, nil }}}},
		map[string]string{"default.asp": page.String()})
	got := strings.Split(strings.TrimSpace(pg.guest().get("/")), "\n")
	for i, c := range cases {
		said := ""
		if i < len(got) {
			said = got[i]
		}
		refused := strings.Contains(said, "Test.Taker.") || strings.Contains(said, "engine.taker.")
		if c.want == "0106" && (!refused || !strings.Contains(strings.ToLower(said), "type mismatch")) || c.want != "0106" && !strings.Contains(said, c.want) || c.want != "0106" && refused {
			t.Errorf("%s: %q, want %s", c.call, said, c.want)
		}
		if strings.Contains(said, "cbor") || strings.Contains(said, "github") {
			t.Errorf("%s: %q tells what naja is made of", c.call, said)
		}
	}
}
