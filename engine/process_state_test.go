//go:build unix

package engine

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

var incrementing = map[string]string{
	"session.asp": `<% Session("n") = (Session("n") || 0) + 1; Session("ids") = (Session("ids") || "") + Request.QueryString("id") + " " %><%= Session("n") %>`,
	"app.asp": `<%@ EnableSessionState=False %><% Application.Lock();
		var n = Application("n") = (Application("n") || 0) + 1; Application("ids") = (Application("ids") || "") + Request.QueryString("id") + " ";
		Application.Unlock() %><%= n %>`,
	"show.asp": `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %> <%= String(Session("ids")) %>`,
	"showapp.asp": `<%@ EnableSessionState=False %><% Application.Lock() // what others wrote is seen at once then
		%><%= String(Application("n")) %> <%= String(Application("ids")) %>`,
	"hold.asp":    `<% Session("n") = Session("n") + 1; Session("ids") += "held "; await new Promise(function (done) { setTimeout(done, Number(Request.QueryString("ms"))) }) %><%= Session("n") %>`,
	"holdapp.asp": `<%@ EnableSessionState=False %><% Application.Lock(); Application("n") = Application("n") + 1; Application("ids") += "held "; await new Promise(function (done) { setTimeout(done, Number(Request.QueryString("ms"))) }) %><%= Application("n") %>`,
}

// numbers reads what a show page says: the number, then the ids.
func numbers(a guestAnswer) (n string, ids []string) {
	fields := strings.Fields(a.body)
	if len(fields) == 0 {
		return "", nil
	}
	return fields[0], fields[1:]
}

// Three processes behind a round-robin; one is killed, one is stopped for
// longer than its leases and goes on: no increment is lost, none is applied
// twice.
func TestThreeProcesses(t *testing.T) {
	t.Parallel()
	const lease = 2 * time.Second
	c := newCluster(t, processConfig{Lease: lease, SessionQueue: 1000}, incrementing)
	all := c.starts(3)
	first := c.must(all[0], "/session.asp?id=first", "")
	cookie := cookieOf(first)
	c.must(all[0], "/app.asp?id=first", "")
	r := &relay{all: append([]*process(nil), all...)}
	sessions, values := newLedger(), newLedger()
	sessions.acked["first"], values.acked["first"] = 1, 1

	visits, locks := asptest.Scaled(60, 500), asptest.Scaled(120, 2000)
	var done atomic.Int64
	var wg sync.WaitGroup
	for i := range visits { // all at once
		wg.Go(func() {
			c.drive(r, sessions, "session", "/session.asp?id=", fmt.Sprint("s", i), cookie)
			done.Add(1)
		})
	}
	queue := make(chan int)
	for range 24 {
		wg.Go(func() {
			for i := range queue {
				c.drive(r, values, "application", "/app.asp?id=", fmt.Sprint("a", i), "")
				done.Add(1)
			}
		})
	}
	wg.Go(func() {
		defer close(queue)
		for i := range locks {
			queue <- i
		}
	})
	total := int64(visits + locks)
	c.until("a third is done", func() bool { return done.Load() >= total/3 })
	r.drop(all[0])
	all[0].kill()
	c.until("half is done", func() bool { return done.Load() >= total/2 })
	all[1].signal(syscall.SIGSTOP)
	<-time.After(lease * 3 / 2)
	all[1].signal(syscall.SIGCONT)
	wg.Wait()

	n, ids := numbers(c.must(all[2], "/show.asp", cookie))
	sessions.check(t, "session", n, ids)
	n, ids = numbers(c.must(all[1], "/showapp.asp", ""))
	values.check(t, "application", n, ids)
}

// A process that stands still with a session and with the lock finds them in
// other hands: what it did is refused, and its page's answer is 503.
func TestAStoppedHolderIsRefused(t *testing.T) {
	for name, p := range map[string]struct{ hold, holds, add, show string }{
		"session":     {"/hold.asp?ms=4000", "hold.asp false", "/session.asp?id=other", "/show.asp"},
		"application": {"/holdapp.asp?ms=4000", "holdapp.asp true", "/app.asp?id=other", "/showapp.asp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, processConfig{Lease: 2 * time.Second}, incrementing)
			all := c.starts(2)
			cookie := cookieOf(c.must(all[0], "/session.asp?id=first", ""))
			c.must(all[0], "/app.asp?id=first", "")
			held := make(chan guestAnswer, 1)
			go func() { held <- c.get(all[0], p.hold, cookie) }()
			c.until("the page runs", func() bool { return strings.Contains(c.get(all[0], "/-running", "").body, p.holds) })
			all[0].signal(syscall.SIGSTOP)
			begin := time.Now()
			other := c.get(all[1], p.add, cookie)
			took := time.Since(begin)
			all[0].signal(syscall.SIGCONT)
			if other.status != 200 || other.body != "2" || took > 30*time.Second {
				t.Errorf("the other got %v after %v", other, took)
			}
			if a := <-held; a.status != 503 || a.header.Get("Retry-After") == "" || a.header.Get("Set-Cookie") != "" {
				t.Errorf("the stopped one's answer: %v", a)
			}
			if got := c.must(all[0], p.show, cookie).body; got != "2 first other" {
				t.Errorf("stored: %q", got)
			}
		})
	}
}

// A process that is killed in the middle of a page takes nothing with it: the
// next page of the session, and the next that wants the lock, don't wait for
// its leases, which have an hour to go.
func TestAKilledHolderIsFree(t *testing.T) {
	t.Parallel()
	c := newCluster(t, processConfig{Lease: time.Hour}, incrementing)
	other := c.start()
	for _, p := range []struct{ first, hold, holds, add, show string }{
		{"/session.asp?id=first", "/hold.asp?ms=60000", "hold.asp false", "/session.asp?id=other", "/show.asp"},
		{"/app.asp?id=first", "/holdapp.asp?ms=60000", "holdapp.asp true", "/app.asp?id=other", "/showapp.asp"},
	} {
		one := c.start()
		cookie := cookieOf(c.must(one, p.first, ""))
		held := make(chan guestAnswer, 1)
		go func() { held <- c.get(one, p.hold, cookie) }()
		c.until("the page runs", func() bool { return strings.Contains(c.get(one, "/-running", "").body, p.holds) })
		one.kill()
		<-held
		if a := c.must(other, p.add, cookie); a.body != "2" {
			t.Errorf("%s: %v", p.add, a)
		}
		if got := c.must(other, p.show, cookie).body; got != "2 first other" {
			t.Errorf("stored: %q", got)
		}
	}
}

// Everything is killed at random times, again and again: what was answered is
// there afterwards.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	c := newCluster(t, processConfig{Lease: 2 * time.Second, SessionQueue: 1000}, incrementing)
	const visitors = 6
	cookies, sessions, values := make([]string, visitors), make([]*ledger, visitors), newLedger()
	for i := range sessions {
		sessions[i] = newLedger()
	}
	for round := range asptest.Scaled(3, 100) {
		all := c.starts(2)
		r := &relay{all: all}
		for i := range cookies {
			if cookies[i] == "" {
				cookies[i] = cookieOf(c.must(all[0], "/show.asp", ""))
			}
		}
		over := make(chan struct{})
		var wg sync.WaitGroup
		for i := range visitors {
			wg.Go(func() {
				for k := 0; ; k++ {
					select {
					case <-over:
						return
					default:
					}
					id := fmt.Sprintf("r%d.%d.%d", round, i, k)
					sessions[i].note(t, "session", id, c.get(r.pick(), "/session.asp?id="+id, cookies[i]))
					values.note(t, "application", id, c.get(r.pick(), "/app.asp?id="+id, ""))
				}
			})
		}
		<-time.After(200*time.Millisecond + rand.N(600*time.Millisecond))
		var killing sync.WaitGroup
		for _, p := range all {
			killing.Go(p.kill)
		}
		killing.Wait()
		close(over)
		wg.Wait()
	}
	p := c.start()
	for i, cookie := range cookies {
		n, ids := numbers(c.must(p, "/show.asp", cookie))
		sessions[i].check(t, fmt.Sprint("session ", i), n, ids)
	}
	n, ids := numbers(c.must(p, "/showapp.asp", ""))
	values.check(t, "application", n, ids)
}

// Many sessions expire at once over four processes, one of which is killed in
// the middle: every OnEnd ran, its effects in the store exactly once.
func TestSessionsEndOverProcesses(t *testing.T) {
	t.Parallel()
	sessions := asptest.Scaled(150, 2000)
	c := newCluster(t, processConfig{Lease: 2 * time.Second, SessionTimeout: 6 * time.Second}, map[string]string{
		"global.asa": script(`function Session_OnEnd(reason, id) {
			Server.CreateObject("Test.Diary").Note(Session("k") + " " + Session.EndAttempt + " " + id);
			Application.Increment("n");
			Application("ids") = (Application("ids") || "") + Session("k") + " ";
		}`),
		"new.asp":     `<% Session("k") = String(Request.QueryString("k")) %>`,
		"showapp.asp": incrementing["showapp.asp"],
	})
	all := c.starts(4)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for k := w; k < sessions; k += 8 {
				if a := c.get(all[k%4], fmt.Sprint("/new.asp?k=k", k), ""); a.status != 200 {
					t.Errorf("session %d: %v", k, a)
				}
			}
		})
	}
	wg.Wait()
	ended := func(p *process) int {
		var n int
		a := c.get(p, "/showapp.asp", "")
		fmt.Sscan(a.body, &n)
		return n
	}
	c.until("some have ended", func() bool { return ended(all[3]) > sessions/10 })
	all[0].kill()
	c.until("all have ended", func() bool { return ended(all[3]) >= sessions })
	n, ids := numbers(c.must(all[2], "/showapp.asp", ""))
	stored := map[string]int{}
	for _, id := range ids {
		stored[id]++
	}
	if n != fmt.Sprint(sessions) || len(ids) != sessions || len(stored) != sessions {
		t.Errorf("%s ends are counted, %d noted, of %d of %d sessions", n, len(ids), len(stored), sessions)
	}
	text, err := os.ReadFile(c.pc.Diary)
	if err != nil {
		t.Fatal(err)
	}
	outside, ends := map[string]int{}, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		outside[fields[0]]++
		ends[fields[2]] = true
	}
	again := 0
	for _, times := range outside {
		again += times - 1
	}
	if len(outside) != sessions || len(ends) != sessions {
		t.Errorf("outside, %d sessions ended under %d names", len(outside), len(ends))
	}
	t.Logf("%d sessions: %d of their ends began more than once", sessions, again)
}
