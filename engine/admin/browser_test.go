package admin

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// TestBrowser uses the console in Chromium as an administrator does: one
// browser for all, an application and a window for each path. With
// NAJA_SCREENSHOTS=DIR it leaves pictures there of what it saw.
func TestBrowser(t *testing.T) {
	browser := startBrowser(t)
	for _, path := range []struct {
		name string
		walk func(*testing.T, context.Context)
	}{
		{"sign in", browseSignIn}, {"watch and kill", browseWatch}, {"hold", browseHold}, {"recover", browseRecover},
		{"update", browseUpdate}, {"sessions", browseSessions}, {"hostile", browseHostile}, {"stays", browseStays},
		{"keyboard", browseKeyboard}, {"look", browseLook}, {"proxy", browseProxy},
	} {
		t.Run(path.name, func(t *testing.T) {
			t.Parallel() // mostly they wait for the next second
			path.walk(t, browser)
		})
	}
}

// startBrowser starts Chromium until the test ends, and gives the context of
// which windows are made.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Skip("neither chromium nor google-chrome is installed; make deps installs it on Debian")
	}
	all, end := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("lang", "en"))
	t.Cleanup(end)
	// Events that the library is too old for are no errors of the page.
	ctx, closeAll := chromedp.NewContext(all, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() {
		ending, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := chromedp.Cancel(ending); err != nil {
			closeAll()
		}
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("starting %s: %v", program, err)
	}
	return ctx
}

// windowTime bounds what one window lives.
const windowTime = 40 * time.Second

// A window shows pages to one administrator or visitor.
type window struct {
	t    *testing.T
	tab  context.Context // lives as long as the test
	ctx  context.Context // the same, bounded in time
	base string

	mu        sync.Mutex
	complains []string // what a developer would see in the console
	expects   []string // parts of what may stand there
}

// openWindow opens a page for somebody new, who has no cookies yet.
func openWindow(t *testing.T, browser context.Context, base, page string) *window {
	t.Helper()
	w := emptyWindow(t, browser, base, chromedp.WithNewBrowserContext())
	w.open(page)
	return w
}

// another opens a second window of the same person.
func (w *window) another(base, page string) *window {
	w.t.Helper()
	other := emptyWindow(w.t, w.tab, base)
	other.open(page)
	return other
}

func emptyWindow(t *testing.T, parent context.Context, base string, opts ...chromedp.ContextOption) *window {
	t.Helper()
	// Sites have no picture for their tab; nobody asked for that.
	w := &window{t: t, base: strings.TrimSuffix(base, "/") + "/", expects: []string{"favicon.ico"}}
	tab, end := chromedp.NewContext(parent, opts...)
	t.Cleanup(end)
	w.tab = tab
	chromedp.ListenTarget(tab, w.listen)
	w.do(tab)
	ctx, cancel := context.WithTimeout(tab, windowTime)
	t.Cleanup(cancel)
	w.ctx = ctx
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, line := range w.complains {
			t.Errorf("the console says: %s", line)
		}
	})
	w.run(chromedp.EmulateViewport(1280, 900))
	return w
}

// listen collects errors of the page: what its scripts throw and log, and what
// the browser has to say about it.
func (w *window) listen(event any) {
	line := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		line = e.ExceptionDetails.Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			for _, arg := range e.Args {
				line += string(arg.Value) + arg.Description + " "
			}
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.LevelError || e.Entry.Level == cdplog.LevelWarning {
			line = e.Entry.Text + " " + e.Entry.URL
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if line != "" && !slices.ContainsFunc(w.expects, func(part string) bool { return strings.Contains(line, part) }) {
		w.complains = append(w.complains, line)
	}
}

// expect lets the browser complain about what contains one of the parts, too.
func (w *window) expect(parts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expects = append(w.expects, parts...)
}

// signIn answers the browser's questions for account and password: the given
// ones in turn, then by giving up.
func (w *window) signIn(pairs ...[2]string) {
	w.t.Helper()
	chromedp.ListenTarget(w.ctx, func(event any) {
		switch e := event.(type) {
		case *fetch.EventRequestPaused:
			go func() { _ = chromedp.Run(w.ctx, fetch.ContinueRequest(e.RequestID)) }()
		case *fetch.EventAuthRequired:
			w.mu.Lock()
			answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}
			if len(pairs) > 0 {
				answer = &fetch.AuthChallengeResponse{
					Response: fetch.AuthChallengeResponseResponseProvideCredentials, Username: pairs[0][0], Password: pairs[0][1],
				}
				pairs = pairs[1:]
			}
			w.mu.Unlock()
			go func() { _ = chromedp.Run(w.ctx, fetch.ContinueWithAuth(e.RequestID, answer)) }()
		}
	})
	w.run(fetch.Enable().WithHandleAuthRequests(true))
}

func (w *window) run(actions ...chromedp.Action) {
	w.t.Helper()
	w.do(w.ctx, actions...)
}

func (w *window) do(ctx context.Context, actions ...chromedp.Action) {
	w.t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		w.t.Fatal(err)
	}
}

// open goes to a page, and waits until all of it is there.
func (w *window) open(page string) {
	w.t.Helper()
	w.run(chromedp.Navigate(w.base + page))
}

// eval is what an expression is in the page.
func eval[T any](w *window, expression string) T {
	w.t.Helper()
	var value T
	w.run(chromedp.Evaluate(expression, &value))
	return value
}

// until waits for an expression to be true. Between two pages there is no
// page to ask; that isn't an error yet.
func (w *window) until(expression string) {
	w.t.Helper()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for {
		var is bool
		if err := chromedp.Run(w.ctx, chromedp.Evaluate("Boolean(("+expression+"))", &is)); err == nil && is {
			return
		}
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			var text string
			_ = chromedp.Run(w.tab, chromedp.Evaluate("document.body.innerText", &text))
			w.t.Fatalf("waited in vain for %s in\n%s", expression, text)
		}
	}
}

// click presses with the mouse what a selector finds, once nothing lies over it,
// for a dialog may still be closing, and it isn't busy with the last press. The page may also move beneath the mouse, as it
// does for anybody: then it is pressed again.
func (w *window) click(selector string) {
	w.t.Helper()
	find := fmt.Sprintf(`(() => {
		const found = document.querySelector(%q);
		found?.scrollIntoView({block: "center", behavior: "instant"});
		const box = found?.getBoundingClientRect(), x = box?.x + box?.width / 2, y = box?.y + box?.height / 2;
		if (!found?.contains(document.elementFromPoint(x, y)) || found.closest("[aria-busy=true]")) return null;
		window.hit = null;
		window.addEventListener("click", e => { window.hit = found.contains(e.target); }, {capture: true, once: true});
		return [x, y];
	})()`, selector)
	for {
		w.until("/* can be clicked */ " + find)
		if at := eval[[]float64](w, find); len(at) == 2 {
			w.run(chromedp.MouseClickXY(at[0], at[1]))
			if w.hit(selector) {
				return
			}
		}
	}
}

// hit says whether a click came to what it was meant for, or to another page's
// end. The page may hear of it a moment later.
func (w *window) hit(selector string) bool {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		switch eval[string](w, fmt.Sprintf(`String(window.hit ?? (document.querySelector(%q) ? "none" : true))`, selector)) {
		case "true":
			return true
		case "false":
			return false
		}
		<-tick.C
	}
	return false
}

// is fails unless an expression is what it should be.
func (w *window) is(expression, want string) {
	w.t.Helper()
	if got := eval[string](w, "String("+expression+")"); got != want {
		w.t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// result waits for what came of an action, checks that it has a text, and puts
// it away.
func (w *window) result(parts ...string) string {
	w.t.Helper()
	w.until(`document.querySelector(".result")`)
	text := eval[string](w, `document.querySelector(".result").innerText`)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			w.t.Errorf("the result is %q, want %q in it", text, part)
		}
	}
	w.click(".result [data-do=dismiss]")
	w.until(`!document.querySelector(".result")`)
	return text
}

// picture keeps what the window shows, if somebody wants to see it.
func (w *window) picture(name string) {
	w.t.Helper()
	folder := os.Getenv("NAJA_SCREENSHOTS")
	if folder == "" {
		return
	}
	var png []byte
	w.run(chromedp.FullScreenshot(&png, 100))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "console-"+name+".png"), png, 0o644); err != nil {
		w.t.Fatal(err)
	}
}
