package site_test

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browseGuestbook signs with a text that would be a script, clicks twice, and
// loads again what came of it.
func browseGuestbook(t *testing.T, browser context.Context) {
	w := openWindow(t, browser, serve(t, nil).URL, "guestbook.asp")
	hostile := `<img src=x onerror="window.bitten = true"><script>window.bitten = true</script> it's`
	sign := func(name, text string) {
		w.fill("#name", name)
		w.fill("#text", text)
	}
	sign("<b>Ada</b>", hostile)
	w.leave(".stack button")
	w.is(`document.querySelector(".entries li b").textContent`, "<b>Ada</b>")
	w.is(`document.querySelector(".entries li p").textContent`, hostile)
	w.is(`window.bitten`, "undefined")
	w.is(`document.querySelectorAll(".entries img, .entries script").length`, "0")
	w.is(`location.hash`, "#entries")
	w.is(`document.querySelector(".good").textContent`, "Thank you, that is in the book now.")
	w.picture("guestbook-signed")

	w.run(chromedp.Reload())
	w.is(`document.querySelectorAll(".entries li").length`, "2") // Cleopatra's is the other
	w.is(`document.querySelector(".good")`, "null")

	// Browsers differ in what they make of a double click: send both for sure.
	sign("Eve", "once is enough")
	w.run(chromedp.Evaluate(`Promise.all([1, 2].map(() => fetch("guestbook.asp", {
		method: "POST", body: new URLSearchParams(new FormData(document.querySelector(".stack")))
	}).then(answer => answer.text())))`, nil, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	w.open("guestbook.asp")
	w.is(`document.querySelectorAll(".entries li").length`, "3")

	w.leave(".stack button")
	w.is(`document.querySelector("#name-problem").textContent.trim()`, "Please tell your name.")
	w.is(`document.querySelector("#name").getAttribute("aria-describedby")`, "name-problem")
	w.picture("guestbook-problems")
	w.leave("form[action='guestbook.asp']:not(.stack) button")
	w.is(`document.querySelector("#form-problem") !== null`, "true")
	w.refused("422", "403")
}

// browseCart puts things into the cart, changes how many, and takes them out.
func browseCart(t *testing.T, browser context.Context) {
	server := serve(t, nil)
	w := openWindow(t, browser, server.URL, "cart.asp")
	total := `document.querySelector("tfoot .number")?.textContent`
	w.leave(`[aria-label="Add Charmer's flute"]`)
	w.leave(`[aria-label="Add Pocket mirror for snakes"]`)
	w.is(total, "32.40 €")
	w.leave(`[aria-label="One Charmer's flute more"]`)
	w.is(total, "56.90 €")
	w.is(`document.querySelector(".step b").textContent`, "2")
	w.picture("cart-full")
	w.leave(`[aria-label="One Pocket mirror for snakes less"]`)
	w.is(total, "49.00 €")
	w.is(`document.querySelectorAll("tbody tr").length`, "1")

	other := openWindow(t, browser, server.URL, "cart.asp")
	other.is(total, "undefined")
	same := w.another("cart.asp")
	same.is(total, "49.00 €")
	same.leave(`[aria-label="Empty the cart"]`)
	w.run(chromedp.Reload())
	w.is(total, "undefined")
}

// browseCounter lets two visitors count and see each other.
func browseCounter(t *testing.T, browser context.Context) {
	server := serve(t, nil)
	one := openWindow(t, browser, server.URL, "counter.asp")
	one.is(`document.querySelectorAll(".visitors li").length`, "1")
	two := openWindow(t, browser, server.URL, "counter.asp")
	two.is(`document.querySelectorAll(".visitors li").length`, "2")

	two.leave("button[value=count]")
	two.is(`count.textContent`, "1")
	one.click("#many")
	one.until(`counted.textContent.startsWith("50 requests counted 50 different numbers")`)
	one.is(`count.textContent`, "51")
	one.until(`document.querySelectorAll(".visitors li").length === 2`) // by itself
	one.picture("counter-two")

	before := eval[string](two, `document.querySelector("[name=token]").value`)
	two.leave("button[value=leave]")
	if before == eval[string](two, `document.querySelector("[name=token]").value`) {
		t.Error("who left came back with the old session")
	}
	two.until(`document.querySelectorAll(".visitors li").length === 2`) // when Session_OnEnd has run
	one.open("")
	one.is(`document.querySelector("[data-is=sessions]").textContent`, "2")
}

// browseUpload sends a picture and sees it.
func browseUpload(t *testing.T, browser context.Context) {
	file := filepath.Join(t.TempDir(), "a cobra's <eye>.png")
	if err := os.WriteFile(file, []byte(eye(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	w := openWindow(t, browser, serve(t, nil).URL, "upload.asp")
	w.run(chromedp.SetUploadFiles("#file", []string{file}, chromedp.ByQuery))
	w.leave(".stack button")
	w.is(`document.querySelector("main h2").textContent`, "a cobra's <eye>.png")
	w.until(`document.querySelector(".preview").complete`)
	w.is(`document.querySelector(".preview").naturalWidth`, "48")
	w.is(`[...document.querySelectorAll(".wire td")].map(td => td.textContent).join()`, strconv.Itoa(len(eye(t)))+" bytes,image/png,image/png")
	w.picture("upload-picture")

	big := filepath.Join(t.TempDir(), "big.txt")
	if err := os.WriteFile(big, []byte(strings.Repeat("snake ", 40_000)), 0o644); err != nil {
		t.Fatal(err)
	}
	w.run(chromedp.SetUploadFiles("#file", []string{big}, chromedp.ByQuery))
	w.is(`file.validity.customError`, "true")
	w.leave("button[value=forget]")
	w.is(`document.querySelector(".preview")`, "null")
}

// eye is a picture.
func eye(t *testing.T) string {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 48, 32))
	for x := range 48 {
		for y := range 32 {
			picture.Set(x, y, color.RGBA{uint8(5 * x), uint8(8 * y), 96, 255})
		}
	}
	var text strings.Builder
	if err := png.Encode(&text, picture); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// browseErrors looks at the page whose frames fail on purpose.
func browseErrors(t *testing.T, browser context.Context) {
	w := openWindow(t, browser, serve(t, nil).URL, "errors.asp")
	w.is(`document.querySelectorAll(".caught dt").length`, "3")
	eval[any](w, `document.querySelector("iframe[src='inc/broken.inc']").scrollIntoView({behavior: "instant"})`)
	w.until(`[...document.querySelectorAll("iframe")].every(f => f.contentDocument?.body?.textContent.trim())`)
	if shown := eval[string](w, `document.querySelector("iframe").contentDocument.body.textContent`); strings.Contains(shown, "broken.inc") {
		t.Errorf("a stranger sees where the page failed: %s", shown)
	}
	w.picture("errors")
	w.refused("500", "404")
}

// browseOldAndNew types into the form of the page of 1999 and its rewrite.
func browseOldAndNew(t *testing.T, browser context.Context) {
	w := openWindow(t, browser, serve(t, nil).URL, "jscript.asp")
	w.fill("[name=who]", `<Grace> & "co"`)
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`location.search.includes("Grace") && document.readyState === "complete"`)
	for _, side := range []string{"old", "new"} {
		text := eval[string](w, `document.querySelector("[aria-labelledby=`+side+`]").textContent`)
		for _, want := range []string{`<Grace> & "co"`, "cobra", "adder"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in %s", side, want, text)
			}
		}
	}
	w.picture("jscript-asked")
}

// refused takes the console's lines about answers with these status codes,
// and fails if there is none for one of them.
func (w *window) refused(codes ...string) {
	w.t.Helper()
	seen := map[string]bool{}
	for _, line := range w.heard() {
		_, code, _ := strings.Cut(line, "responded with a status of ")
		code, _, _ = strings.Cut(code, " ")
		seen[code] = true
		if code == "" {
			w.t.Errorf("the console says: %s", line)
		}
	}
	for _, code := range codes {
		if !seen[code] {
			w.t.Errorf("the console says nothing of status %s", code)
		}
	}
}
