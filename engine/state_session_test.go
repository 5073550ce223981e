package engine

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// cookies are the Set-Cookie lines of an answer.
func cookiesOf(a guestAnswer) []string { return a.header["Set-Cookie"] }

func TestASessionBeginsWithItsFirstTouch(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"plain.asp":   `hello`,
		"names.asp":   `<% if (false) Session("x") = 1 %>hello`,
		"flushes.asp": `<% if (false) Session("x") = 1; Response.Write("a"); Response.Flush() %>b`,
		"id.asp":      `<%= Session.SessionID %>`,
		"read.asp":    `<%= String(Session("nothing")) %>`,
		"timeout.asp": `<%= Session.Timeout %>`,
		"late.asp":    `<% Response.Write("a"); Response.Flush(); var s = this["Sess" + "ion"]; try { s("x") = 1 } catch (e) { Response.Write(e.description.indexOf("headers were sent") > 0) } %>`,
		"execute.asp": `<% Server.Execute("touches.asp") %>`,
		"touches.asp": `<% Response.Write("a"); Response.Flush(); Session("x") = 1 %><%= Session("x") %>`,
		"lateget.asp": `<% Response.Write("a"); Response.Flush(); var s = this["Sess" + "ion"]; try { Response.Write(s("x")) } catch (e) { Response.Write(e.description.indexOf("headers were sent") > 0) } %>`,
	})
	for _, test := range []struct {
		page     string
		sessions int
	}{{"plain", 0}, {"names", 0}, {"timeout", 0}, {"late", 0}, {"lateget", 0}, {"flushes", 1}, {"id", 1}, {"read", 1}} {
		before := pg.Status().Sessions
		a := pg.guest().fetch(t.Context(), "/"+test.page+".asp")
		if n := len(cookiesOf(a)); a.status != 200 || n != test.sessions || pg.Status().Sessions-before != test.sessions {
			t.Errorf("%s.asp: %v with %d cookies and %d sessions, want %d", test.page, a, n, pg.Status().Sessions-before, test.sessions)
		}
	}
	pg.guest().wants("/execute.asp", "a1") // the other page names it
	pg.guest().wants("/late.asp", "aTrue")
	pg.guest().wants("/lateget.asp", "aTrue")
}

func TestTheCookieIsSetOnce(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"n.asp":       `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
		"flushed.asp": `<% Session("n") = (Session("n") || 0) + 1; Response.Write("x"); Response.Flush(); Session("n") += 10 %><%= Session("n") %>`,
		"failed.asp":  `<% Session("n") = 1; throw new Error("no") %>`,
		"moved.asp":   `<% Session("n") = 1; Response.Redirect("/n.asp") %>`,
	})
	want := regexp.MustCompile(`^NAJASESSIONID=[A-Za-z0-9_-]{32}; Path=/; HttpOnly; SameSite=Lax$`)
	for _, page := range []string{"/n.asp", "/flushed.asp", "/failed.asp", "/moved.asp"} {
		g := pg.guest()
		first := g.fetch(t.Context(), page)
		if c := cookiesOf(first); len(c) != 1 || !want.MatchString(c[0]) {
			t.Errorf("%s: %q", page, c)
		}
		second := g.fetch(t.Context(), "/flushed.asp")
		if c := cookiesOf(second); len(c) != 0 {
			t.Errorf("%s: set again: %q", page, c)
		}
	}
	g := pg.guest()
	g.wants("/flushed.asp", "x11") // what came after the flush is stored too
	g.wants("/n.asp", "12")
}

func TestSecureSessionsAreOthers(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"n.asp":     `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
		"renew.asp": `<% Session.Renew() %>`,
	})
	ask := func(secure bool, cookies ...string) *http.Response {
		r := httptest.NewRequest("GET", "/n.asp", nil)
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		for _, c := range cookies {
			r.Header.Add("Cookie", c)
		}
		w := httptest.NewRecorder()
		pg.ServeHTTP(w, r)
		return w.Result()
	}
	plain, secure := ask(false), ask(true)
	p, s := plain.Cookies()[0], secure.Cookies()[0]
	if p.Secure || !s.Secure || p.Name == s.Name || !s.HttpOnly || s.SameSite != http.SameSiteLaxMode {
		t.Errorf("%q\n%q", plain.Header["Set-Cookie"], secure.Header["Set-Cookie"])
	}
	// The token of one is no good for the other, under either name.
	for _, name := range []string{p.Name, s.Name} {
		if r := ask(true, name+"="+p.Value); len(r.Cookies()) != 1 {
			t.Errorf("a session begun without TLS is taken with it, as %s", name)
		}
		if r := ask(false, name+"="+s.Value); len(r.Cookies()) != 1 {
			t.Errorf("a session begun with TLS is taken without it, as %s", name)
		}
	}
	if r := ask(true, s.Name+"="+s.Value, p.Name+"="+p.Value); len(r.Cookies()) != 0 {
		t.Error("a browser that has both is not known")
	}
}

func TestForeignTokensAreNotAdopted(t *testing.T) {
	pg := play(t, Config{}, map[string]string{"n.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`})
	ask := func(cookie string) (body, token string) {
		r := httptest.NewRequest("GET", "/n.asp", nil)
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		w := httptest.NewRecorder()
		pg.ServeHTTP(w, r)
		if c := w.Result().Cookies(); len(c) > 0 {
			token = c[0].Value
		}
		return w.Body.String(), token
	}
	_, good := ask("")
	forged := strings.Repeat("A", 32)
	for _, bad := range []string{forged, "", "x", good[:31], good + "A", strings.ToLower(good), good[1:] + "=", strings.Repeat("A", 5000), "../../x", "%00", "\"" + forged + "\""} {
		body, token := ask("NAJASESSIONID=" + bad)
		if body != "1" || token == "" || token == bad {
			t.Errorf("%q: page %s, new token %q", clipped(bad, 50), body, token)
		}
	}
	// Of several each is tried, in any place and spelling of the list.
	n := 1
	for _, list := range []string{
		"NAJASESSIONID=" + good,
		"NAJASESSIONID=" + forged + "; NAJASESSIONID=" + good,
		"a=b; NAJASESSIONID=x; NAJASESSIONID=" + forged + "; NAJASESSIONID=" + good + "; c=d",
		"NAJASESSIONID=\"" + good + "\"",
	} {
		n++
		if body, token := ask(list); body != strconv.Itoa(n) || token != "" {
			t.Errorf("%s: page %s, want %d, token %q", list, body, n, token)
		}
	}
	if body, _ := ask("najasessionid=" + good); body != "1" {
		t.Error("names of cookies have a case")
	}
}

func TestRenewKeepsTheSession(t *testing.T) {
	pg := play(t, Config{SessionRenewGrace: None}, map[string]string{
		"n.asp":     `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %> <%= Session.SessionID %>`,
		"renew.asp": `<% Session.Renew(); Session("n") = 10 %>`,
		"late.asp":  `<% Session("n") = 1; Response.Write("a"); Response.Flush(); try { Session.Renew() } catch (e) { %><%= e.description %><% } %>`,
	})
	g, thief := pg.guest(), pg.guest()
	first := g.get("/n.asp")
	thief.client.Jar.SetCookies(mustURL(t, pg.url), g.client.Jar.Cookies(mustURL(t, pg.url)))
	old := g.client.Jar.Cookies(mustURL(t, pg.url))[0].Value
	g.get("/renew.asp")
	now := g.client.Jar.Cookies(mustURL(t, pg.url))[0].Value
	if now == old {
		t.Error("the token is the old one")
	}
	g.wants("/n.asp", "11 "+strings.Fields(first)[1])
	if got := thief.get("/n.asp"); strings.HasPrefix(got, "12") || strings.HasSuffix(got, strings.Fields(first)[1]) {
		t.Errorf("the old token still leads to the session: %s", got)
	}
	if got := g.get("/late.asp"); !strings.Contains(got, "can't get a new token after the headers were sent") {
		t.Errorf("Renew after a flush: %s", got)
	}
	if id := strings.Fields(first)[1]; strings.Contains(old+now, id) {
		t.Error("SessionID is part of the token")
	}
}

func TestSessionMax(t *testing.T) {
	pg := play(t, Config{SessionMax: 2}, map[string]string{
		"n.asp":     "\n<% Session(\"n\") = 1 %>",
		"read.asp":  "\n<%= Session(\"n\") %>",
		"id.asp":    "\n<%= Session.SessionID %>",
		"count.asp": "\n<%= Session.Contents.Count %>",
		"plain.asp": `hello`,
		"flush.asp": "\n<% Response.Write('a'); Response.Flush(); try { Session('x') = 1 } catch (e) { Response.Write(e.description.substr(0, 12)) } %>",
		"out.asp":   `<% Session.Abandon() %>`,
	})
	a := pg.guest()
	a.get("/n.asp")
	pg.guest().get("/n.asp")
	for _, page := range []string{"/n.asp", "/read.asp", "/id.asp", "/count.asp"} {
		if err := pg.guest().refused(page); err.Code != 246 || err.Line != 2 {
			t.Errorf("%s: %v", page, err)
		}
	}
	pg.guest().wants("/plain.asp", "hello")
	pg.guest().wants("/flush.asp", "a006~ASP 0246")
	a.get("/n.asp")
	a.get("/out.asp")
	pg.until("there is room again", func() bool { return pg.Status().Sessions < 2 })
	pg.guest().get("/n.asp")

	full := play(t, Config{SessionMax: 1}, map[string]string{
		"global.asa": `<script language=JavaScript runat=server>function Session_OnStart() { Session("x") = 1 }</script>`,
		"plain.asp":  `hello`,
	})
	full.guest().get("/plain.asp")
	if err := full.guest().refused("/plain.asp"); err.Code != 246 {
		t.Error(err)
	}
}

func TestSessionContents(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp": `<% Session("Alpha") = 1; Session.Contents("beta") = "two"; Session.Contents.Item("Gamma") = [3]; Session("ALPHA") = "one" %>`,
		"show.asp": `<% var c = Session.Contents %><%= c.Count %> <%= Session("alpha") %> <%= c("BETA") %> <%= c.Item("gamma")[0] %> <%= Session.Item("beta") %> <%= c.Key(1) %> <%= c.Item(2) %> <%= c(3)[0] %>
			<% for (var e = new Enumerator(Session.Contents); !e.atEnd(); e.moveNext()) Response.Write(e.item() + ","); for (var k in Session.Contents) Response.Write(k + ";"); for (var v of Session.Contents) Response.Write(v + "."); %>
			<%= typeof Session("none") %> <%= typeof Session %> <%= typeof Session.Contents %>`,
		"remove.asp":    `<% Session.Contents.Remove("ALPHA"); Session.Contents.Remove("none"); Session.Contents.Remove(1) %><%= Session.Contents.Count %> <%= Session.Contents.Key(1) %>`,
		"bounds.asp":    `<% var n = 0, c = Session.Contents; for (var i of [0, -1, 4, 1e9]) { try { c.Item(i) } catch (e) { n++ } try { c.Key(i) } catch (e) { n++ } try { c.Remove(i) } catch (e) { n++ } } %><%= n %>`,
		"removeall.asp": `<% Session.Contents.RemoveAll(); Session("last") = 1 %><%= Session.Contents.Count %>`,
		"count.asp":     `<%= Session.Contents.Count %> <%= Session("last") %>`,
	})
	g := pg.guest()
	g.get("/set.asp")
	got := strings.Join(strings.Fields(g.get("/show.asp")), " ")
	want := `3 one two 3 two Alpha two 3 Alpha,beta,Gamma,Alpha;beta;Gamma;Alpha.beta.Gamma. undefined object object`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	g.wants("/bounds.asp", "12")
	g.wants("/remove.asp", "1 Gamma")
	g.wants("/removeall.asp", "1")
	g.wants("/count.asp", "1 1")
}

func TestSessionSettings(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp":  `<% Session.Timeout = 5; Session.LCID = 1031; Session.CodePage = 1252 %>`,
		"show.asp": `<%= Session.Timeout %> <%= Session.LCID %> <%= Session.CodePage %> <%= Response.LCID %> <%= Response.CodePage %> ä`,
		"own.asp":  `<%@ CodePage=65001 LCID=1036 %><% Session("x") = 1 %><%= Response.LCID %> <%= Response.CodePage %>`,
		"ask.asp":  `<%= String(Request.QueryString("t")).charCodeAt(0) %>`,
		"asks.asp": `<%@ CodePage=65001 %><%= String(Request.QueryString("t")).charCodeAt(0) %>`,
		"asia.asp": `<% Session.CodePage = 936 %>`,
		"bad.asp":  `<% var n = 0; for (var f of [() => { Session.Timeout = 0 }, () => { Session.Timeout = 1000000 }, () => { Session.CodePage = 99999 }, () => { Session.LCID = -5 }]) try { f() } catch (e) { n++ } %><%= n %>`,
	})
	g := pg.guest()
	g.wants("/show.asp", "20 1033 65001 1033 65001 ä")
	g.get("/set.asp")
	a := g.fetch(t.Context(), "/show.asp")
	if want := "5 1031 1252 1031 1252 \xe4"; a.body != want || !strings.Contains(strings.ToLower(a.header.Get("Content-Type")), "1252") {
		t.Errorf("got %q, %s", a.body, a.header.Get("Content-Type"))
	}
	g.wants("/own.asp", "1036 65001")
	g.wants("/ask.asp?t=%E9", "233")
	g.get("/asia.asp")
	g.wants("/ask.asp?t=%D6%D0", "20013") // the session's code page reads the next page's request
	g.wants("/asks.asp?t=%E4%B8%AD", "20013")
	g.wants("/bad.asp", "4")
	pg.guest().wants("/show.asp", "20 1033 65001 1033 65001 ä")
}

func TestAbandon(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": `<script language=JavaScript runat=server>function Session_OnEnd(reason, id) {
			var meet = Server.CreateObject("Test.Meet"); meet.Note(reason + " " + Session("user") + " " + Session("late") + " " + Session.SessionID + " " + id.length) }</script>`,
		"in.asp":   `<% Session("user") = "ann" %><%= Session.SessionID %>`,
		"out.asp":  `<% Session.Abandon(); Session("late") = 1; Response.Write(Session("user") + " "); Session("late")++ %><%= Session("late") %> <%= Session.SessionID %>`,
		"show.asp": `<%= String(Session("user")) %> <%= Session.SessionID %>`,
		"fail.asp": `<% Session.Abandon(); throw new Error("after") %>`,
		"none.asp": `<% Session.Abandon() %>`,
	})
	g := pg.guest()
	id := g.get("/in.asp")
	g.wants("/out.asp", "ann 2 "+id)
	if got := g.get("/show.asp"); strings.Contains(got, "ann") || strings.Contains(got, id) {
		t.Errorf("after Abandon: %s", got)
	}
	pg.until("Session_OnEnd ran", func() bool { return len(pg.noted()) == 1 })
	if got, want := pg.noted()[0], "abandon ann 2 "+id+" 24"; got != want {
		t.Errorf("Session_OnEnd saw %q, want %q", got, want)
	}
	g.get("/in.asp")
	g.refused("/fail.asp") // who logs out is logged out, whatever came after it
	if got := g.get("/show.asp"); strings.Contains(got, "ann") {
		t.Errorf("after a failed page with Abandon: %s", got)
	}
	pg.until("Session_OnEnd ran again", func() bool { return len(pg.noted()) == 2 })
	if a := pg.guest().fetch(t.Context(), "/none.asp"); a.status != 200 || len(cookiesOf(a)) != 0 {
		t.Errorf("there was nothing to abandon: %v", a)
	}
}

// What a page stored is there for its client's next request, however the
// answer came to it.
func TestWhatAnAnswerStoredIsThereForTheNextRequest(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"buffered.asp": `<% Session("n") = Request.QueryString("n") %>done`,
		"flushed.asp":  `<% Session("n") = "early"; Response.Write("a"); Response.Flush(); Session("n") = String(Request.QueryString("n")) %>done`,
		"chunks.asp":   `<% Response.Buffer = false; for (var i = 0; i < 20; i++) Response.Write("some text "); Session("n") = String(Request.QueryString("n")) %>done`,
		"redirect.asp": `<% Session("n") = String(Request.QueryString("n")); Response.Redirect("/show.asp") %>`,
		"end.asp":      `<% Session("n") = String(Request.QueryString("n")); Response.End() %>`,
		"transfer.asp": `<% Session("n") = String(Request.QueryString("n")); Server.Transfer("show.asp") %>`,
		"throw.asp":    `<% Session("n") = String(Request.QueryString("n")); throw new Error("no") %>`,
		"place.asp":    `<% Session("o") = Session("o") || {}; Session("o").n = String(Request.QueryString("n")); Session("n") = Session("o").n; nothing.at.all() %>`,
		"show.asp":     `<%= String(Session("n")) %>`,
	})
	g := pg.guest()
	n := 0
	for range 10 {
		for _, page := range []string{"buffered", "flushed", "chunks", "redirect", "end", "transfer", "throw", "place"} {
			n++
			g.fetch(context.Background(), "/"+page+".asp?n="+strconv.Itoa(n))
			if got := g.get("/show.asp"); got != strconv.Itoa(n) {
				t.Fatalf("after %s.asp: got %s, want %d", page, got, n)
			}
		}
	}
}

func TestAClientThatLeavesDoesNotLoseWhatItsPageStored(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"first.asp": `<% Session("n") = 1 %>`,
		"leave.asp": meet + `<% Session("n") = 2; Session("o") = {list: []}; Session("o").list.push(1); Response.Write("x"); Response.Flush(); meet.Hang("left"); Session("n") = 3; Session("o").list.push(2) %>`,
		"quiet.asp": meet + `<% Session("n") = 4; meet.Hang("left"); Session("n") = 5 %>`,
		"show.asp":  `<%= Session("n") %> <%= Session("o") ? Session("o").list.length : 0 %>`,
	})
	for page, want := range map[string]string{"/leave.asp": "3 2", "/quiet.asp": "5 0"} {
		g := pg.guest()
		g.get("/first.asp")
		ctx, leave := context.WithCancel(t.Context())
		gone := make(chan guestAnswer, 1)
		go func() { gone <- g.fetch(ctx, page) }()
		pg.came("left")
		leave()
		<-gone
		pg.open("left")
		pg.until("the page has ended", func() bool { return len(pg.Status().Running) == 0 })
		g.wants("/show.asp", want)
		pg.forget("left")
	}
}

// In the event that begins the session Renew has nothing to do; a page that
// renews and fails is stored with its new token, as what it wrote is.
func TestRenewInOtherPlaces(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": `<script language=JavaScript runat=server>function Session_OnStart() { Session("began") = 1; Session.Renew() }</script>`,
		"n.asp":      `<%= Session("began") %> <%= String(Session("user")) %>`,
		"fails.asp":  `<% Session("user") = "ann"; Session.Renew(); throw new Error("no") %>`,
		"closes.asp": `<% Session("user") = "bob"; Session.Renew(); Session.Close(); Response.Write("a"); Response.Flush() %>b`,
		"both.asp":   `<% Session.Renew(); Session.Abandon(); Session.Renew() %>bye`,
	})
	g := pg.guest()
	token := func() string { return g.client.Jar.Cookies(mustURL(t, pg.url))[0].Value }
	if a := g.fetch(t.Context(), "/n.asp"); a.body != "1 undefined" || len(cookiesOf(a)) != 1 {
		t.Errorf("%v, %q", a, cookiesOf(a))
	}
	for page, user := range map[string]string{"/fails.asp": "ann", "/closes.asp": "bob"} {
		old := token()
		if a := g.fetch(t.Context(), page); len(cookiesOf(a)) != 1 || token() == old {
			t.Errorf("%s: %v, %q", page, a, cookiesOf(a))
		}
		g.wants("/n.asp", "1 "+user)
	}
	if a := g.fetch(t.Context(), "/both.asp"); a.body != "bye" || len(cookiesOf(a)) != 0 {
		t.Errorf("Renew and Abandon: %v, %q", a, cookiesOf(a))
	}
	g.wants("/n.asp", "1 undefined") // another session
}
