package scsstore_test

import (
	"encoding/gob"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	scsstore "github.com/najahost/naja/interop/scs"
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
	"flushed":  `<% Response.Write("a"); Response.Flush(); SCRIPT %>done`,
	"redirect": `<% SCRIPT; Response.Redirect("/elsewhere") %>`,
	"error":    `<% SCRIPT; throw new Error("it fails") %>`,
	"timeout":  `<% SCRIPT; for (;;) ; %>`,
}

// setups are managers that keep sessions in different ways.
var setups = map[string]func(sm *scs.SessionManager){
	"gob":          func(*scs.SessionManager) {},
	"CBOR":         func(sm *scs.SessionManager) { sm.Codec = scsstore.CBOR{} },
	"idle, hashed": func(sm *scs.SessionManager) { sm.IdleTimeout, sm.HashTokenInStore = time.Minute, true },
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 5e6, time.UTC)

// goPuts puts one value of each kind.
func goPuts(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
	for key, v := range goValues() {
		sm.Put(r.Context(), key, v)
	}
	fmt.Fprint(w, "ok")
}

func goValues() map[string]any {
	return map[string]any{
		"text": "héllo", "yes": true, "n": 41, "n64": int64(41), "f": 1.0, "when": noon, "bytes": []byte{1, 2}, "big": uint64(1) << 60,
		"list": []any{1, "a"}, "map": map[string]any{"k": []any{}}, "who": person{"Ann", 40, "x"}, "team": []person{{Name: "Bob"}}, "none": nil,
	}
}

// pageSees is script that leaves under "saw" what a page sees of that.
const pageSees = `Session("saw") = [Session("TEXT"), Session("yes"), Session("n"), Session("n64"), Session("f"), Session("when").toISOString(),
	Session("bytes").length, typeof Session("big"), Session("list")[1], Session("map").k.length, Session("who").name, Session("team")[0].name,
	Session("none"), Session("note") ].join("|");
	Session("n")++; Session("N64") += 1; Session("f") = 2; Session("when") = new Date(0); Session("list").push("b")`

const pageSaw = "héllo|true|41|41|1|2026-03-04T12:00:00.005Z|2|bigint|a|0|Ann|Bob||"

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
		want["who"], want["team"] = person{"Ann", 40, ""}, []person{{Name: "Bob"}}
		got := v.stored()
		for key, w := range want {
			if g := got[key]; !same(g, w) {
				v.Errorf("%s is %#v, want %#v", key, g, w)
			}
		}
		if len(got) != len(want) {
			v.Errorf("%d keys: %v", len(got), got)
		}
	})
}

func same(a, b any) bool {
	if x, ok := a.(map[string]any); ok && len(x) == 1 { // gob has no empty lists
		return fmt.Sprint(a) == fmt.Sprint(b)
	}
	return reflect.DeepEqual(a, b)
}

// pagePuts is script that makes one value of each kind.
const pagePuts = `Session("text") = "héllo"; Session("yes") = true; Session("n") = 41; Session("f") = 1.5; Session("when") = new Date(5);
	Session("bytes") = new Uint8Array([1, 2]); Session("list") = [1, null, [2.5]]; Session("map") = {a: {b: "c"}}; Session("nothing") = null;
	Session("re") = /a+/g`

// What a page puts a handler finds under the natural types.
func TestPageWritesGoReads(t *testing.T) {
	forAll(t, pagePuts, func(t *testing.T, v *visitor) {
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
		if len(v.stored()) != 10 {
			v.Errorf("stored %v", v.stored())
		}
	})
}

// forAll runs a test with a page in every way and setup.
func forAll(t *testing.T, script string, test func(t *testing.T, v *visitor)) {
	for how, setup := range setups {
		for way, page := range ways {
			if way == "timeout" && how != "gob" {
				continue // it takes a second
			}
			t.Run(how+"/"+way, func(t *testing.T) {
				t.Parallel()
				sm := newSessions()
				setup(sm)
				s := newSite(t, sm, map[string]string{"page.asp": strings.Replace(page, "SCRIPT", script, 1)}, handlers{"puts": goPuts, "show": show})
				test(t, &visitor{site: s})
			})
		}
	}
}
