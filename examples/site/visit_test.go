package site_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// form makes a form of names and values in turn.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

func TestGuestbook(t *testing.T) {
	server := serve(t, nil)
	v := newVisitor(t, server)
	token := v.get("guestbook.asp", 200).token(t)

	empty := v.post("guestbook.asp", form("token", token, "name", " ", "text", ""), 422)
	empty.has(t, "Please tell your name.", "Please write something.", `aria-invalid="true" aria-describedby="name-problem"`)

	long := v.post("guestbook.asp", form("token", token, "name", strings.Repeat("ä", 41), "text", "kept"), 422)
	long.has(t, "40 letters are enough.", ">kept</textarea>")

	forged := v.post("guestbook.asp", form("token", "guessed", "name", "Mallory", "text", "x"), 403)
	forged.has(t, "This form was not from here")
	v.get("guestbook.asp", 200).hasNot(t, "<b>Mallory</b>")

	sent := v.post("guestbook.asp", form("token", token, "name", `<i>"Ada"</i>`, "text", "1 < 2 & so\non"), 302)
	shown := v.follow(sent)
	shown.has(t, "&lt;i&gt;&quot;Ada&quot;&lt;/i&gt;", "1 &lt; 2 &amp; so\non", "Thank you")
	v.get("guestbook.asp", 200).hasNot(t, "Thank you")

	again := form("token", token, "once", "a number", "name", "Twice", "text", "x")
	v.post("guestbook.asp", again, 302)
	twice := v.follow(v.post("guestbook.asp", again, 302))
	if n := strings.Count(twice.output(), "<b>Twice</b>"); n != 1 {
		t.Errorf("a form that was sent twice stands in the book %d times", n)
	}

	other := newVisitor(t, server)
	other.get("guestbook.asp", 200).has(t, "1 &lt; 2 &amp; so")
	stolen := other.post("guestbook.asp", form("token", token, "name", "Eve", "text", "x"), 403)
	stolen.hasNot(t, "<b>Eve</b>")
}

func TestGuestbookKeepsTwenty(t *testing.T) {
	v := newVisitor(t, serve(t, nil))
	token := v.get("guestbook.asp", 200).token(t)
	for i := range 25 {
		v.post("guestbook.asp", form("token", token, "name", fmt.Sprintf("visitor %d.", i), "text", "x"), 302)
	}
	a := v.get("guestbook.asp", 200)
	a.has(t, "visitor 24.", "visitor 5.")
	a.hasNot(t, "visitor 4.")
}

func TestCart(t *testing.T) {
	server := serve(t, nil)
	v := newVisitor(t, server)
	token := v.get("cart.asp", 200).token(t)
	change := func(id, what string) answer {
		return v.follow(v.post("cart.asp", form("token", token, "id", id, "do", what), 302))
	}
	change("flute", "more")
	change("flute", "more")
	full := change("mirror", "more")
	full.has(t, "49.00 €", "7.90 €", "56.90 €", "One Charmer&#39;s flute less")
	change("mirror", "less").has(t, "<td class=\"number\">49.00 €</td></tr></tfoot>")

	change("constructor", "more").has(t, "49.00 €")
	v.post("cart.asp", form("token", "guessed", "do", "empty"), 200).has(t, "49.00 €")
	newVisitor(t, server).get("cart.asp", 200).has(t, "Nothing in it yet.")
	change("", "empty").has(t, "Nothing in it yet.")
}

func TestCounter(t *testing.T) {
	server := serve(t, nil)
	v, other := newVisitor(t, server), newVisitor(t, server)
	token := v.get("counter.asp", 200).token(t)
	v.follow(v.post("counter.asp", form("token", token, "do", "count"), 302)).has(t, `<output id="count">1</output>`)

	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { v.post("parts/count.asp", nil, 200) })
	}
	all.Wait()
	a := other.get("counter.asp", 200)
	a.has(t, `<output id="count">21</output>`)
	if n := strings.Count(a.output(), "just came"); n != 2 {
		t.Errorf("%d visitors in the list, want 2", n)
	}
}

// TestLeaving waits until Session_OnEnd has taken the visitor off the list.
func TestLeaving(t *testing.T) {
	t.Parallel()
	server := serve(t, nil)
	v, watcher := newVisitor(t, server), newVisitor(t, server)
	token := v.get("counter.asp", 200).token(t)
	v.post("counter.asp", form("token", token, "do", "leave"), 302)
	var figures struct{ Sessions int }
	for figures.Sessions = -1; figures.Sessions != 0; {
		a := watcher.get("parts/figures.asp", 200)
		if err := json.Unmarshal([]byte(a.body), &figures); err != nil {
			t.Fatal(err)
		}
	}
	watcher.get("parts/visitors.asp", 200).hasNot(t, "just came")
	if next := v.get("counter.asp", 200).token(t); next == token {
		t.Error("the visitor came back with the old session")
	}
}

// TestSourceTakesNoPath tries to read what isn't in the list.
func TestSourceTakesNoPath(t *testing.T) {
	v := newVisitor(t, serve(t, nil))
	for _, of := range []string{"../../go.mod", "site_test.go", "inc/source/list.inc", "/outside", "GLOBAL.ASA", "inc/../global.asa", "a&of=global.asa"} {
		a := v.get("source.asp?of="+strings.ReplaceAll(of, "/", "%2F"), 404)
		if !strings.Contains(a.body, "<figcaption>source.asp</figcaption>") || strings.Contains(a.body, "<figcaption>global.asa</figcaption>") {
			t.Errorf("source.asp?of=%s shows something else than itself", of)
		}
	}
}

// TestOldAndNew holds the two pages of jscript.asp against each other.
func TestOldAndNew(t *testing.T) {
	v := newVisitor(t, serve(t, nil))
	for _, query := range []string{"", "?who=", "?who=Ada&who=Eve", "?b=%3Cb%3E&a=1&b=2", "?toString=1&Count=2&x"} {
		old := loose(v.get("parts/jscript-1999.asp"+query, 200).body)
		today := loose(v.get("parts/jscript-today.asp"+query, 200).body)
		if old != today {
			t.Errorf("%s\n1999:  %s\ntoday: %s", query, old, today)
		}
	}
}

// loose is HTML without what a browser ignores.
func loose(html string) string {
	html = strings.ReplaceAll(strings.ToLower(html), `"`, "")
	return strings.ReplaceAll(strings.Join(strings.Fields(html), " "), "> <", "><")
}

// TestMounted runs the site below another path: its links must stay inside.
func TestMounted(t *testing.T) {
	v := newVisitor(t, serveAt(t, "/demo"))
	v.get("demo/", 200).has(t, `href="/demo/style.css"`, `href="/demo/guestbook.asp"`)
	token := v.get("demo/cart.asp", 200).token(t)
	v.follow(v.post("demo/cart.asp", form("token", token, "id", "flute", "do", "more"), 302)).has(t, "24.50 €")
}
