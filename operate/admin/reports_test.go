package admin

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/najahost/naja/engine"
)

func TestErrors(t *testing.T) {
	d := newDesk(t)
	for range 3 {
		d.visit("/throws.asp")
	}
	var said struct{ Applications []ApplicationErrors }
	if err := json.Unmarshal([]byte(d.get("/errors.json").text), &said); err != nil || len(said.Applications) != 2 {
		t.Fatalf("%v in %+v", err, said)
	}
	all := said.Applications[0].Errors
	if len(all) != 1 || all[0].Count != 3 || all[0].Line != 2 || !strings.Contains(all[0].Message, "no such luck") || all[0].First.After(all[0].Last) {
		t.Errorf("errors: %+v", all)
	}
	got := d.get("/errors.txt", "application", "/")
	if !strings.Contains(got.text, "throws.asp:2") || !strings.Contains(got.text, "3 times") || !strings.Contains(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v %s", got.header, got.text)
	}
	for _, path := range []string{"/errors.json", "/errors.txt"} {
		if got := d.get(path, "application", "/none"); got.status != 404 {
			t.Errorf("%s of an unknown application: %d", path, got.status)
		}
	}
}

// An error says what led there and who asked, without what a visitor sent.
func TestAnErrorIsTold(t *testing.T) {
	d := newDesk(t)
	d.visit("/deep.asp?name=secret-of-ada")
	var said struct{ Applications []ApplicationErrors }
	text := d.get("/errors.json", "application", "/").text
	if err := json.Unmarshal([]byte(text), &said); err != nil || len(said.Applications[0].Errors) != 1 {
		t.Fatalf("%v in %s", err, text)
	}
	e := said.Applications[0].Errors[0]
	if e.Method != "GET" || e.URL != "/deep.asp" || e.Page != "deep.asp" || e.Line != 2 || e.Column == 0 || len(e.Stack) != 3 ||
		e.Stack[0] != fmt.Sprintf("inner (deep.asp:2:%d)", e.Column) || !strings.HasPrefix(e.Stack[1], "outer (deep.asp:3:") {
		t.Errorf("%+v", e)
	}
	if file := d.get("/errors.txt", "application", "/").text; !strings.Contains(file, "by GET /deep.asp") || !strings.Contains(file, "at "+e.Stack[1]) {
		t.Errorf("%s", file)
	}
	if strings.Contains(text, "secret-of-ada") {
		t.Errorf("a visitor's value is told: %s", text)
	}
}

// What there is no time for has none: nothing is told of the year 1.
func TestNoTimeIsNull(t *testing.T) {
	d := newDesk(t)
	d.post("/unload", "application", "/shop")
	d.visit("/default.asp")
	for _, path := range []string{"/status.json", "/status.xml", "/metrics", "/sessions.json", "/errors.json", "/errors.txt"} {
		if text := d.get(path).text; strings.Contains(text, "0001-01") || strings.Contains(text, "-62135596800") {
			t.Errorf("%s: %s", path, text)
		}
	}
	if text := d.get("/status.json").text; !strings.Contains(text, `"since": null`) {
		t.Errorf("%s", text)
	}
}

func TestSessions(t *testing.T) {
	d := newDesk(t, func(c *Config) { c.ShowValues = false })
	d.visit("/")
	d.visit("/")
	list := func(form ...string) (page struct{ engine.SessionPage }) {
		t.Helper()
		got := d.get("/sessions.json", form...)
		if err := json.Unmarshal([]byte(got.text), &page); err != nil || got.status != 200 {
			t.Fatalf("%d %s: %v", got.status, got.text, err)
		}
		return page
	}
	first := list("n", "1")
	if len(first.Sessions) != 1 || first.Next == "" {
		t.Fatalf("the first page: %+v", first)
	}
	if rest := list("after", first.Next); len(rest.Sessions) != 1 || rest.Sessions[0].ID == first.Sessions[0].ID {
		t.Errorf("the rest: %+v", rest)
	}
	id := first.Sessions[0].ID
	var one struct{ Session engine.SessionDetail }
	if err := json.Unmarshal([]byte(d.get("/sessions.json", "id", id).text), &one); err != nil || len(one.Session.Values) != 2 {
		t.Fatalf("one: %+v, %v", one, err)
	}
	for _, v := range one.Session.Values {
		if v.Value != "" || v.Bytes == 0 {
			t.Errorf("value: %+v", v)
		}
	}
	d.done(d.post("/sessions/end", "id", id), "/", "has ended")
	d.failedWith(d.post("/sessions/end", "id", id), 404, "")
	d.failedWith(d.post("/sessions/end"), 400, "id is missing")
	for form, want := range map[string]int{"id=" + id: 404, "application=/none": 404, "n=0": 400, "n=x": 400, "n=9999": 400} {
		name, value, _ := strings.Cut(form, "=")
		if got := d.get("/sessions.json", name, value); got.status != want || got.OK {
			t.Errorf("%s: %d %s", form, got.status, got.text)
		}
	}
}

func TestSessionValues(t *testing.T) {
	d := newDesk(t, func(c *Config) { c.ShowValues = true })
	d.visit("/")
	var page engine.SessionPage
	if err := json.Unmarshal([]byte(d.get("/sessions.json").text), &page); err != nil || len(page.Sessions) != 1 {
		t.Fatal(page, err)
	}
	if got := d.get("/sessions.json", "id", page.Sessions[0].ID); !strings.Contains(got.text, "Ada") {
		t.Errorf("%s", got.text)
	}
}
