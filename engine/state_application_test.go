package engine

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestApplicationContents(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp": `<% Application("Alpha") = 1; Application.Contents("beta") = "two"; Application.Contents.Item("Gamma") = [3]; Application("ALPHA") = "one" %>`,
		"show.asp": `<% var c = Application.Contents %><%= c.Count %> <%= String(Application("alpha")) %> <%= String(c("BETA")) %> <%= c.Item("gamma")[0] %> <%= Application.Item("beta") %> <%= c.Key(1) %> <%= c(2) %>
			<% for (var e = new Enumerator(Application.Contents); !e.atEnd(); e.moveNext()) Response.Write(e.item() + ","); for (var k in c) Response.Write(k + ";"); for (var v of c) Response.Write(v + ".") %> <%= typeof Application("none") %>`,
		"remove.asp":    `<% Application.Contents.Remove("ALPHA"); Application.Contents.Remove(1) %><%= Application.Contents.Count %>`,
		"removeall.asp": `<% Application.Contents.RemoveAll(); Application("last") = 1 %><%= Application.Contents.Count %>`,
	})
	g := pg.guest()
	g.get("/set.asp")
	want := `3 one two 3 two Alpha two Alpha,beta,Gamma,Alpha;beta;Gamma;Alpha.beta.Gamma. undefined`
	if got := strings.Join(strings.Fields(pg.guest().get("/show.asp")), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	g.wants("/remove.asp", "1")
	g.wants("/removeall.asp", "1")
	if a := g.fetch(t.Context(), "/show.asp"); len(cookiesOf(a)) != 0 {
		t.Error("Application alone makes a session")
	}
}

// What is read without the lock can't be changed; nor what was read under a
// lock that was given up. Either would be lost without a word.
func TestWhatIsReadWithoutTheLockIsReadOnly(t *testing.T) {
	changes := []string{
		`Application("o").n = 2`, `Application("o").list.push(2)`, `delete Application("o").n`, `Application("o").list.length = 0`,
		`Application("o").list[0]++`, `Object.defineProperty(Application("o"), "x", {value: 1})`, `Object.setPrototypeOf(Application("o"), null)`,
		`Application("m").set("x", 1)`, `Application("m").delete("k")`, `Application("m").clear()`, `Application("m").get("k").n = 2`,
		`Application("s").add(1)`, `for (var x of Application("s")) x.push(1)`, `Application("d").setTime(1)`, `Application("d").setFullYear(2000)`, `Application("t").fill(1)`,
		`Application("o").d.setTime(1)`, `Application("t").set([1])`, `Application("v").setUint8(0, 1)`,
		`Application.Lock(); var old = Application("o"); Application.Unlock(); old.n = 2`,
		`Application.Lock(); var old = Application("m"); Application.Unlock(); Application.Lock(); try { old.set("x", 1) } finally { Application.Unlock() }`,
		`var old = Application("o"); Application.Lock(); try { old.n = 2 } finally { Application.Unlock() }`,
	}
	files := map[string]string{
		"set.asp":  `<% Application("o") = {n: 1, list: [1], d: new Date(5)}; Application("m") = new Map([["k", {n: 1}]]); Application("s") = new Set([[1]]); Application("d") = new Date(5); Application("t") = new Uint8Array(1); Application("v") = new DataView(new ArrayBuffer(1)) %>`,
		"show.asp": `<% var o = Application("o"), m = Application("m"), t = Application("t") %><%= JSON.stringify(o) %> <%= m.size %> <%= m.get("k").n %> <%= Application("s").size %> <%= Application("d").getTime() %> <%= t[0] %>`,
		"use.asp": `<% var o = Application("o"), l = o.list %><%= Array.isArray(l) %> <%= l.length %> <%= l.concat([2]).join("-") %> <%= l.map(x => x + 1) %> <%= [...l, 9] %> <%= Object.keys(o) %> <%= o === Application("o") %> <%= o.list === l %> <%= l instanceof Array %> <% for (var k in o) Response.Write(k) %> <%= JSON.stringify({...o}) %> <%= "n" in o %> <% var c = l.slice(); c.push(7) %><%= c.length %>
			<% Session("copy") = o; Session("copy").list.push(5); Application("copy") = {of: Application("m")}; %><%= Session("copy").list.length %> <%= Application("copy").of.get("k").n %> <%= Application("d") instanceof Date %> <%= Application("m") instanceof Map %>`,
		"under.asp": `<% Application.Lock(); var o = Application("o"); o.n++; o.list.push({x: o.list}); o.list[1].x = 3; delete o.d; Application("m").set("n", 2); Application("m").get("k").n++; Application("d").setTime(6); Application("s").clear(); Application("t")[0] = 4 %><%= o.list.length %><% Application.Unlock() %>`,
	}
	for i, c := range changes {
		files[fmt.Sprintf("change%d.asp", i)] = "\n<% " + c + " %>"
	}
	pg := play(t, Config{}, files)
	g := pg.guest()
	g.get("/set.asp")
	before := g.get("/show.asp")
	for i, c := range changes {
		page := fmt.Sprintf("change%d.asp", i)
		if err := g.refused("/" + page); err.Code != 197 || err.Line != 2 || !strings.Contains(err.Error(), "without Application.Lock") {
			t.Errorf("%s: %v", c, err)
		}
		g.wants("/show.asp", before)
	}
	want := `True 1 1-2 2 1,9 n,list,d True True True nlistd {"n":1,"list":[1],"d":"1970-01-01T00:00:00.005Z"} True 2 2 1 True True`
	if got := strings.Join(strings.Fields(g.get("/use.asp")), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	g.wants("/under.asp", "2")
	g.wants("/show.asp", `{"n":2,"list":[1,{"x":3}]} 2 2 0 6 4`)
}

// A copy that was read before the lock must not be written back under it.
func TestAnOldCopyIsNotWrittenBack(t *testing.T) {
	pg := play(t, Config{}, map[string]string{
		"set.asp":   `<% Application("t") = new Uint8Array(2) %>`,
		"late.asp":  meet + `<% var old = Application("t"); old[0] = 7; meet.Stop("between"); Application.Lock(); Application("n") = 1; try { Application.Unlock() } catch (e) { Response.Write(e.message.includes("without Application.Lock")) } %>`,
		"other.asp": `<% Application.Lock(); Application("t")[1] = 9; Application.Unlock() %>`,
		"show.asp":  `<%= Application("t") %>`,
	})
	g := pg.guest()
	g.get("/set.asp")
	late := g.answer("/late.asp")
	pg.came("between")
	pg.guest().get("/other.asp")
	pg.open("between")
	if got := pg.in(late).body; got != "True" {
		t.Errorf("Unlock said %q", got)
	}
	g.wants("/show.asp", "0,9")
}

// The engine lets an element of a typed array be assigned, and an Error be
// changed, without asking anybody. The page hears of it when it lets go of the
// copy, unless it stores it after all.
func TestWhatNoGuardNoticesIsRefusedLater(t *testing.T) {
	changes := []string{
		`Application("t")[0] = 1`, `new Uint8Array(Application("b"))[0] = 1`, `Application("o").t[0]++`, `Application("e").message = "new"`,
		`for (var x of Application("m").values()) x[0] = 1`, `Application("t")[0] = 1; Response.End()`, `Application("t")[0] = 1; Response.Redirect("/show.asp")`,
		`Application.Lock(); var old = Application("t"); Application.Unlock(); old[0] = 1`,
		`var old = Application("t"); old[0] = 1; Application.Lock(); Application("t")[0]; Application.Unlock()`,
	}
	stored := `var old = Application("t"); old[0] += 2; Application("t") = old`
	files := map[string]string{
		"set.asp":    `<% Application("t") = new Uint8Array(1); Application("b") = new ArrayBuffer(1); Application("o") = {t: new Float64Array(1)}; Application("e") = new Error("old"); Application("m") = new Map([[1, new Int8Array(1)]]) %>`,
		"show.asp":   `<%= Application("t")[0] %> <%= new Uint8Array(Application("b"))[0] %> <%= Application("o").t[0] %> <%= Application("e").message %> <%= Application("m").get(1)[0] %>`,
		"stored.asp": `<% ` + stored + ` %>fine`,
		"locked.asp": `<% Application.Lock(); ` + stored + `; Application("t")[0]++; Application.Unlock() %><%= Application("t")[0] %>`,
	}
	for i, c := range changes {
		files[fmt.Sprintf("change%d.asp", i)] = "<% " + c + " %>"
	}
	pg := play(t, Config{}, files)
	g := pg.guest()
	g.get("/set.asp")
	for i, c := range changes {
		if err := g.refused(fmt.Sprintf("/change%d.asp", i)); err.Code != 197 || !strings.Contains(err.Error(), "without Application.Lock") {
			t.Errorf("%s: %v", c, err)
		}
		g.wants("/show.asp", "0 0 0 old 0")
	}
	g.wants("/stored.asp", "fine")
	g.wants("/locked.asp", "5")
}

func TestTheLockIsCountedOwnedAndSeenAtOnce(t *testing.T) {
	pg := play(t, Config{ApplicationLockTimeout: 20 * time.Second}, map[string]string{
		"holds.asp": meet + `<% Application("a") = 0; Application("b") = 0; Application.Lock(); Application.Lock(); Application("a") = 1; Application("b") = 1; Application.Unlock(); meet.Stop("inner"); Response.Write(Application("a") + " "); Application("a") = 2; Application("b") = 2; meet.Stop("outer"); Application.Unlock(); meet.Stop("after") %>done`,
		"reads.asp": `<%= Application("a") %> <%= Application("b") %>`,
		"write.asp": `<% Application("w") = 1 %>written`,
		"locks.asp": `<% Application.Lock(); Application("l") = Application("a"); Application.Unlock() %><%= Application("l") %>`,
		"free.asp":  `<% Application.Unlock(); Application.Unlock() %>nothing`,
	})
	g := pg.guest()
	g.wants("/free.asp", "nothing")
	holds := g.answer("/holds.asp")
	pg.came("inner")
	reader := pg.guest()
	reader.wants("/reads.asp", "0 0") // a reader neither waits nor sees half
	writes, locks := pg.guest().answer("/write.asp"), pg.guest().answer("/locks.asp")
	pg.until("a writer and a locker wait", func() bool { return len(pg.Status().Application.Waiters) == 2 })
	pg.open("inner")
	pg.came("outer")
	reader.wants("/reads.asp", "0 0")
	pg.open("outer")
	pg.came("after") // the page goes on, the lock is free
	reader.wants("/reads.asp", "2 2")
	if a, b := pg.in(writes), pg.in(locks); a.body != "written" || b.body != "2" {
		t.Error(a, b)
	}
	pg.open("after")
	if a := pg.in(holds); a.body != "1 done" {
		t.Error(a)
	}
}

func TestTheWaitForTheLockIsBounded(t *testing.T) {
	pg := play(t, Config{ApplicationLockTimeout: 50 * time.Millisecond}, map[string]string{
		"shop/holds.asp": meet + `<% Application.Lock(); Application("n") = 1; meet.Stop("hold") %>held`,
		"waits.asp":      "\n<% try { Application.Lock() } catch (e) { %><%= e.message %><% } %>",
		"writes.asp":     "\n<% Application(\"n\") = 2 %>",
	})
	holds := pg.guest().answer("/shop/holds.asp")
	pg.came("hold")
	if got := pg.guest().get("/waits.asp"); !strings.Contains(got, "shop/holds.asp") || !strings.Contains(got, "which has held it for") {
		t.Errorf("the error doesn't name the holder: %s", got)
	}
	if err := pg.guest().refused("/writes.asp"); err.Line != 2 || !strings.Contains(err.Error(), "shop/holds.asp") {
		t.Error(err)
	}
	pg.open("hold")
	if a := pg.in(holds); a.body != "held" {
		t.Error(a)
	}
}

// A page that waits for the lock is stopped by its script timeout like any
// other, and is no orphan.
func TestTheWaitForTheLockEndsAtTheScriptTimeout(t *testing.T) {
	pg := play(t, Config{ApplicationLockTimeout: time.Hour}, map[string]string{
		"holds.asp": meet + `<% Application.Lock(); meet.Stop("hold") %>`,
		"waits.asp": "\n<% try { Application.Lock() } catch (e) { Response.Write('caught'); throw e } finally { Response.Write('finally') } %>",
		"calls.asp": meet + "\n<% meet.Stop('never') %>",
	})
	holds := pg.guest().answer("/holds.asp")
	pg.came("hold")
	for page, waits := range map[string]func(){
		"/waits.asp": func() {
			pg.until("it waits for the lock", func() bool { return len(pg.Status().Application.Waiters) == 1 })
		},
		"/calls.asp": func() { pg.came("never") },
	} {
		answer := pg.guest().answer(page)
		waits()
		pg.time.Out(page)
		a := pg.in(answer)
		if err := pg.lastError(); a.status != 500 || err.Code != 113 || err.Line != 2 {
			t.Errorf("%s: %v, %v", page, a, err)
		}
	}
	if s := pg.Status(); s.Orphans != 0 || pg.apartments.Status().OrphansEver != 0 {
		t.Error("a page that only waited became an orphan")
	}
	pg.open("hold")
	pg.in(holds)
}

// How a page ends decides what becomes of what it wrote under the lock, which
// is free in any case.
func TestHowAPageEndsDecidesWhatItWroteUnderTheLock(t *testing.T) {
	t.Parallel()
	ways := []struct {
		name, code string
		stored     bool
	}{
		{"ends", ``, true},
		{"End", `Response.End()`, true},
		{"Redirect", `Response.Redirect("/")`, true},
		{"Transfer", `Server.Transfer("other.asp")`, true},
		{"Execute", `Server.Execute("end.asp")`, true},
		{"caught", `try { throw 1 } catch (e) {}`, true},
		{"throws", `throw new Error("no")`, false},
		{"fails", `nothing.at.all()`, false},
		{"loops", outOfTime + `for (;;);`, false},
		{"panics", `Server.CreateObject("Test.Meet").Panic()`, false},
		{"recursion", `function f() { f() } f()`, false},
		{"unstorable", `Application("o").f = function () {}`, false},
		{"hangs", outOfTimeHanging("hangs"), false},
	}
	files := map[string]string{
		"set.asp":   `<% Application("n") = 0; Application("o") = {list: []} %>`,
		"other.asp": `<% Application("o").list.push("other") %>`,
		"end.asp":   `<% Response.End() %>`,
		"show.asp":  `<%= Application("n") %> <%= Application("o").list.length %>`,
	}
	for _, w := range ways {
		files[w.name+".asp"] = `<% Application.Lock(); Application("n") = 1; Application("o").list.push(1); ` + w.code + ` %>`
	}
	pg := play(t, Config{}, files)
	g := pg.guest()
	for _, w := range ways {
		g.get("/set.asp")
		g.fetch(t.Context(), "/"+strings.ReplaceAll(w.name, " ", "%20")+".asp")
		want := "0 0"
		switch {
		case w.name == "Transfer":
			want = "1 2"
		case w.stored:
			want = "1 1"
		}
		if s := pg.Status().Application; s.Holder != nil {
			t.Errorf("%s: the lock is held by %+v", w.name, s.Holder)
		}
		if got := g.get("/show.asp"); got != want {
			t.Errorf("a page that %s leaves %s, want %s", w.name, got, want)
		}
	}
	pg.open("hangs")
	pg.until("the one that hung has ended", func() bool { return pg.Status().Orphans == 0 })
	g.wants("/show.asp", "0 0")
}

func TestIncrementCompareAndSetAndUpdate(t *testing.T) {
	const parallel, rounds = 8, 25
	pg := play(t, Config{}, map[string]string{
		"add.asp":    `<%@ EnableSessionState=False %><% Application.Increment("n"); Application.Increment("by", 2.5); Application.Update("u", function (x) { return (x || 0) + 1 }); for (;;) { var old = Application("c"); if (Application.CompareAndSet("c", old, (old || 0) + 1)) break } %>`,
		"show.asp":   `<%= Application("n") %> <%= Application("by") %> <%= Application("u") %> <%= Application("c") %>`,
		"object.asp": `<% Application.Update("o", function (o) { o = o || {list: []}; o.list.push(1); return o }); Application.Update("o", function (o) { o.list.push(2); return o }) %><%= Application("o").list %> <%= Application.CompareAndSet("o", {list: [1, 2]}, 5) %> <%= Application.CompareAndSet("o", 4, 6) %> <%= Application("o") %>`,
		"bad.asp":    "\n<% Application('s') = 'text'; Application.Increment('s') %>",
		"locked.asp": `<% Application.Lock(); Application.Increment("n", 100); Application.Update("u", x => x + 100); Application.CompareAndSet("c", Application("c"), 1); %><%= Application("n") %><% Application.Unlock() %>`,
	})
	var wg sync.WaitGroup
	for range parallel {
		wg.Go(func() {
			g := pg.guest()
			for range rounds {
				if a := g.fetch(t.Context(), "/add.asp"); a.status != 200 {
					t.Error(a)
				}
			}
		})
	}
	wg.Wait()
	all := parallel * rounds
	g := pg.guest()
	g.wants("/show.asp", fmt.Sprintf("%d %d %d %d", all, all*5/2, all, all))
	g.wants("/object.asp", "1,2 True False 5")
	if err := g.refused("/bad.asp"); err.Line != 2 || !strings.Contains(err.Error(), `"s"`) {
		t.Error(err)
	}
	g.wants("/locked.asp", strconv.Itoa(all+100))
	g.wants("/show.asp", fmt.Sprintf("%d %d %d 1", all+100, all*5/2, all+100))
}

// 200 requests of several sessions count under the lock. Some leave it by End,
// Redirect or Transfer, which counts; in the second round every tenth throws,
// times out, hangs or panics, which doesn't.
func TestHammerTheApplicationLock(t *testing.T) {
	t.Parallel()
	const parallel, sessions = 200, 8
	good := []string{``, `Application.Unlock();`, `Response.End()`, `Response.Redirect("/x")`, `Server.Transfer("other.asp")`, `Application.Lock();`}
	bad := []string{`throw new Error("no")`, `meet.Panic()`, outOfTime + `for (;;);`, outOfTimeHanging("hammer")}
	files := map[string]string{
		"other.asp": `<%= String(Application("n")) %>`,
		"zero.asp":  `<% Application("n") = 0 %>`,
		"show.asp":  `<%= String(Application("n")) %>`,
	}
	page := `<% Session("x") = 1; ` + `var meet = Server.CreateObject("Test.Meet"); Application.Lock(); var n = Application("n"); for (var i = 0; i < 200; i++); Application("n") = n + 1; `
	for i, code := range good {
		files[fmt.Sprintf("good%d.asp", i)] = page + code + ` %>`
	}
	// Two of them loop, two hang: enough to see, and soon over. Each is a page
	// of its own, as they run out of time by name.
	spoiled := func(i int) string { return fmt.Sprintf("bad%d.asp", i) }
	for i := range parallel / 10 {
		files[spoiled(i)] = page + bad[[]int{0, 1, 0, 1, 2, 0, 1, 3}[i%8]] + ` %>`
	}
	// One that hangs has the lock for a second, until it is given up: the
	// others wait behind all of them.
	pg := play(t, Config{ApplicationLockTimeout: time.Minute, SessionQueueMax: parallel, QueueTimeout: time.Minute}, files)
	all := pg.guests(sessions)
	for _, g := range all {
		g.get("/zero.asp")
	}
	round := func(every int) (failed int64) {
		all[0].get("/zero.asp")
		var wrong atomic.Int64
		var wg sync.WaitGroup
		for i := range parallel {
			url := fmt.Sprintf("/good%d.asp", i%len(good))
			spoils := every > 0 && i%every == 0
			if spoils {
				url = "/" + spoiled(i/every)
			}
			wg.Go(func() {
				a := all[i%sessions].fetch(t.Context(), url)
				if a.err != nil || (a.status == 500) != spoils || a.status == 503 {
					t.Errorf("%s: %v", url, a)
				}
				if spoils {
					wrong.Add(1)
				}
			})
		}
		wg.Wait()
		return wrong.Load()
	}
	round(0)
	all[1].wants("/show.asp", strconv.Itoa(parallel))
	began := time.Now()
	failed := round(10)
	all[1].wants("/show.asp", strconv.Itoa(parallel-int(failed)))
	t.Logf("%d requests, %d of them failed under the lock, in %v", parallel, failed, time.Since(began))
	pg.open("hammer")
	pg.until("those that hung have ended", func() bool { return pg.Status().Orphans == 0 })
	all[1].wants("/show.asp", strconv.Itoa(parallel-int(failed)))
}

// With a lock timeout that is shorter than what others do under the lock,
// every wait for it ends in time, by the lock or by an error that the page can
// catch, and every request is answered within its bounds; what got the lock
// and ended well is counted exactly.
func TestHammerNobodyWaitsLongerThanItsBound(t *testing.T) {
	t.Parallel()
	const parallel, sessions = 200, 40
	const lock, queue, slack = 700 * time.Millisecond, time.Minute, 20 * time.Second
	ends := []string{``, `Application.Unlock();`, `Response.End()`, `Server.Transfer("other.asp")`}
	bad := []string{`throw new Error("no")`, `meet.Panic()`, outOfTime + `for (;;);`, outOfTimeHanging("bound")}
	files := map[string]string{"other.asp": ``, "zero.asp": `<% Session("x") = 1; Application("n") = 0 %>`, "show.asp": `<%= String(Application("n")) %>`}
	take := `var meet = Server.CreateObject("Test.Meet"), began = Date.now(), got = true; try { Application.Lock() } catch (e) { got = false }` +
		` var waited = Date.now() - began; if (got) { Application("n") = Application("n") + 1; `
	for i, end := range ends {
		files[fmt.Sprintf("good%d.asp", i)] = `<% Session("x") = 1; ` + take + ` } Response.Write(got + " " + waited); ` + end + ` %>`
	}
	for i := range parallel / 10 { // each runs out of time by its name
		files[fmt.Sprintf("bad%d.asp", i)] = `<% Session("x") = 1; ` + take + bad[i%len(bad)] + ` } %>`
	}
	pg := play(t, Config{ApplicationLockTimeout: lock, SessionQueueMax: parallel, QueueTimeout: queue}, files)
	all := pg.guests(sessions)
	for _, g := range all {
		g.get("/zero.asp")
	}
	var kept, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range parallel {
		url, most := fmt.Sprintf("/good%d.asp", i%len(ends)), 2*queue+lock+slack
		if spoils := i%10 == 0; spoils {
			url = fmt.Sprintf("/bad%d.asp", i/10)
		}
		wg.Go(func() {
			began := time.Now()
			a := all[i%sessions].fetch(t.Context(), url)
			if took := time.Since(began); a.err != nil || took > most {
				t.Errorf("%s: %v after %v, more than %v", url, a, took, most)
			}
			var got bool
			var waited int64
			switch _, err := fmt.Sscanf(string(a.body), "%t %d", &got, &waited); {
			case a.status == 200 && strings.HasPrefix(url, "/good") && err != nil:
				t.Errorf("%s: %v", url, a)
			case time.Duration(waited)*time.Millisecond > lock+slack:
				t.Errorf("%s waited %d ms for a lock that may take %v", url, waited, lock)
			case got:
				kept.Add(1)
			default:
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	pg.open("bound")
	pg.until("those that hung have ended", func() bool { return pg.Status().Orphans == 0 })
	all[0].wants("/show.asp", strconv.FormatInt(kept.Load(), 10))
	if kept.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d got the lock and %d did not: nothing was shown", kept.Load(), refused.Load())
	}
	t.Logf("%d got the lock, %d did not in time or failed", kept.Load(), refused.Load())
}
