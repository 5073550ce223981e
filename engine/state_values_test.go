package engine

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Values that a page stores come back as copies in the next request, from
// Session and from Application.
func TestValuesComeBackAsTheyWere(t *testing.T) {
	values := []struct{ store, check string }{
		{`undefined`, `v === undefined && Session.Contents.Count == 1`},
		{`null`, `v === null`},
		{`true`, `v === true`},
		{`-0`, `Object.is(v, -0)`},
		{`NaN`, `Number.isNaN(v)`},
		{`-Infinity`, `v === -Infinity`},
		{`9007199254740991`, `v === 9007199254740991`},
		{`1.5e-300`, `v === 1.5e-300`},
		{`123456789012345678901234567890n`, `v === 123456789012345678901234567890n`},
		{`-5n`, `v === -5n && typeof v == "bigint"`},
		{`"ünï 😀 \u0000"`, `v === "ünï 😀 \u0000"`},
		{`new String("x")`, `v === "x"`},
		{`new Date(1234567890123)`, `v instanceof Date && v.getTime() === 1234567890123`},
		{`new Date(NaN)`, `v instanceof Date && isNaN(v.getTime())`},
		{`[1, , "x", [undefined]]`, `Array.isArray(v) && v.length == 4 && v[1] === undefined && v[3].length == 1`},
		{`{b: 1, a: {c: [2]}, "": 3}`, `Object.keys(v).join() == "b,a," && v.a.c[0] == 2 && v[""] == 3`},
		{`{"__proto__x": 1, ["__proto__"]: 5}`, `v.__proto__x == 1 && Object.keys(v).length == 2`},
		{`Object.assign(Object.create(null), {x: 1})`, `v.x == 1`},
		{`Object.freeze({x: 1})`, `v.x == 1`},
		{`new Map([["k", {x: 1}], [2, "two"]])`, `v instanceof Map && v.size == 2 && v.get("k").x == 1 && v.get(2) == "two"`},
		{`new Set([1, "1", [3]])`, `v instanceof Set && v.size == 3 && v.has(1) && v.has("1") && [...v][2][0] == 3`},
		{`new Uint8Array([1, 255])`, `v instanceof Uint8Array && v.length == 2 && v[1] == 255`},
		{`new Float64Array([1.5, NaN])`, `v instanceof Float64Array && v[0] == 1.5 && isNaN(v[1])`},
		{`new Uint8Array([1, 2, 3, 4]).subarray(1, 3)`, `v.length == 2 && v[0] == 2 && v[1] == 3`},
		{`new BigInt64Array([-7n])`, `v instanceof BigInt64Array && v[0] === -7n`},
		{`new Uint8Array([9, 8]).buffer`, `v instanceof ArrayBuffer && v.byteLength == 2 && new Uint8Array(v)[0] == 9`},
		{`new DataView(new Uint8Array([1, 2]).buffer)`, `v instanceof DataView && v.getUint8(1) == 2`},
		{`/a+b/gi`, `v instanceof RegExp && v.source == "a+b" && v.flags == "gi" && v.test("xAAB")`},
		{`new TypeError("bad")`, `v instanceof TypeError && v.message == "bad" && v.name == "TypeError"`},
	}
	files := map[string]string{}
	for i, v := range values {
		files[fmt.Sprintf("set%d.asp", i)] = fmt.Sprintf(`<%% Session("v") = %[1]s; Application("v%[2]d") = Session("v") %%>`, v.store, i)
		files[fmt.Sprintf("get%d.asp", i)] = fmt.Sprintf(`<%% var v = Session("v") %%><%%= %[1]s %%> <%% v = Application("v%[2]d") %%><%%= %[1]s %%>
			<%% Application.Lock(); v = Application("v%[2]d") %%><%%= %[1]s %%><%% Application.Unlock() %%>`, v.check, i)
	}
	pg := play(t, Config{}, files)
	for i, v := range values {
		g := pg.guest()
		g.get(fmt.Sprintf("/set%d.asp", i))
		if got := strings.Join(strings.Fields(g.get(fmt.Sprintf("/get%d.asp", i))), " "); got != "True True True" {
			t.Errorf("%s: %s is %s", v.store, v.check, got)
		}
	}
}

func TestValuesAreCopies(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp":     `<% var o = {n: 1, list: [1]}; Session("a") = o; Session("b") = o; o.n = 2; o.list.push(2); %><%= Session("a").n %> <%= Session("a").list.length %> <%= Session("a") === o %>`,
		"place.asp":   `<% Session("a").n = 5; Session("a").list.push({deep: 1}); Session("A").list[2].deep++ %><%= Session("a") === Session("A") %> <%= Session("a").list[2].deep %> <%= Session("b").n %>`,
		"show.asp":    `<%= JSON.stringify(Session("a")) %> <%= String(JSON.stringify(Session("b"))) %>`,
		"alias.asp":   `<% var a = Session("a"); a.n = 6; Session("b") = a; a.n = 7 %>`,
		"after.asp":   `<% var a = Session("a"); Session("a") = 1; a.n = 99 %>`,
		"gone.asp":    `<% var b = Session("b"); b.n = 99; Session.Contents.Remove("b") %>`,
		"chain.asp":   `<% var q = Session("q") = {}; q.z = 6; var l = Session("l") = []; l.push(1); Session("i") = Request("a"); Session("c") = {n: 1}; var c = Session("c"); Session.Close(); c.n = 2; %><%= typeof Session("i") %>`,
		"chained.asp": `<%= Session("q").z %> <%= Session("l").length %> <%= Session("i") %> <%= Session("c").n %>`,
		"map.asp":     `<% Session("m") = new Map([["x", {n: 1}]]); Session("d") = new Date(5); Session("t") = new Uint8Array(2) %>`,
		"mapin.asp":   `<% Session("m").get("x").n++; Session("m").set("y", 2); Session("d").setTime(7); Session("t")[1] = 9 %>`,
		"mapout.asp":  `<%= Session("m").get("x").n %> <%= Session("m").get("y") %> <%= Session("d").getTime() %> <%= Session("t")[1] %>`,
	})
	g := pg.guest()
	g.wants("/set.asp", "2 2 True") // what was assigned is that object for the rest of the page
	g.wants("/place.asp", "True 2 2")
	g.wants("/show.asp", `{"n":5,"list":[1,2,{"deep":2}]} {"n":2,"list":[1,2]}`)
	g.get("/alias.asp")
	g.wants("/show.asp", `{"n":7,"list":[1,2,{"deep":2}]} {"n":7,"list":[1,2,{"deep":2}]}`)
	g.get("/after.asp")
	g.get("/gone.asp")
	g.wants("/show.asp", "1 undefined")
	g.wants("/chain.asp?a=x", "string")
	g.wants("/chained.asp", "6 1 x 1") // what is closed is the page's alone again
	g.get("/map.asp")
	g.get("/mapin.asp")
	g.wants("/mapout.asp", "2 2 7 9")
}

// What is changed in place is stored on every way out of the page.
func TestChangesInPlaceAreStored(t *testing.T) {
	ways := map[string]string{
		"end":      `Response.End()`,
		"redirect": `Response.Redirect("/show.asp")`,
		"transfer": `Server.Transfer("other.asp")`,
		"throw":    `throw new Error("no")`,
		"flush":    `Response.Write("x"); Response.Flush()`,
		"close":    `Session.Close()`,
		"bad":      `Session("other") = {}; Session("other").f = function () {}`,
		"timeout":  outOfTime + `Server.CreateObject("Test.Meet").Stop("never")`,
		"loop":     outOfTime + `for (;;);`,
	}
	files := map[string]string{
		"set.asp":   `<% Session("cart") = {items: []} %>`,
		"show.asp":  `<%= Session("cart").items.length %>`,
		"other.asp": `<% Session("cart").items.push("of the other page") %>`,
	}
	for name, way := range ways {
		files[name+".asp"] = `<% Session("cart").items.push(1); ` + way + ` %>`
	}
	pg := play(t, Config{}, files)
	for name := range ways {
		g := pg.guest()
		g.get("/set.asp")
		g.fetch(t.Context(), "/"+name+".asp")
		want := "1"
		if name == "transfer" {
			want = "2"
		}
		if got := g.get("/show.asp"); got != want {
			t.Errorf("%s: the cart has %s items, want %s", name, got, want)
		}
	}
}

// Pages that execute each other see one cart.
func TestAnExecutedPageSeesWhatItsCallerChanged(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"outer.asp": `<% Session("cart") = {items: [1]}; Session("cart").items.push(2); Server.Execute("inner.asp"); Session("cart").items.push(4);
			Application.Lock(); Application("all") = [1]; Application("all").push(2); Server.Execute("shared.asp"); Application("all").push(4); Application.Unlock() %><%= Session("cart").items.join("") %> <%= Application("all").join("") %>`,
		"inner.asp":  `<% Session("cart").items.push(3) %>`,
		"shared.asp": `<% Application("all").push(3) %>`,
		"show.asp":   `<%= Session("cart").items.join("") %> <%= Application("all").join("") %>`,
	})
	g := pg.guest()
	g.wants("/outer.asp", "1234 1234")
	g.wants("/show.asp", "1234 1234")
}

// One value has at most a mebibyte, in Session and in Application alike, with
// memory and with a file: a larger one is refused where it is assigned, with
// its key, and what was there stays.
func TestValuesAreBounded(t *testing.T) {
	t.Parallel()
	files := map[string]string{"size.asp": `<%
		var where = {session: Session, application: Application}[String(Request.QueryString("in"))];
		where("x") = "small";
		var fits = new Array((1 << 20) - 99).join("x"), said = "nothing";
		if (where === Application) where("y") = fits; else where("x") = fits;
		where("x") = "small";
		try { where("x") = fits + new Array(200).join("x") } catch (e) { said = e.message }
		%><%= where("x") %> <%= said %>`}
	for _, state := range []string{"memory", "file"} {
		pg := (*playground)(nil)
		if state == "file" {
			pg = durable(t, filepath.Join(t.TempDir(), "state.db"), Config{}, files)
		} else {
			pg = play(t, Config{}, files)
		}
		for where, key := range map[string]string{"session": `Session("x")`, "application": `Application("x")`} {
			got := pg.guest().get("/size.asp?in=" + where)
			if !strings.HasPrefix(got, "small ") || !strings.Contains(got, key) || !strings.Contains(got, "1048576") {
				t.Errorf("%s, %s: %.300q", state, where, got)
			}
		}
	}
}
