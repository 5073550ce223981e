package admin

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/najahost/naja/internal/browsertest"
)

// browseSignIn is refused without an account and with a wrong password, and
// let in with the right one.
func browseSignIn(t *testing.T, browser *browsertest.Browser) {
	users := filepath.Join(t.TempDir(), "users")
	if _, err := SetPassword(users, "ada", "correct horse"); err != nil {
		t.Fatal(err)
	}
	c := openConsole(t, func(cfg *Config) { cfg.Account, cfg.Users = "any", users })
	w := browser.Window(t, c.admin)
	w.Expect("401", "501")
	w.SignIn([2]string{"ada", "wrong"})
	w.Open("")
	w.Until(`document.body.innerText.includes("password is wrong")`)
	w.Is(`document.querySelector("#view")`, "null")

	w = browser.Window(t, c.admin)
	w.Expect("401", "501")
	w.SignIn([2]string{"ada", "correct horse"})
	w.Open("")
	w.Until(`document.querySelector("#live-word").textContent === "Live"`)
	w.Is(`document.querySelector("#about").textContent.startsWith("Version 1.2.3")`, "true")
	w.Is(`document.querySelector(".overview tbody a").textContent`, "/")

	// What is in force is there, as it was masked.
	w.Click("section[data-key=settings] summary")
	w.Until(`document.querySelector("section[data-key=settings] details").open`)
	w.Is(`document.querySelector("section[data-key=settings] details").innerText.includes("••••••")`, "true")

	// A change is made in the account's name.
	w.Is(`document.querySelector("[data-do=isolation]")`, "null") // there is no other one
	w.Click("[data-do=keepalive]")
	result(t, w, "Done")
	w.Click("[data-do=reload-config]")
	result(t, w, "Not done", "no settings to read")
	w.Picture("signed-in")
}

// browseWatch sees a slow page come, with its line and its time, and kills it.
func browseWatch(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	w := browser.Open(t, c.admin, "")
	w.Until(`document.querySelector("section[data-key=requests]").innerText.includes("No page runs")`)
	visit := c.visit("/slow.asp?secret=1")
	row := `document.querySelector("section[data-key=requests] tbody tr")`
	w.Until(row + `?.innerText.includes("slow.asp, line 4")`)
	w.Is(row+`.querySelector(".url").textContent`, "GET /slow.asp")
	w.Is(row+`.innerText.includes("Runs")`, "true")
	w.Is(`document.querySelector("section[data-key=apartments] .aside").textContent.startsWith("1 of 4 apartments busy")`, "true")
	w.Is(`document.querySelectorAll(".houses .busy").length`, "1")
	first := w.Text(row + `.querySelectorAll("td")[2].textContent`)
	w.Until(row + fmt.Sprintf(`.querySelectorAll("td")[2].textContent !== %q`, first)) // without a reload
	w.Click("section[data-key=apartments] summary")
	w.Until(`document.querySelector("section[data-key=apartments] table").innerText.includes("GET /slow.asp")`)
	w.Picture("running")

	w.Click("[data-do=kill]")
	w.Until(`document.querySelector("#ask").open`)
	w.Is(`document.querySelector("#ask").innerText.includes("slow.asp, line")`, "true")
	w.Click("#ask [value='']") // think again
	w.Until(`!document.querySelector("#ask").open`)
	w.Click("[data-do=kill]")
	w.Click("#ask-do")
	result(t, w, "Done", "/slow.asp", "ended")
	visit.wait(t)
	if visit.status == http.StatusOK {
		t.Errorf("the killed request was answered with %d %.100s", visit.status, visit.text)
	}
	w.Until(`document.querySelector("section[data-key=requests]").innerText.includes("No page runs")`)
}

// browseHold refuses visitors, lets an administrator through with a link that
// works once, and releases.
func browseHold(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	w := browser.Open(t, c.admin, "")
	w.Click("[data-do=hold]")
	w.Until(`document.querySelector("#ask").open`)
	w.Is(`document.querySelector("#ask [name=mode]:checked").value`, "refuse")
	w.Picture("hold-asks")
	w.Click("#ask-do")
	result(t, w, "Done", "held")
	w.Until(`document.querySelector("[data-do=release-hold]")`)
	w.Is(`document.querySelector(".notice").textContent.includes("503")`, "true")

	visitor := browser.Window(t, c.site)
	visitor.Expect("503")
	visitor.Open("default.asp")
	visitor.Is(`performance.getEntriesByType("navigation")[0].responseStatus`, "503")
	visitor.Is(`document.body.innerText.includes("version one")`, "false")
	visitor.Picture("hold-visitor")

	w.Click("[data-do=pass]")
	w.Until(`document.querySelector("#show").open`)
	link := w.Text(`document.querySelector("#show .link").value`)
	if !strings.HasPrefix(link, c.site+"/") {
		t.Fatalf("the link is %q", link)
	}
	admin := w.Another(c.site, strings.TrimPrefix(link, c.site+"/"))
	admin.Is(`document.body.innerText`, "version one")
	visitor.Open(strings.TrimPrefix(link, c.site+"/")) // it was used
	visitor.Is(`document.body.innerText.includes("version one")`, "false")
	if status, _ := c.get("/default.asp"); status != http.StatusServiceUnavailable {
		t.Errorf("a visitor is answered with %d", status)
	}
	w.Click("#show [value='']")
	w.Until(`!document.querySelector("#show").open`)
	w.Picture("held")

	w.Click("[data-do=release-hold]")
	result(t, w, "Done")
	visitor.Open("default.asp")
	visitor.Is(`document.body.innerText`, "version one")

	// Parked, a visitor waits and is served.
	w.Click("[data-do=hold]")
	w.Click("#ask [value=park]")
	w.Click("#ask-do")
	result(t, w, "Done")
	visit := c.visit("/default.asp")
	w.Until(`document.querySelector(".notice")?.textContent.includes("; 1 of at most")`)
	w.Click("[data-do=release-hold]")
	result(t, w, "Done")
	visit.wait(t)
	if visit.status != http.StatusOK || !strings.Contains(visit.text, "version one") {
		t.Errorf("who was parked got %d %q, %v", visit.status, visit.text, visit.err)
	}
}

// browseRecover sees who holds the Application lock and who waits, and takes
// it away.
func browseRecover(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	w := browser.Open(t, c.admin, "")
	holder := c.visit("/lock.asp")
	w.Until(`document.querySelector("section[data-key=lock]").innerText.includes("/lock.asp")`)
	waiter := c.visit("/wants.asp")
	w.Until(`document.querySelector("section[data-key=lock] [data-key=w0]")?.innerText.includes("/wants.asp")`)
	w.Until(`document.querySelector("section[data-key=requests]").innerText.includes("holds Application.Lock")`)
	w.Picture("stuck")
	w.Until(`/\b[1-9][0-9.]* s\b/.test(document.querySelector("section[data-key=lock] [data-key=w0]").innerText)`) // what counts as stuck
	w.Click("[data-do=recover]")
	w.Click("#ask-do")
	result(t, w, "Done", "/lock.asp")
	holder.wait(t)
	waiter.wait(t)
	if waiter.status != http.StatusOK || waiter.text != "mine" {
		t.Errorf("who waited got %d %q, %v", waiter.status, waiter.text, waiter.err)
	}
	w.Until(`document.querySelector("section[data-key=lock]").innerText.includes("Nobody holds the lock")`)
}

// browseUpdate updates a site under load, and then with content that doesn't
// work: no visitor sees anything of that but the new pages.
func browseUpdate(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	w := browser.Open(t, c.admin, "")
	w.Expect("409")
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
		w.Click("[data-do=update]")
		w.Click("#ask-do")
	}
	c.write(c.source, map[string]string{"default.asp": "<p>version two</p>", "new.asp": "<%= 6 * 7 %>"})
	update()
	result(t, w, "Done")
	if status, text := c.get("/new.asp"); status != http.StatusOK || text != "42" {
		t.Errorf("the new page is %d %q", status, text)
	}
	w.Until(`document.querySelector("[data-key=notices]").innerText.includes("1 replaced, 1 added")`)

	// A page that doesn't compile is found before anything happens.
	c.write(c.source, map[string]string{"new.asp": "<% if ( %>", "default.asp": "<p>version three</p>"})
	update()
	result(t, w, "Not done", "new.asp")

	// An application that doesn't start is found when it starts.
	c.write(c.source, map[string]string{
		"new.asp": "fine", "global.asa": "<script runat=server>function Application_OnStart() { throw new Error('no start') }</script>",
	})
	update()
	result(t, w, "Not done", "no start")
	w.Until(`document.querySelector("[data-key=notices]").innerText.includes("rolled back")`)
	w.Picture("rolled-back")
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
func browseSessions(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	visitor := browser.Window(t, c.site)
	visitor.Open("session.asp")
	w := browser.Open(t, c.admin, "")
	w.Until(`document.querySelector("section[data-key=sessions] .aside").textContent.startsWith("1 alive")`)
	w.Click("[data-do=sessions]")
	w.Click("[data-do=inspect]")
	w.Until(`document.querySelector("#show").open`)
	w.Is(`[...document.querySelectorAll("#show tbody th")].map(e => e.textContent).join()`, "name,n")
	w.Is(`document.querySelector("#show tbody .what").textContent`, `"\u003cb\u003eAda\u003c/b\u003e"`)
	w.Picture("session")
	w.Click("#show [value='']")
	w.Until(`!document.querySelector("#show").open`)
	w.Click("[data-do='sessions/end']")
	w.Click("#ask-do")
	result(t, w, "Done")
	w.Until(`document.querySelector("#session-list").innerText.includes("There are no sessions")`)
	w.Until(`document.querySelector("section[data-key=sessions] .aside").textContent.startsWith("0 alive")`)
	visitor.Open("default.asp")
}

// browseErrors opens an error.
func browseErrors(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	if status, _ := c.get("/fails.asp?x=secret"); status != http.StatusInternalServerError {
		t.Fatalf("the page failed with %d", status)
	}
	w := browser.Open(t, c.admin, "")
	w.Click("[data-do=error]")
	w.Until(`document.querySelector("#show").open`)
	w.Is(`document.querySelector("#show-title").textContent`, "Error of fails.asp")
	w.Is(`[...document.querySelectorAll("#show dt")].map(e => e.textContent).join()`, "Message,Page,Place,Line,Column,Request,Times,First,Last")
	w.Is(`document.querySelectorAll("#show dd")[3].textContent`, "2")
	w.Is(`document.querySelectorAll("#show dd")[5].textContent`, "GET /fails.asp")
	w.Is(`document.querySelector("#show ol.stack").innerText.includes("fails.asp:2:")`, "true")
	w.Is(`document.querySelectorAll("#show img").length`, "0")
	w.Picture("error")
	w.Click("#show [value='']")
	w.Until(`!document.querySelector("#show").open`)
}

// browseMarkup shows what visitors and pages wrote as text.
func browseMarkup(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	bite := `<img src=x onerror="window.bitten=1"><script>window.bitten=1</script>`
	if status, _ := c.get("/fails.asp?x=" + escaped(bite)); status != http.StatusInternalServerError {
		t.Fatalf("the page failed with %d", status)
	}
	name := `a'&lt;img src=x onerror='window.bitten=1'&gt;.asp`
	c.write(c.root, map[string]string{name: siteFiles()["slow.asp"]})
	c.visit("/" + escaped(name))
	w := browser.Open(t, c.admin, "")
	w.Until(`document.querySelector("section[data-key=errors] td")?.innerText.includes("<img src=x onerror='window.bitten = 1'>")`)
	w.Is(`document.querySelector("section[data-key=errors] td").innerText.includes("fails.asp:2")`, "true")
	w.Until(`document.querySelector("section[data-key=requests] td.what")?.innerText.includes(` + "`" + name + "`)")
	w.Click("[data-do=kill]")
	w.Click("#ask-do")
	result(t, w, "Done", name)
	w.Is(`window.bitten`, "undefined")
	w.Is(`document.querySelectorAll("main img, main script, #results img, main b:not(.figure b)").length`, "0")

	// Were there a hole, nothing would come through it.
	w.Expect("Content Security Policy", "Trusted")
	for _, way := range []string{
		`document.body.innerHTML = "<img src=x onerror='window.bitten = 1'>"`,
		`document.createElement("img").setAttribute("onerror", "window.bitten = 1")`,
		`document.createElement("script").text = "window.bitten = 1"`,
	} {
		w.Is(`(() => { try { `+way+`; return "done"; } catch (e) { return "refused"; } })()`, "refused")
	}
	w.Is(`window.bitten`, "undefined")
}
