package gorillastore_test

import (
	"encoding/gob"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/sessions"
)

// A person is a type of a program's own.
type person struct {
	Name string `json:"name"`
	Age  int
	note string
}

// ways are the ways for a page to end that did something to its session.
var ways = map[string]string{
	"buffered": `<% SCRIPT %>done`,
	"flushed":  `<% SCRIPT; Response.Write("a"); Response.Flush() %>done`,
	"late":     `<% Response.Write("a"); Response.Flush(); SCRIPT %>done`,
	"redirect": `<% SCRIPT; Response.Redirect("/elsewhere") %>`,
	"error":    `<% SCRIPT; throw new Error("it fails") %>`,
	"timeout":  `<% SCRIPT; for (;;) ; %>`,
}

// setups are stores that keep sessions in different ways.
var setups = map[string]func(t *testing.T) sessions.Store{
	"files":      func(t *testing.T) sessions.Store { return newFiles(t) },
	"wrapped":    func(t *testing.T) sessions.Store { return wrapped{newFiles(t)} },
	"cookie":     func(t *testing.T) sessions.Store { return sessions.NewCookieStore(key) },
	"raw files":  func(t *testing.T) sessions.Store { return newFiles(t) },
	"encrypted":  func(t *testing.T) sessions.Store { return sessions.NewCookieStore(key, key) },
	"raw cookie": func(t *testing.T) sessions.Store { return sessions.NewCookieStore(key) },
}

// wrapped is a store of a type that nobody knows.
type wrapped struct{ sessions.Store }

func (w wrapped) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(w, name)
}

func goValues() map[any]any {
	return map[any]any{
		"text": "héllo", "yes": true, "n": 41, "n64": int64(41), "f": 1.0, "when": time.Date(2026, 3, 4, 12, 0, 0, 5e6, time.UTC),
		"bytes": []byte{1, 2}, "big": uint64(1) << 60, "list": []any{1, "a"}, "map": map[string]any{"k": "v"},
		"who": person{"Ann", 40, "x"}, "team": []person{{Name: "Bob"}}, 5: "not text",
	}
}

// goPuts puts one value of each kind, and a flash message.
func goPuts(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
	for key, v := range goValues() {
		s.Values[key] = v
	}
	s.AddFlash("hello")
	save(s, w, r)
}

// pageSees is script that leaves under "saw" what a page sees of that.
const pageSees = `Session("saw") = [Session("TEXT"), Session("yes"), Session("n"), Session("n64"), Session("f"), Session("when").toISOString(),
	Session("bytes").length, typeof Session("big"), Session("list")[1], Session("map").k, Session("who").name, Session("team")[0].name,
	Session("_flash"), Session("note") ].join("|");
	Session("n")++; Session("N64") += 1; Session("f") = 2; Session("when") = new Date(0); Session("list").push("b")`

const pageSaw = "héllo|true|41|41|1|2026-03-04T12:00:00.005Z|2|bigint|a|v|Ann|Bob||"

// What a handler puts a page sees, in every way that a page may end, and what
// the page left alone is what it was.
func TestGoWritesPageReads(t *testing.T) {
	gob.Register(person{})
	gob.Register([]person{})
	forAll(t, pageSees, func(t *testing.T, v *visitor) {
		v.says("/go/puts", "ok")
		v.get("/page.asp")
		want := goValues()
		want["saw"], want["n"], want["n64"], want["f"] = pageSaw, 42, int64(42), 2.0
		want["when"], want["list"] = time.UnixMilli(0).UTC(), []any{1, "a", "b"}
		want["who"] = person{"Ann", 40, ""}
		want["_flash"] = []any{"hello"}
		got := v.stored()
		delete(got.Values, "_naja")
		for key, w := range want {
			if g := got.Values[key]; !reflect.DeepEqual(g, w) {
				v.Errorf("%s is %#v, want %#v", key, g, w)
			}
		}
		if len(got.Values) != len(want) {
			v.Errorf("%d values: %v", len(got.Values), got.Values)
		}
	})
}

// pagePuts is script that makes one value of each kind.
const pagePuts = `Session("text") = "héllo"; Session("yes") = true; Session("n") = 41; Session("f") = 1.5; Session("when") = new Date(5);
	Session("bytes") = new Uint8Array([1, 2]); Session("list") = [1, null, [2.5]]; Session("map") = {a: {b: "c"}}; Session("nothing") = null;
	Session("re") = /a+/g`

// What a page puts a handler finds under the natural types.
func TestPageWritesGoReads(t *testing.T) {
	forAll(t, pagePuts, func(t *testing.T, v *visitor) {
		v.get("/page.asp") // makes the session, unless it flushed before
		v.get("/page.asp")
		if v.Cookie == "" {
			v.Fatal("there is no cookie")
		}
		for key, want := range map[string]string{
			"text": "string héllo", "yes": "bool true", "n": "int 41", "f": "float64 1.5", "when": "time.Time 1970-01-01 00:00:00.005 +0000 UTC",
			"bytes": "[]uint8 [1 2]", "list": "[]interface {} [1 <nil> [2.5]]", "map": "map[string]interface {} map[a:map[b:c]]",
			"nothing": "<nil> <nil>", "re": `cborvalue.Opaque {"$regexp":"/a+/g"}`, "TEXT": "<nil> <nil>",
		} {
			v.says("/go/show?"+key, want)
		}
	})
}

// forAll runs a test with a page in every way and setup.
func forAll(t *testing.T, script string, test func(t *testing.T, v *visitor)) {
	for how, setup := range setups {
		for way, page := range ways {
			if way == "late" && !strings.Contains(how, "files") && how != "wrapped" {
				continue // a cookie can't be sent any more: TestCookieIsLate
			}
			if way == "timeout" && how != "files" && how != "cookie" {
				continue // it takes a second
			}
			t.Run(how+"/"+way, func(t *testing.T) {
				t.Parallel()
				raw := strings.HasPrefix(how, "raw")
				s := newSite(t, setup(t), raw, map[string]string{"page.asp": strings.Replace(page, "SCRIPT", script, 1)},
					handlers{"puts": goPuts, "show": show})
				test(t, &visitor{site: s})
			})
		}
	}
}
