package engine

import (
	"fmt"
	"strings"
	"testing"
)

// Status shows who runs, who waits, for what and whose lock it is, and waits
// for nobody.
func TestStatusWhileAPageHoldsTheLock(t *testing.T) {
	pg := play(t, Config{ProcessorThreadMax: 4, RequestQueueMax: 10}, map[string]string{
		"shop/holds.asp": meet + `<% Session("x") = 1; Response.Write("12345"); Application.Lock()
			meet.Stop("holds") %>`,
		"waits.asp": `<% Session("x") = 1 %>

			<% Application.Lock() %>`,
		"behind.asp": `<% Session("x") = 2 %>`,
		"new.asp":    meet + `<% Session("made") = 1; meet.Stop("new") %>`,
		"id.asp":     `<% Session.SessionID %><%= Request.ServerVariables("NAJA_SESSION") %>`,
	})
	holder, locker, waiter := pg.guest(), pg.guest(), pg.guest()
	id, lockerID := holder.get("/id.asp"), locker.get("/id.asp")
	token := holder.client.Jar.Cookies(mustURL(t, pg.url))[0].Value
	var answers []<-chan guestAnswer
	ask := func(g *guest, url string) { answers = append(answers, g.answer(url)) }
	ask(holder, "/shop/holds.asp?secret=1")
	pg.came("holds")
	ask(locker, "/waits.asp")
	pg.until("one waits for the lock", func() bool { return len(pg.Status().Application.Waiters) == 1 })
	ask(holder, "/behind.asp")
	pg.waiting(1)
	ask(pg.guest(), "/new.asp")
	pg.came("new")
	ask(pg.guest(), "/new.asp")
	pg.came("new")
	ask(waiter, "/id.asp")
	pg.until("one waits for an apartment", func() bool { return len(pg.Status().Waiting) == 2 })

	s := pg.Status()
	checkRequestsOf(t, s, id, lockerID)
	checkPlacesOf(t, s)
	if all := fmt.Sprintf("%+v", s); strings.Contains(all, token) || strings.Contains(all, "secret") {
		t.Error("it shows what nobody else should know")
	}
	pg.open("holds")
	pg.open("new")
	for _, c := range answers {
		if a := pg.in(c); a.status != 200 {
			t.Error(a)
		}
	}
	if s.Running[0].Run <= 0 || len(s.Waiting) != 2 {
		t.Error("a snapshot changed")
	}
}

// checkRequestsOf looks at the requests of the snapshot while a page holds the
// lock: those of two sessions, and who waits for what.
func checkRequestsOf(t *testing.T, s Status, id, lockerID string) {
	t.Helper()
	find := func(list []RequestStatus, url string) RequestStatus {
		for _, r := range list {
			if r.URL == url {
				return r
			}
		}
		t.Errorf("%s isn't there: %+v", url, list)
		return RequestStatus{}
	}
	r := find(s.Running, "/shop/holds.asp")
	if r.Method != "GET" || r.Page != "shop/holds.asp" || r.Session != id || r.Apartment < 1 || r.Apartment > 4 || r.WaitsFor != "" || r.Run <= 0 ||
		r.File != "shop/holds.asp" || r.Line != 2 || r.Buffered != 5 || !r.HoldsLock {
		t.Errorf("the holder: %+v", r)
	}
	if r := find(s.Running, "/waits.asp"); r.HoldsLock || r.Line != 3 || r.Session != lockerID {
		t.Errorf("the locker: %+v", r)
	}
	if r := find(s.Running, "/new.asp"); r.Session == "" {
		t.Errorf("a session that its page made isn't shown: %+v", r)
	}
	if r := find(s.Waiting, "/behind.asp"); r.WaitsFor != "turn" || r.Session != id || r.Apartment != 0 || r.Queued <= 0 || r.Turn != s.turnOf("/shop/holds.asp") {
		t.Errorf("behind: %+v", r)
	}
	if r := find(s.Waiting, "/id.asp"); r.WaitsFor != "apartment" {
		t.Errorf("who waits for an apartment: %+v", r)
	}
}

// checkPlacesOf looks at what they hold and wait for: the lock, apartments and
// turns.
func checkPlacesOf(t *testing.T, s Status) {
	t.Helper()
	if h := s.Application.Holder; h == nil || h.Page != "shop/holds.asp" || h.URL != "/shop/holds.asp" || h.Age <= 0 {
		t.Errorf("the lock: %+v", s.Application)
	}
	if w := s.Application.Waiters[0]; w.Page != "waits.asp" {
		t.Errorf("the lock is awaited by %+v", w)
	}
	seen := map[int]bool{}
	for _, r := range s.Running {
		seen[r.Apartment] = true
	}
	if len(s.Running) != 4 || len(seen) != 4 || s.Busy != 4 || s.Apartments != 4 || s.Orphans != 0 {
		t.Errorf("%d run in %d apartments: %+v", len(s.Running), len(seen), s)
	}
	var waits int
	for _, turn := range s.Turns {
		waits += len(turn.Waiting)
	}
	if len(s.Turns) != 2 || waits != 1 || s.Sessions != 4 {
		t.Errorf("turns %+v, %d sessions", s.Turns, s.Sessions)
	}
}

func (s Status) turnOf(url string) string {
	for _, r := range s.Running {
		if r.URL == url {
			return r.Turn
		}
	}
	return "none"
}

func TestStatusOfAnEvent(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": script(`function Session_OnEnd() {
	Server.CreateObject("Test.Meet").Stop("ending") }`),
		"in.asp": `<% Session.Abandon(); Session("x") = 1; Session.Abandon(); Session.SessionID %><%= Request.ServerVariables("NAJA_SESSION") %>`,
	})
	id := pg.guest().get("/in.asp")
	pg.came("ending")
	s := pg.Status()
	if len(s.Running) != 1 || s.Running[0].Page != "global.asa Session_OnEnd" || s.Running[0].Session != id || s.Running[0].Line != 3 || s.Busy != 1 {
		t.Errorf("%+v", s.Running)
	}
	pg.open("ending")
}
