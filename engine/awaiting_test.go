package engine

import (
	"strings"
	"testing"
	"time"
)

// TestWaitingForTheApplicationIsBounded: while a changed global.asa waits for a
// running page, or the application starts, as many requests wait as may, for as
// long as they may, and Status knows of them.
func TestWaitingForTheApplicationIsBounded(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"request_queue_max": {RequestQueueMax: 2, CheckInterval: None},
		"hold_queue_max":    {HoldQueueMax: 2, CheckInterval: None},
		"check_interval":    {HoldQueueMax: 2, CheckInterval: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pg := play(t, cfg, map[string]string{
				"global.asa": script(`function Application_OnStart() { Application("n") = 1 }`),
				"stop.asp":   meet + `<% meet.Stop("running") %>done`,
				"page.asp":   `<%= String(Application("n")) %>`,
			})
			pg.guest().wants("/page.asp", "1")
			running := pg.guest().answer("/stop.asp")
			pg.came("running")
			pg.write("global.asa", script(`function Application_OnStart() { Application("n") = "two" }`))
			waiting := []<-chan guestAnswer{pg.guest().answer("/page.asp")}
			pg.until("the first waits before a closed gate", func() bool {
				pg.gate.mu.Lock()
				defer pg.gate.mu.Unlock()
				return pg.gate.parked != nil && len(pg.busy.list()) == 1
			})
			waiting = append(waiting, pg.guest().answer("/page.asp"))
			pg.until("two wait", func() bool { return len(pg.Status().Waiting) == 2 })
			for _, r := range pg.Status().Waiting {
				if r.WaitsFor != "application" || r.URL != "/page.asp" || r.Queued < 0 {
					t.Errorf("%+v", r)
				}
			}
			var crowd []<-chan guestAnswer
			for range 20 {
				crowd = append(crowd, pg.guest().answer("/page.asp"))
			}
			for _, c := range crowd {
				if a := pg.in(c); a.status != 503 || !strings.Contains(a.body, "Too Busy") || a.header.Get("Retry-After") == "" {
					t.Fatal(a)
				}
			}
			pg.open("running")
			for _, c := range append(waiting, running) {
				if a := pg.in(c); a.status != 200 || a.body != "two" && a.body != "done" {
					t.Error(a)
				}
			}
		})
	}
}

// TestWaitingForTheApplicationEnds: by hold_timeout, by an operator, and with
// the application.
func TestWaitingForTheApplicationEnds(t *testing.T) {
	t.Parallel()
	site := map[string]string{
		"global.asa": script(`function Application_OnStart() { Server.CreateObject("Test.Meet").Stop("starting") }`),
		"page.asp":   `page`,
	}
	pg := play(t, Config{HoldTimeout: 50 * time.Millisecond}, site)
	if a := pg.in(pg.guest().answer("/page.asp")); a.status != 503 {
		t.Errorf("past hold_timeout: %v", a)
	}
	pg.open("starting")
	pg.until("it starts all the same", func() bool { return pg.guest().fetch(t.Context(), "/page.asp").status == 200 })

	pg = play(t, Config{}, site)
	killed := pg.guest().answer("/page.asp")
	pg.came("starting")
	pg.until("it waits", func() bool { return len(pg.Status().Waiting) == 1 })
	pg.interrupt("/page.asp")
	if a := pg.in(killed); a.status != 503 || !strings.Contains(a.body, "operator") {
		t.Errorf("ended by an operator: %v", a)
	}
	ended, cut := pg.guest().answer("/page.asp"), make(chan error, 1)
	pg.until("it waits", func() bool { return len(pg.Status().Waiting) == 1 })
	go func() { cut <- pg.Shutdown(endedContext(t)) }()
	if a := pg.in(ended); a.status != 503 || !strings.Contains(a.body, "Shutting Down") {
		t.Errorf("ended with the application: %v", a)
	}
	if err := <-cut; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}
