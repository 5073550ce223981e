package admin

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// browseSignIn is refused without an account and with a wrong password, and
// let in with the right one.
func browseSignIn(t *testing.T, browser context.Context) {
	users := filepath.Join(t.TempDir(), "users")
	if _, err := SetPassword(users, "ada", "correct horse"); err != nil {
		t.Fatal(err)
	}
	c := openConsole(t, func(cfg *Config) { cfg.Account, cfg.Users = "any", users })
	w := emptyWindow(t, browser, c.admin, chromedp.WithNewBrowserContext())
	w.expect("401", "501")
	w.signIn([2]string{"ada", "wrong"})
	w.open("")
	w.until(`document.body.innerText.includes("password is wrong")`)
	w.is(`document.querySelector("#view")`, "null")

	w = emptyWindow(t, browser, c.admin, chromedp.WithNewBrowserContext())
	w.expect("401", "501")
	w.signIn([2]string{"ada", "correct horse"})
	w.open("")
	w.until(`document.querySelector("#live-word").textContent === "Live"`)
	w.is(`document.querySelector("#about").textContent.startsWith("Version 1.2.3")`, "true")
	w.is(`document.querySelector(".overview tbody a").textContent`, "/")

	// What is in force is there, as it was masked.
	w.click("section[data-key=settings] summary")
	w.until(`document.querySelector("section[data-key=settings] details").open`)
	w.is(`document.querySelector("section[data-key=settings] details").innerText.includes("••••••")`, "true")

	// A change is made in the account's name.
	w.is(`document.querySelector("[data-do=isolation]")`, "null") // there is no other one
	w.click("[data-do=keepalive]")
	w.result("Done")
	w.click("[data-do=reload-config]")
	w.result("Not done", "no settings to read")
	w.picture("signed-in")
}

// browseWatch sees a slow page come, with its line and its time, and kills it.
func browseWatch(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	w := openWindow(t, browser, c.admin, "")
	w.until(`document.querySelector("section[data-key=requests]").innerText.includes("No page runs")`)
	visit := c.visit("/slow.asp?secret=1")
	row := `document.querySelector("section[data-key=requests] tbody tr")`
	w.until(row + `?.innerText.includes("slow.asp, line 4")`)
	w.is(row+`.querySelector(".url").textContent`, "GET /slow.asp")
	w.is(row+`.innerText.includes("Runs")`, "true")
	w.is(`document.querySelector("section[data-key=apartments] .aside").textContent.startsWith("1 of 4 apartments busy")`, "true")
	w.is(`document.querySelectorAll(".houses .busy").length`, "1")
	first := eval[string](w, row+`.querySelectorAll("td")[2].textContent`)
	w.until(row + fmt.Sprintf(`.querySelectorAll("td")[2].textContent !== %q`, first)) // without a reload
	w.click("section[data-key=apartments] summary")
	w.until(`document.querySelector("section[data-key=apartments] table").innerText.includes("GET /slow.asp")`)
	w.picture("running")

	w.click("[data-do=kill]")
	w.until(`document.querySelector("#ask").open`)
	w.is(`document.querySelector("#ask").innerText.includes("slow.asp, line")`, "true")
	w.click("#ask [value='']") // think again
	w.until(`!document.querySelector("#ask").open`)
	w.click("[data-do=kill]")
	w.click("#ask-do")
	w.result("Done", "/slow.asp", "ended")
	visit.wait(t)
	if visit.status == http.StatusOK {
		t.Errorf("the killed request was answered with %d %.100s", visit.status, visit.text)
	}
	w.until(`document.querySelector("section[data-key=requests]").innerText.includes("No page runs")`)
}

// browseHold refuses visitors, lets an administrator through with a link that
// works once, and releases.
func browseHold(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	w := openWindow(t, browser, c.admin, "")
	w.click("[data-do=hold]")
	w.until(`document.querySelector("#ask").open`)
	w.is(`document.querySelector("#ask [name=mode]:checked").value`, "refuse")
	w.picture("hold-asks")
	w.click("#ask-do")
	w.result("Done", "held")
	w.until(`document.querySelector("[data-do=release-hold]")`)
	w.is(`document.querySelector(".notice").textContent.includes("503")`, "true")

	visitor := emptyWindow(t, browser, c.site, chromedp.WithNewBrowserContext())
	visitor.expect("503")
	visitor.open("default.asp")
	visitor.is(`performance.getEntriesByType("navigation")[0].responseStatus`, "503")
	visitor.is(`document.body.innerText.includes("version one")`, "false")
	visitor.picture("hold-visitor")

	w.click("[data-do=pass]")
	w.until(`document.querySelector("#show").open`)
	link := eval[string](w, `document.querySelector("#show .link").value`)
	if !strings.HasPrefix(link, c.site+"/") {
		t.Fatalf("the link is %q", link)
	}
	admin := w.another(c.site, strings.TrimPrefix(link, c.site+"/"))
	admin.is(`document.body.innerText`, "version one")
	visitor.open(strings.TrimPrefix(link, c.site+"/")) // it was used
	visitor.is(`document.body.innerText.includes("version one")`, "false")
	if status, _ := c.get("/default.asp"); status != http.StatusServiceUnavailable {
		t.Errorf("a visitor is answered with %d", status)
	}
	w.click("#show [value='']")
	w.until(`!document.querySelector("#show").open`)
	w.picture("held")

	w.click("[data-do=release-hold]")
	w.result("Done")
	visitor.open("default.asp")
	visitor.is(`document.body.innerText`, "version one")

	// Parked, a visitor waits and is served.
	w.click("[data-do=hold]")
	w.click("#ask [value=park]")
	w.click("#ask-do")
	w.result("Done")
	visit := c.visit("/default.asp")
	w.until(`document.querySelector(".notice")?.textContent.includes("; 1 of at most")`)
	w.click("[data-do=release-hold]")
	w.result("Done")
	visit.wait(t)
	if visit.status != http.StatusOK || !strings.Contains(visit.text, "version one") {
		t.Errorf("who was parked got %d %q, %v", visit.status, visit.text, visit.err)
	}
}

// browseRecover sees who holds the Application lock and who waits, and takes
// it away.
func browseRecover(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	w := openWindow(t, browser, c.admin, "")
	holder := c.visit("/lock.asp")
	w.until(`document.querySelector("section[data-key=lock]").innerText.includes("/lock.asp")`)
	waiter := c.visit("/wants.asp")
	w.until(`document.querySelector("section[data-key=lock] [data-key=w0]")?.innerText.includes("/wants.asp")`)
	w.until(`document.querySelector("section[data-key=requests]").innerText.includes("holds Application.Lock")`)
	w.picture("stuck")
	w.until(`/\b[1-9][0-9.]* s\b/.test(document.querySelector("section[data-key=lock] [data-key=w0]").innerText)`) // what counts as stuck
	w.click("[data-do=recover]")
	w.click("#ask-do")
	w.result("Done", "/lock.asp")
	holder.wait(t)
	waiter.wait(t)
	if waiter.status != http.StatusOK || waiter.text != "mine" {
		t.Errorf("who waited got %d %q, %v", waiter.status, waiter.text, waiter.err)
	}
	w.until(`document.querySelector("section[data-key=lock]").innerText.includes("Nobody holds the lock")`)
}

// browseUpdate updates a site under load, and then with content that doesn't
// work: no visitor sees anything of that but the new pages.
func browseUpdate(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	w := openWindow(t, browser, c.admin, "")
	w.expect("409")
	stop, failed, served := make(chan struct{}), atomic.Int64{}, [3]atomic.Int64{}
	var load sync.WaitGroup
	defer load.Wait()
	end := sync.OnceFunc(func() { close(stop) })
	defer end()
	for range 4 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				status, text, err := c.fetch("/default.asp")
				switch {
				case err == nil && status == http.StatusOK && text == "<p>version one</p>":
					served[1].Add(1)
				case err == nil && status == http.StatusOK && text == "<p>version two</p>":
					served[2].Add(1)
				default:
					failed.Add(1)
					t.Errorf("a visitor got %d %q, %v", status, text, err)
					return
				}
			}
		})
	}
	update := func() {
		w.click("[data-do=update]")
		w.click("#ask-do")
	}
	c.write(c.source, map[string]string{"default.asp": "<p>version two</p>", "new.asp": "<%= 6 * 7 %>"})
	update()
	w.result("Done")
	if status, text := c.get("/new.asp"); status != http.StatusOK || text != "42" {
		t.Errorf("the new page is %d %q", status, text)
	}
	w.until(`document.querySelector("[data-key=notices]").innerText.includes("1 replaced, 1 added")`)

	// A page that doesn't compile is found before anything happens.
	c.write(c.source, map[string]string{"new.asp": "<% if ( %>", "default.asp": "<p>version three</p>"})
	update()
	w.result("Not done", "new.asp")

	// An application that doesn't start is found when it starts.
	c.write(c.source, map[string]string{
		"new.asp": "fine", "global.asa": "<script runat=server>function Application_OnStart() { throw new Error('no start') }</script>",
	})
	update()
	w.result("Not done", "no start")
	w.until(`document.querySelector("[data-key=notices]").innerText.includes("rolled back")`)
	w.picture("rolled-back")
	end()
	load.Wait()
	if _, text := c.get("/default.asp"); text != "<p>version two</p>" {
		t.Errorf("after the broken update the page is %q", text)
	}
	if served[1].Load() == 0 || served[2].Load() == 0 {
		t.Errorf("visitors saw version one %d times, two %d times", served[1].Load(), served[2].Load())
	}
	t.Logf("visitors saw version one %d times, two %d times; %d requests failed", served[1].Load(), served[2].Load(), failed.Load())
}

// browseSessions lists sessions, looks into one, and ends it.
func browseSessions(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	visitor := emptyWindow(t, browser, c.site, chromedp.WithNewBrowserContext())
	visitor.open("session.asp")
	w := openWindow(t, browser, c.admin, "")
	w.until(`document.querySelector("section[data-key=sessions] .aside").textContent.startsWith("1 alive")`)
	w.click("[data-do=sessions]")
	w.click("[data-do=inspect]")
	w.until(`document.querySelector("#show").open`)
	w.is(`[...document.querySelectorAll("#show tbody th")].map(e => e.textContent).join()`, "name,n")
	w.is(`document.querySelector("#show tbody .what").textContent`, `"\u003cb\u003eAda\u003c/b\u003e"`)
	w.picture("session")
	w.click("#show [value='']")
	w.until(`!document.querySelector("#show").open`)
	w.click("[data-do='sessions/end']")
	w.click("#ask-do")
	w.result("Done")
	w.until(`document.querySelector("#session-list").innerText.includes("There are no sessions")`)
	w.until(`document.querySelector("section[data-key=sessions] .aside").textContent.startsWith("0 alive")`)
	visitor.open("default.asp")
}

// browseHostile shows what visitors and pages wrote as text.
func browseHostile(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	bite := `<img src=x onerror="window.bitten=1"><script>window.bitten=1</script>`
	if status, _ := c.get("/fails.asp?x=" + escaped(bite)); status != http.StatusInternalServerError {
		t.Fatalf("the page failed with %d", status)
	}
	name := `a'&lt;img src=x onerror='window.bitten=1'&gt;.asp`
	c.write(c.root, map[string]string{name: siteFiles()["slow.asp"]})
	c.visit("/" + escaped(name))
	w := openWindow(t, browser, c.admin, "")
	w.until(`document.querySelector("section[data-key=errors] td")?.innerText.includes("<img src=x onerror='window.bitten = 1'>")`)
	w.is(`document.querySelector("section[data-key=errors] td").innerText.includes("fails.asp:2")`, "true")
	w.until(`document.querySelector("section[data-key=requests] td.what")?.innerText.includes(` + "`" + name + "`)")
	w.click("[data-do=kill]")
	w.click("#ask-do")
	w.result("Done", name)
	w.is(`window.bitten`, "undefined")
	w.is(`document.querySelectorAll("main img, main script, #results img, main b:not(.figure b)").length`, "0")

	// Were there a hole, nothing would come through it.
	w.expect("Content Security Policy", "Trusted")
	for _, way := range []string{
		`document.body.innerHTML = "<img src=x onerror='window.bitten = 1'>"`,
		`document.createElement("img").setAttribute("onerror", "window.bitten = 1")`,
		`document.createElement("script").text = "window.bitten = 1"`,
	} {
		w.is(`(() => { try { `+way+`; return "done"; } catch (e) { return "refused"; } })()`, "refused")
	}
	w.is(`window.bitten`, "undefined")
}
