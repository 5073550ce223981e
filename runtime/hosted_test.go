package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// shelf is a component with a table that uses all that a table can.
type shelf struct {
	env     component.Env
	log     *[]string
	name    string
	threads []variant.Value
	rows    *shelfRows
	keys    []string
}

// shelfRows is an object of its own, always the same, with rows that are values.
type shelfRows struct {
	shelf *shelf
	cells []*shelfCell
}

type shelfCell struct{ value variant.Value }

func (s *shelf) Class() *component.Class     { return shelfClass }
func (r *shelfRows) Class() *component.Class { return rowsClass }
func (c *shelfCell) Class() *component.Class { return cellClass }

// Close notes how the request ended.
func (s *shelf) Close(end component.End) error {
	*s.log = append(*s.log, fmt.Sprint(s.name, " ", end))
	switch s.name {
	case "panics":
		panic("at the end")
	case "fails":
		return errors.New("can't be closed")
	}
	return nil
}

var shelfClass = component.Make(component.Class{Name: "Test.Shelf", Members: []component.Member{
	component.Property("Name", "text",
		func(s *shelf) (variant.Value, error) { return variant.String(s.name), nil },
		func(s *shelf, v variant.Value) (err error) { s.name, err = v.ToString(); return err }),
	component.ReadOnly("Rows", "Test.Rows", func(s *shelf) variant.Value { return component.Of(s.rows) }),
	component.Action("Keep", "(value)", func(s *shelf, args component.Args) error {
		s.threads = append(s.threads, args.At(0))
		return nil
	}),
	component.Method("Kept", "(i)", "any", func(s *shelf, args component.Args) (variant.Value, error) {
		i, err := args.Long(0, 0)
		return s.threads[i], err
	}),
	component.Method("Sorts", "(…values)", "text", func(s *shelf, args component.Args) (variant.Value, error) {
		var names []string
		for _, a := range args {
			names = append(names, a.TypeName())
		}
		return variant.String(strings.Join(names, " ")), nil
	}),
	component.Method("Text", "(value)", "text", func(s *shelf, args component.Args) (variant.Value, error) {
		text, err := args.Text(0)
		return variant.String(text), err
	}),
	component.Indexed("Tag", "(name)", "text",
		func(s *shelf, args component.Args) (variant.Value, error) {
			return variant.String(strings.Join(s.keys, ",")), nil
		},
		func(s *shelf, args component.Args, v variant.Value) error {
			from, err := args.Text(0)
			to, err2 := v.ToString()
			s.keys = append(s.keys, from+"="+to)
			return errors.Join(err, err2)
		}),
	{Name: "Active", Put: func(o component.Object, _ component.Args, v variant.Value) error {
		o.(*shelf).name = "let " + v.TypeName()
		return nil
	}, PutRef: func(o component.Object, _ component.Args, v variant.Value) error {
		o.(*shelf).name = "set " + v.TypeName()
		return nil
	}},
	component.Method("Give", "(what)", "any", (*shelf).give),
	component.Method("Fail", "(how)", "", (*shelf).fail),
	component.Method("Around", "()", "text", func(s *shelf, _ component.Args) (variant.Value, error) {
		path, err := s.env.MapPath("x.txt")
		s.env.Log().Info("around")
		return variant.String(fmt.Sprint(s.env.Page(), " ", path, " ", s.env.UserAgent(), " ", s.env.LCID(), " ", s.env.CodePage(), " ", s.env.Context().Err())), err
	}),
}})

func (s *shelf) give(args component.Args) (variant.Value, error) {
	what, err := args.Text(0)
	switch what {
	case "currency":
		return variant.Currency(12345), err
	case "date":
		return variant.FromTime(time.Date(2001, 3, 9, 12, 30, 0, 0, time.Local))
	case "bytes":
		return variant.Bytes([]byte{1, 2, 255}), nil
	case "null":
		return variant.Null, nil
	case "nothing":
		return variant.Nothing, nil
	case "long":
		return variant.LongLong(1 << 60), nil
	case "error":
		return variant.Error(variant.Overflow), nil
	case "missing":
		return variant.Missing, nil
	case "table": // two columns, three rows, as GetRows gives them
		a, err := variant.NewArray(variant.Bound{Len: 2}, variant.Bound{Len: 3})
		if err != nil {
			return variant.Empty, err
		}
		for i := range a.Elements() {
			a.Elements()[i] = variant.Int(int64(i))
		}
		return variant.OfArray(a), nil
	}
	return variant.Empty, err
}

func (s *shelf) fail(args component.Args) (variant.Value, error) {
	how, err := args.Text(0)
	switch how {
	case "number":
		return variant.Empty, &component.Error{Number: component.Control(3021), Source: "Test.Shelf", Description: "nothing here"}
	case "result":
		return variant.Empty, variant.Overflow
	case "plain":
		return variant.Empty, errors.New("some words")
	case "panic":
		panic("on the shelf")
	}
	return variant.Empty, err
}

var rowsClass = component.Make(component.Class{
	Name: "Test.Rows",
	Members: []component.Member{
		component.Indexed("Item", "(i)", "Test.Cell",
			func(r *shelfRows, args component.Args) (variant.Value, error) {
				i, err := args.Long(0, 0)
				if err != nil || int(i) >= len(r.cells) {
					return variant.Empty, variant.BadIndex
				}
				return component.Of(r.cells[i]), nil
			},
			func(r *shelfRows, args component.Args, v variant.Value) error {
				i, err := args.Long(0, 0)
				if err == nil {
					r.cells[i].value = v.Own()
				}
				return err
			}),
		component.Action("Add", "(value)", func(r *shelfRows, args component.Args) error {
			r.cells = append(r.cells, &shelfCell{args.At(0)})
			return nil
		}),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		r := o.(*shelfRows)
		return component.Walk(func(i int) (variant.Value, bool) {
			if i >= len(r.cells) {
				return variant.Empty, false
			}
			return component.Of(r.cells[i]), true
		}), nil
	},
})

var cellClass = component.Make(component.Class{
	Name:    "Test.Cell",
	Members: []component.Member{component.Property("Value", "any", func(c *shelfCell) (variant.Value, error) { return c.value, nil }, nil)},
	Default: "Value",
})

// shelfHost makes shelves, which say how they end.
type shelfHost struct {
	testHost
	log []string
}

func (h *shelfHost) CreateObject(env component.Env, progID string) (*Object, error) {
	s := &shelf{env: env, name: progID, log: &h.log}
	s.rows = &shelfRows{shelf: s}
	threading := PerRequest
	if progID == "agile" {
		threading = Agile
	}
	return &Object{ProgID: progID, Instance: s, Threading: threading}, nil
}

// shelves runs a page that makes shelves; s is one.
func shelves(t *testing.T, src string) (out string, log []string, err error) {
	t.Helper()
	host := &shelfHost{}
	files := sources{"default.asp": "<% var s = Server.CreateObject('Test.Shelf'); function w(x) { Response.Write(x + '|') } " +
		"function caught(f) { try { f(); w('no error') } catch (e) { w((e.number & 0xFFFF) + ' ' + e.description) } } " + src + " %>"}
	p, err := NewCompiler(CompilerConfig{}).Compile("default.asp", files)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/default.asp?a=1", nil)
	r.Header.Set("User-Agent", "tester")
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	session := newTestSession()
	err = New(context.Background(), &Env{
		Request: asphttp.NewRequest(r, nil, asphttp.RequestConfig{}), Response: res, Host: host, Session: session,
		Log: slog.New(slog.DiscardHandler),
	}).Run(p)
	return string(res.Body()), host.log, err
}

// TestHosted: what a page sees of an object with a table.
func TestHosted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"names in any case": {`s.NAME = "x"; w(s.name)`, "x|"},
		"one pointer is one object": {`w(s.Rows === s.rows); s.Rows.Add(1); w(s.Rows(0) === s.Rows.Item(0)); w(s === s.Kept)`,
			"true|true|false|"},
		"a script's value comes back as it is": {`var f = function () { return 7 }, o = { o: 1 }; o.self = o; s.Keep(f); s.Keep(o); s.Keep(s); s.Keep(Request.QueryString("a"));
			w(s.Kept(0) === f); w(s.Kept(1) === o); w(s.Kept(2) === s); w(String(s.Kept(3))); w(s.Kept(0)())`, "true|true|true|1|7|"},
		"an item comes back as it was":  {`var q = Request.QueryString("a"); s.Keep(q); w(s.Kept(0) === q)`, "true|"},
		"a text keeps half a character": {`var h = "a\ud800b"; s.Keep(h); w(s.Kept(0) === h); w(s.Kept(0).length)`, "true|3|"},
		"three kinds of nothing": {`w(s.Sorts(undefined, null)); w(s.Sorts()); w(s.Sorts(1, 1.5, "x", true, {}, s, 3e9, 5n))`,
			"Empty Null||Long Double String Boolean Object Object Double LongLong|"},
		"texts are COM's": {`w(s.Text(0.1 + 0.2)); w(s.Text(true)); w(s.Text(new Date(NaN))); w(s.Text({ toString: function () { return "own" } }))`,
			"0.3|True|Invalid Date|own|"},
		"what a script throws goes through": {`try { s.Text({ toString: function () { throw "mine" } }) } catch (e) { w(e) }`, "mine|"},
		"a property with arguments":         {`s.Tag("a") = "b"; s.tag("c") = 1; w(s.Tag("x"))`, "a=b,c=1|"},
		"put and putref":                    {`s.Active = 1; w(s.Name); s.Active = s.Rows; w(s.Name)`, "let Long|set Object|"},
		"the default property": {`s.Rows.Add("one"); s.Rows(0) = "two"; w(s.Rows(0)); w(s.Rows.Item(0).Value); s.Rows.Item(0) = 3; w(s.Rows(0) + 1); w(typeof s.Rows(0))`,
			"two|two|4|object|"},
		"enumeration": {`s.Rows.Add(1); s.Rows.Add(2); for (var e = new Enumerator(s.Rows); !e.atEnd(); e.moveNext()) w(e.item()); for (var x of s.Rows) w(x)`,
			"1|2|1|2|"},
		"enumeration is live": {`s.Rows.Add(1); for (var e = new Enumerator(s.Rows); !e.atEnd(); e.moveNext()) { w(e.item()); if (e.item() < 3) s.Rows.Add(e.item() + 1) }
			w(e.item() === undefined); e.moveNext(); e.moveFirst(); w(e.item()); var n = 0; for (var x of s.Rows) if (n++ == 0) s.Rows.Add(9); w(n)`,
			"1|2|3|true|1|4|"},
		"values": {`w(s.Give("currency")); w(s.Give("date").getFullYear()); w(s.Give("bytes").length); w(s.Give("null")); w(s.Give("nothing")); w(s.Give("long") + 1n);
			w(s.Give("error")); w(s.Give("missing")); w(s.Give("empty"))`,
			"1.2345|2001|3|null|null|1152921504606846977|-2147352566|undefined|undefined|"},
		"an array of two dimensions": {`var t = s.Give("table"); w(t.length); w(t[2][1]); var v = new VBArray(t); w(v.ubound(1)); w(v.ubound(2)); w(v.getItem(1, 2))`, "3|5|1|2|5|"},
		"errors": {`caught(function () { s.Fail("number") }); caught(function () { s.Fail("result") }); caught(function () { s.Fail("plain") });
			caught(function () { s.Fail() }); caught(function () { s.Rows(9) }); caught(function () { s.Nmae() }); caught(function () { s.Rows = 1 }); caught(function () { s.Active })`,
			"3021 nothing here|10 overflow|16389 some words|15 argument not optional|11 subscript out of range|" +
				"438 Object doesn't support this property or method: Test.Shelf.Nmae: did you mean Name?|438 Test.Shelf.Rows can't be assigned|3 object doesn't support this property or method|"},
		"a panic is its page's error": {`try { s.Fail("panic") } catch (e) { w(/external object/.test(e.message)) }`, "true|"},
		"what is around it":           {`w(s.Around())`, "/default.asp /x.txt tester 1033 65001 <nil>|"},
		"what is stored of it":        {`s.Rows.Add("v"); Session("v") = s.Rows(0); w(typeof Session("v"))`, "string|"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := shelves(t, c.src)
			if err != nil || got != c.want {
				t.Errorf("%q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// TestClose: components are told of the end of their request, the last one first,
// on every way out; those that Session has taken aren't.
func TestClose(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"the end":           {`Server.CreateObject("b")`, "b 0, Test.Shelf 0"},
		"Response.End":      {`Server.CreateObject("b"); Response.End()`, "b 0, Test.Shelf 0"},
		"an error":          {`Server.CreateObject("b"); nothing()`, "b 1, Test.Shelf 1"},
		"kept":              {`Session("s") = Server.CreateObject("agile")`, "Test.Shelf 0"},
		"one that fails":    {`Server.CreateObject("fails")`, "fails 0, Test.Shelf 0"},
		"one that panics":   {`Server.CreateObject("panics"); Server.CreateObject("b")`, "b 0, panics 0, Test.Shelf 0"},
		"ActiveXObject too": {`new ActiveXObject("b")`, "b 0, Test.Shelf 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, log, _ := shelves(t, c.src)
			if got := strings.Join(log, ", "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// plainBox is a component of Go's methods and fields alone.
type plainBox struct {
	Part  *plainPart
	Money variant.Value
	kept  []variant.Value
	log   *[]string
}

type plainPart struct{ Name string }

func (b *plainBox) Keep(v variant.Value)           { b.kept = append(b.kept, v) }
func (b *plainBox) Kept(i int) variant.Value       { return b.kept[i] }
func (b *plainBox) Parts() []*plainPart            { return []*plainPart{b.Part, {"other"}} }
func (b *plainBox) Elements() []string             { return []string{"x", "y"} }
func (b *plainBox) Names(p ...*plainPart) string   { return fmt.Sprint(len(p), p[0] == b.Part) }
func (b *plainBox) Size(n uint8, f float32) string { return fmt.Sprint(n, f) }
func (b *plainBox) Any(v any) string               { return fmt.Sprintf("%T", v) }
func (b *plainBox) When(t time.Time) string        { return t.Format(time.DateOnly) }
func (b *plainBox) Close(end component.End) error  { *b.log = append(*b.log, "closed"); return nil }

// boxHost makes plain boxes.
type boxHost struct {
	testHost
	log []string
}

func (h *boxHost) CreateObject(_ component.Env, progID string) (*Object, error) {
	return &Object{ProgID: progID, Instance: &plainBox{Part: &plainPart{"one"}, Money: variant.Currency(12345), log: &h.log}}, nil
}

// TestReflected: what is made of a Go type is an object as one with a table is.
func TestReflected(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`b.Part === b.part`:                      "True",
		`b.Parts()[0] === b.Part`:                "True",
		`b.Names(b.Part, b.Part)`:                "2 true",
		`(b.Keep(f), b.Kept(0) === f)`:           "True",
		`(b.Keep(b), b.Kept(0) === b)`:           "True",
		`(b.Keep(b.Part), b.Kept(0) === b.Part)`: "True",
		`b.Money`:                                "1.2345",
		`[...b].join()`:                          "x,y",
		`b.Size("7", "1.5")`:                     "7 1.5",
		`b.Size(300, 1)`:                         "300 doesn't fit into uint8",
		`b.Size(1.5, 1)`:                         "1.5 doesn't fit into uint8",
		`b.Size(-1, 1)`:                          "-1 doesn't fit into uint8",
		`b.Size(1, 2, 3)`:                        "b.Size: wrong number of arguments",
		`[b.Any(1), b.Any(1.5), b.Any("s"), b.Any(true), b.Any(null), b.Any(), b.Any([1]), b.Any({}), b.Any(-0)].join()`: "int,float64,string,bool,<nil>,<nil>,[]interface {},map[string]interface {},float64",
		`b.Any(f)`:                     "a function cannot be stored",
		`b.Any("\ud800")`:              "half of a surrogate pair",
		`b.When(new Date(2001, 2, 9))`: "2001-03-09",
		`String(b.Close)`:              "undefined",
		`b.Close()`:                    "has no member 'Close'",
		`b.Keep === b.keep`:            "True",
	} {
		t.Run(src, func(t *testing.T) {
			t.Parallel()
			host := &boxHost{}
			files := sources{"default.asp": "<% var b = Server.CreateObject('b'), f = function () {}; try { Response.Write(" + src +
				") } catch (e) { Response.Write('error: ' + e.message) } %>"}
			p, err := NewCompiler(CompilerConfig{}).Compile("default.asp", files)
			if err != nil {
				t.Fatal(err)
			}
			res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
			err = New(context.Background(), &Env{Response: res, Host: host}).Run(p)
			if got := string(res.Body()); err != nil || got != want && (!strings.HasPrefix(got, "error: ") || !strings.Contains(got, want)) {
				t.Errorf("%s: %q (%v), want %q", src, got, err, want)
			}
			if len(host.log) != 1 {
				t.Errorf("closed %d times", len(host.log))
			}
		})
	}
}
