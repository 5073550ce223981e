package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// number waits until a request for url runs, or waits, and gives its number.
func (pg *playground) number(url string) (id int64) {
	pg.Helper()
	pg.until(url+" is there", func() bool {
		s := pg.Status()
		for _, r := range slices.Concat(s.Running, s.Waiting) {
			if r.URL == url || r.URL == "" && r.Page == url {
				id = r.ID
			}
		}
		return id != 0
	})
	return id
}

func (pg *playground) interrupt(url string) Interrupted {
	pg.Helper()
	got, err := pg.Interrupt(pg.Context(), pg.number(url))
	if err != nil {
		pg.Fatalf("%s: %v", url, err)
	}
	return got
}

func TestInterruptEndsAPage(t *testing.T) {
	pg := play(t, Config{ErrorPage: "/error.asp"}, map[string]string{
		"loop.asp": `<% Session("x") = "kept"; Application("free") = 1
			Application.Lock(); Application("locked") = 1; Response.Write("half")
			try { for (;;) {} } catch (e) { Response.Write("caught") } finally { Response.Write("finally") } %>`,
		"global.asa": `<script language=JavaScript runat=server>
			function Script_OnEnd() { Application("ended") = 1 }
			function Application_OnError() { Response.Write("event") }</script>`,
		"error.asp": `error page`,
		"see.asp":   `<%= String(Session("x")) %>,<%= String(Application("free")) %>,<%= String(Application("locked")) %>`,
	})
	g := pg.guest()
	g.get("/see.asp")
	answer := g.answer("/loop.asp")
	pg.until("the page has the lock", func() bool { return pg.Status().Application.Holder != nil })
	got := pg.interrupt("/loop.asp")
	if !got.Stopped || !slices.Contains(got.Lost, "what it wrote to Application under the lock") || !slices.Contains(got.Lost, "its answer") {
		t.Errorf("%+v", got)
	}
	if r := got.Request; r.URL != "/loop.asp" || r.Session == "" || !r.HoldsLock || r.Line == 0 {
		t.Errorf("%+v", r)
	}
	if a := pg.in(answer); a.status != 503 || a.body != killed.text || a.header.Get("Retry-After") != "" {
		t.Errorf("%v", a)
	}
	g.wants("/see.asp", "kept,1,undefined")
	if s := pg.Status(); s.Failed != 0 || s.Timeouts != 0 {
		t.Errorf("%d failed, %d timeouts", s.Failed, s.Timeouts)
	}
	if _, err := pg.Interrupt(t.Context(), got.Request.ID); !errors.Is(err, ErrNoRequest) {
		t.Errorf("a second time: %v", err)
	}
}

func TestInterruptBreaksAFlushedAnswerOff(t *testing.T) {
	pg := play(t, Config{}, map[string]string{"loop.asp": meet + `<% Response.Write("half"); Response.Flush(); meet.Note("flushed"); for (;;) {} %>`})
	answer := pg.guest().answer("/loop.asp")
	pg.until("it has flushed", func() bool { return slices.Equal(pg.noted(), []string{"flushed"}) })
	if got := pg.interrupt("/loop.asp"); !slices.Equal(got.Lost, []string{"the rest of its answer"}) {
		t.Errorf("%+v", got)
	}
	if a := pg.in(answer); a.status != 200 || a.err == nil {
		t.Errorf("the answer looks whole: %v", a)
	}
}

func TestInterruptOfAScriptThatDoesNotStop(t *testing.T) {
	t.Parallel()
	pg := play(t, Config{}, map[string]string{
		"stuck.asp": meet + `<% Session("x") = "lost"; Application.Lock(); meet.Hang("stuck") %>`,
		"see.asp":   `<%= String(Session("x")) %>`,
	})
	g := pg.guest()
	g.get("/see.asp")
	answer := g.answer("/stuck.asp")
	pg.came("stuck")
	got := pg.interrupt("/stuck.asp")
	if got.Stopped || !slices.Contains(got.Lost, "what it wrote to its session") {
		t.Errorf("%+v", got)
	}
	if a := pg.in(answer); a.status != 503 || a.body != killed.text {
		t.Errorf("%v", a)
	}
	g.wants("/see.asp", "undefined") // the turn, the lock and the apartment are free
	pg.open("stuck")
	pg.until("the orphan has ended", func() bool { return pg.Status().Orphans == 0 })
}

func TestInterruptOfThoseWhoWait(t *testing.T) {
	pg := play(t, Config{ProcessorThreadMax: 2}, map[string]string{
		"stop.asp": meet + `<% Session("x") = 1; meet.Stop("stop") %>done`,
		"turn.asp": `<% Session("x") = 2 %>`,
		"lock.asp": `<% Application.Lock() %>`,
		"hold.asp": meet + `<% Application.Lock(); meet.Stop("stop") %>done`,
		"room.asp": `<%@ EnableSessionState=False %>`,
	})
	holder := pg.guest()
	holder.get("/turn.asp")
	first := holder.answer("/stop.asp")
	pg.came("stop")
	turn := holder.answer("/turn.asp")
	if got := pg.interrupt("/turn.asp"); !got.Stopped || got.Request.WaitsFor != "turn" {
		t.Errorf("%+v", got)
	}
	if a := pg.in(turn); a.status != 503 || a.body != killed.text {
		t.Errorf("%v", a)
	}
	second := pg.guest().answer("/hold.asp")
	pg.came("stop")
	room := pg.guest().answer("/room.asp")
	if got := pg.interrupt("/room.asp"); !got.Stopped || got.Request.WaitsFor != "apartment" {
		t.Errorf("%+v", got)
	}
	if a := pg.in(room); a.status != 503 {
		t.Errorf("%v", a)
	}
	pg.open("stop")
	if a, b := pg.in(first), pg.in(second); a.body != "done" || b.body != "done" {
		t.Errorf("those who ran: %v, %v", a, b)
	}
}

func TestInterruptOfAPageThatWaitsForTheLock(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"hold.asp": meet + `<% Application.Lock(); meet.Stop("stop") %>done`,
		"lock.asp": `<% try { Application.Lock() } catch (e) {} %>after`,
	})
	first := pg.guest().answer("/hold.asp")
	pg.came("stop")
	second := pg.guest().answer("/lock.asp")
	pg.until("one waits for the lock", func() bool { return len(pg.Status().Application.Waiters) == 1 })
	if got := pg.interrupt("/lock.asp"); !got.Stopped {
		t.Errorf("%+v", got)
	}
	if a := pg.in(second); a.status != 503 {
		t.Errorf("%v", a)
	}
	pg.open("stop")
	if a := pg.in(first); a.body != "done" {
		t.Errorf("%v", a)
	}
}

func TestInterruptEndsAnEvent(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"global.asa": `<script language=JavaScript runat=server>
			function Session_OnEnd() { for (;;) {} }</script>`,
		"leave.asp": `<% Session("x") = 1; Session.Abandon() %>`,
	})
	pg.guest().get("/leave.asp")
	got := pg.interrupt("global.asa Session_OnEnd")
	if !got.Stopped || !strings.Contains(strings.Join(got.Lost, " "), "Session_OnEnd") {
		t.Errorf("%+v", got)
	}
}

func TestInterruptIsBoundedByItsContext(t *testing.T) {
	pg := play(t, Config{}, map[string]string{"stuck.asp": meet + `<% meet.Stop("stuck") %>`})
	answer := pg.guest().answer("/stuck.asp")
	pg.came("stuck")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pg.Interrupt(ctx, pg.number("/stuck.asp")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	pg.open("stuck")
	pg.in(answer)
}
