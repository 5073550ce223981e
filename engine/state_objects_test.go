package engine

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

const declared = `<object runat=server scope=application id=hits progid="Test.Box"></object>
<object runat=server scope=session id=basket progid="Test.Counter"></object>
<object runat=server scope=session id=note progid="Test.Box"></object>
`

// Declared objects are made at their first use, once in their scope.
func TestDeclaredObjects(t *testing.T) {
	var made atomic.Int64
	pg := play(t, Config{Components: testComponents(&made)}, map[string]string{
		"global.asa": declared,
		"none.asp":   `<% Session("x") = 1; var names = typeof nothing %>none`,
		"hits.asp":   `<%@ EnableSessionState=False %><%= hits.Add() %>`,
		"basket.asp": `<%= basket.Add() %> <%= basket.Add() %> <%= basket.Threads() %>`,
		"mine.asp":   `<object runat=server scope=page id=mine progid="Test.Once"></object><%= mine.Add() %> <%= mine.Add() %> <%= typeof mine %>`,
		"own.asp":    `<object runat=server id=local progid="Test.Once"></object><object runat=server scope=session id=sess progid="Test.Box"></object><%= local.Add() %> <%= local.Add() %> <%= sess.Add() %>`,
		"shadow.asp": `<% var hits = "mine" %><%= hits %>`,
		"missing.asp": `<object runat=server id=gone progid="No.Such"></object>
<%= 1 %>
<% gone.x() %>`,
		"unused.asp": `<object runat=server id=gone progid="No.Such"></object>fine`,
	})
	a, b := pg.guest(), pg.guest()
	a.wants("/none.asp", "none")
	if made.Load() != 0 {
		t.Error("made before anybody asked for it")
	}
	var answers []<-chan guestAnswer
	for range 30 { // the first use is many at once
		answers = append(answers, pg.guest().answer("/hits.asp"))
	}
	seen := map[string]bool{}
	for _, c := range answers {
		seen[pg.in(c).body] = true
	}
	if len(seen) != 30 || made.Load() != 1 {
		t.Errorf("%d different numbers of %d objects", len(seen), made.Load())
	}
	a.wants("/basket.asp", "1 2 1")
	b.wants("/basket.asp", "1 2 1")
	a.wants("/basket.asp", "3 4 1")
	if n := pg.Status().Pinned; made.Load() != 3 || n != 2 {
		t.Errorf("%d made, %d sessions pinned", made.Load(), n)
	}
	a.wants("/mine.asp", "1 2 object")
	a.wants("/mine.asp", "1 2 object")
	a.wants("/own.asp", "1 2 1")
	a.wants("/own.asp", "1 2 2")
	a.wants("/shadow.asp", "mine")
	a.wants("/unused.asp", "fine")
	if err := a.refused("/missing.asp"); err.Code != 177 || err.Line != 3 {
		t.Error(err)
	}
}

func TestStaticObjects(t *testing.T) {
	var made atomic.Int64
	pg := play(t, Config{Components: testComponents(&made)}, map[string]string{
		"global.asa": declared,
		"list.asp": `<% for (var e = new Enumerator(Session.StaticObjects); !e.atEnd(); e.moveNext()) Response.Write(e.item() + " ");
			for (var k in Application.StaticObjects) Response.Write(k + " ") %><%= Session.StaticObjects.Count %> <%= Application.StaticObjects.Count %> <%= Session.StaticObjects.Key(2) %>`,
		"use.asp":      `<%= Session.StaticObjects("BASKET").Add() %> <%= basket.Add() %> <%= Application.StaticObjects("hits").Add() %> <%= hits.Add() %> <%= Session.StaticObjects.Item("note").Add() %>`,
		"assign.asp":   "\n<% Session.StaticObjects('basket') = 1 %>",
		"contents.asp": `<% Session("a") = Server.CreateObject("Test.Box"); Session("b") = 1 %><%= Session.Contents.Count %> <% Session.Contents.RemoveAll() %><%= Session.Contents.Count %> <%= basket.Add() %> <%= typeof Session("basket") %>`,
		"app.asp":      `<% Application("a") = 1; hits.Add(); Application.Contents.RemoveAll() %><%= Application.Contents.Count %> <%= hits.Add() %>`,
		"out.asp":      `<% basket.Add(); Session.Abandon() %><%= basket.Add() %>`,
	})
	g := pg.guest()
	if got := strings.Join(strings.Fields(g.get("/list.asp")), " "); got != "basket note hits 2 1 note" {
		t.Error(got)
	}
	if made.Load() != 0 {
		t.Error("listing them made them")
	}
	g.wants("/use.asp", "1 2 1 2 1")
	if err := g.refused("/assign.asp"); err.Line != 2 {
		t.Error(err)
	}
	g.wants("/contents.asp", "2 0 3 undefined") // what is declared stays
	g.wants("/app.asp", "0 4")
	g.wants("/out.asp", "5")
	pg.until("the session has ended", func() bool { return pg.Status().Pinned == 0 })
	g.wants("/use.asp", "1 2 5 6 1")
}

func TestDeclaredObjectsOfTheWrongKind(t *testing.T) {
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{
		"global.asa": `<object runat=server scope=application id=counter progid="Test.Counter"></object>
<object runat=server scope=application id=once progid="Test.Once"></object>
<object runat=server scope=session id=short progid="Test.Once"></object>`,
		"counter.asp": "\n<% counter.Add() %>",
		"once.asp":    "\n<% once.Add() %>",
		"short.asp":   "\n<% short.Add() %>",
		"ro.asp":      "<%@ EnableSessionState=ReadOnly %>\n<% short.Add() %>",
	})
	for page, code := range map[string]int{"counter": 197, "once": 197, "short": 188, "ro": 188} {
		if err := pg.guest().refused("/" + page + ".asp"); err.Code != code || err.Line != 2 {
			t.Errorf("%s: %v", page, err)
		}
	}
}

// A session's objects end with it; its Session_OnEnd may still use them, in
// their apartment.
func TestObjectsInSessionOnEnd(t *testing.T) {
	pg := play(t, Config{Components: testComponents(new(atomic.Int64))}, map[string]string{
		"global.asa": declared + script(`function Session_OnEnd() { Server.CreateObject("Test.Meet").Note(basket.Add() + " " + basket.Threads() + " " + Session("c").Add() + " " + Session("c").Threads()) }`),
		"in.asp":     `<% basket.Add(); Session("c") = Server.CreateObject("Test.Counter"); Session("c").Add() %>`,
		"out.asp":    `<% Session.Abandon() %>`,
		"other.asp":  `<% Session("x") = 1 %>`,
	})
	g := pg.guest()
	g.get("/in.asp")
	for range 3 {
		pg.guest().get("/other.asp")
	}
	g.get("/out.asp")
	pg.until("Session_OnEnd ran", func() bool { return len(pg.noted()) == 1 })
	if got := pg.noted()[0]; got != "2 1 2 1" {
		t.Error(got)
	}
	if n := pg.Status().Pinned; n != 0 {
		t.Errorf("%d are pinned", n)
	}
}

// Two engines in one process are strangers: sessions, Application, declared
// objects, pages, limits.
func TestTwoEnginesShareNothing(t *testing.T) {
	site := map[string]string{
		"global.asa": declared + script(`function Application_OnStart() { Application("name") = Server.MapPath("/") }`),
		"n.asp":      `<% Session("n") = (Session("n") || 0) + 1; Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock(); %><%= Session("n") %> <%= Application("n") %> <%= hits.Add() %> <%= basket.Add() %> <%= typeof leaked %><% leaked = 1; Array.prototype.leaked = 1 %> <%= Session.SessionID %>`,
		"lock.asp":   meet + `<% Application.Lock(); meet.Stop("held") %>`,
	}
	a := play(t, Config{Components: testComponents(new(atomic.Int64))}, site)
	b := play(t, Config{Components: testComponents(new(atomic.Int64))}, site)
	one, two := a.guest(), b.guest()
	held := a.guest().answer("/lock.asp")
	a.came("held") // nobody of the other waits for it
	two.client.Jar = one.client.Jar
	first := two.get("/n.asp")
	if !strings.HasPrefix(first, "1 1 1 1 undefined ") {
		t.Error(first)
	}
	a.open("held")
	a.in(held)
	// The token of one, by the same cookie name, is no session of the other.
	jar := b.guest()
	jar.client.Jar.SetCookies(mustURL(t, a.url), two.client.Jar.Cookies(mustURL(t, b.url)))
	jar.pg = a
	if got := jar.get("/n.asp"); !strings.HasPrefix(got, "1 1 1 1 undefined ") || strings.Fields(got)[5] == strings.Fields(first)[5] {
		t.Error(got)
	}
	for i := range 3 {
		one := a.guest()
		if got := one.get("/n.asp"); !strings.HasPrefix(got, "1 "+strconv.Itoa(i+2)+" ") {
			t.Error(got)
		}
	}
	if x, y := a.Status(), b.Status(); x.Sessions != 4 || y.Sessions != 1 || x.Application.Keys != 2 || x.Pinned != 4 || y.Pinned != 1 {
		t.Errorf("%+v\n%+v", x, y)
	}
	a.shutDown()
	two.get("/n.asp") // the other lives on
}
