package site_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/browsertest"
)

// browseGuestbook signs with a text that would be a script, clicks twice, and
// loads again what came of it.
func browseGuestbook(t *testing.T, browser *browsertest.Browser) {
	w := browser.Open(t, serve(t, nil).URL, "guestbook.asp")
	markup := `<img src=x onerror="window.bitten = true"><script>window.bitten = true</script> it's`
	sign := func(name, text string) {
		w.Fill("#name", name)
		w.Fill("#text", text)
	}
	sign("<b>Ada</b>", markup)
	w.Leave(".stack button")
	w.Is(`document.querySelector(".entries li b").textContent`, "<b>Ada</b>")
	w.Is(`document.querySelector(".entries li p").textContent`, markup)
	w.Is(`window.bitten`, "undefined")
	w.Is(`document.querySelectorAll(".entries img, .entries script").length`, "0")
	w.Is(`location.hash`, "#entries")
	w.Is(`document.querySelector(".good").textContent`, "Thank you, that is in the book now.")
	w.Picture("guestbook-signed")

	w.Reload()
	w.Is(`document.querySelectorAll(".entries li").length`, "2") // Cleopatra's is the other
	w.Is(`document.querySelector(".good")`, "null")

	// Browsers differ in what they make of a double click: send both for sure.
	sign("Eve", "once is enough")
	w.Await(`Promise.all([1, 2].map(() => fetch("guestbook.asp", {
		method: "POST", body: new URLSearchParams(new FormData(document.querySelector(".stack")))
	}).then(answer => answer.text())))`)
	w.Open("guestbook.asp")
	w.Is(`document.querySelectorAll(".entries li").length`, "3")

	w.Leave(".stack button")
	w.Is(`document.querySelector("#name-problem").textContent.trim()`, "Please tell your name.")
	w.Is(`document.querySelector("#name").getAttribute("aria-describedby")`, "name-problem")
	w.Picture("guestbook-problems")
	w.Leave("form[action='guestbook.asp']:not(.stack) button")
	w.Is(`document.querySelector("#form-problem") !== null`, "true")
	refused(t, w, "422", "403")
}

// browseCart puts things into the cart, changes how many, and takes them out.
func browseCart(t *testing.T, browser *browsertest.Browser) {
	server := serve(t, nil)
	w := browser.Open(t, server.URL, "cart.asp")
	total := `document.querySelector("tfoot .number")?.textContent`
	w.Leave(`[aria-label="Add Charmer's flute"]`)
	w.Leave(`[aria-label="Add Pocket mirror for snakes"]`)
	w.Is(total, "32.40 €")
	w.Leave(`[aria-label="One Charmer's flute more"]`)
	w.Is(total, "56.90 €")
	w.Is(`document.querySelector(".step b").textContent`, "2")
	w.Picture("cart-full")
	w.Leave(`[aria-label="One Pocket mirror for snakes less"]`)
	w.Is(total, "49.00 €")
	w.Is(`document.querySelectorAll("tbody tr").length`, "1")

	other := browser.Open(t, server.URL, "cart.asp")
	other.Is(total, "undefined")
	same := w.Another(server.URL, "cart.asp")
	same.Is(total, "49.00 €")
	same.Leave(`[aria-label="Empty the cart"]`)
	w.Reload()
	w.Is(total, "undefined")
}

// browseCounter lets two visitors count and see each other.
func browseCounter(t *testing.T, browser *browsertest.Browser) {
	server := serve(t, nil)
	one := browser.Open(t, server.URL, "counter.asp")
	one.Is(`document.querySelectorAll(".visitors li").length`, "1")
	two := browser.Open(t, server.URL, "counter.asp")
	two.Is(`document.querySelectorAll(".visitors li").length`, "2")

	two.Leave("button[value=count]")
	two.Is(`count.textContent`, "1")
	one.Click("#many")
	one.Until(`counted.textContent.startsWith("50 requests counted 50 different numbers")`)
	one.Is(`count.textContent`, "51")
	one.Until(`document.querySelectorAll(".visitors li").length === 2`) // by itself
	one.Picture("counter-two")

	before := two.Text(`document.querySelector("[name=token]").value`)
	two.Leave("button[value=leave]")
	if before == two.Text(`document.querySelector("[name=token]").value`) {
		t.Error("who left came back with the old session")
	}
	two.Until(`document.querySelectorAll(".visitors li").length === 2`) // when Session_OnEnd has run
	one.Open("")
	one.Is(`document.querySelector("[data-is=sessions]").textContent`, "2")
}

// browseUpload sends a picture and sees it.
func browseUpload(t *testing.T, browser *browsertest.Browser) {
	file := filepath.Join(t.TempDir(), "a cobra's <eye>.png")
	if err := os.WriteFile(file, []byte(eye(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	w := browser.Open(t, serve(t, nil).URL, "upload.asp")
	w.Choose("#file", file)
	w.Leave(".stack button")
	w.Is(`document.querySelector("main h2").textContent`, "a cobra's <eye>.png")
	w.Until(`document.querySelector(".preview").complete`)
	w.Is(`document.querySelector(".preview").naturalWidth`, "48")
	w.Is(`[...document.querySelectorAll(".wire td")].map(td => td.textContent).join()`, strconv.Itoa(len(eye(t)))+" bytes,image/png,image/png")
	w.Picture("upload-picture")

	big := filepath.Join(t.TempDir(), "big.txt")
	if err := os.WriteFile(big, []byte(strings.Repeat("snake ", 40_000)), 0o644); err != nil {
		t.Fatal(err)
	}
	w.Choose("#file", big)
	w.Is(`file.validity.customError`, "true")
	w.Leave("button[value=forget]")
	w.Is(`document.querySelector(".preview")`, "null")
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
func browseErrors(t *testing.T, browser *browsertest.Browser) {
	w := browser.Open(t, serve(t, nil).URL, "errors.asp")
	w.Is(`document.querySelectorAll(".caught dt").length`, "3")
	w.Do(`document.querySelector("iframe[src='inc/broken.inc']").scrollIntoView({behavior: "instant"})`)
	w.Until(`[...document.querySelectorAll("iframe")].every(f => f.contentDocument?.body?.textContent.trim())`)
	if shown := w.Text(`document.querySelector("iframe").contentDocument.body.textContent`); strings.Contains(shown, "broken.inc") {
		t.Errorf("a stranger sees where the page failed: %s", shown)
	}
	w.Picture("errors")
	refused(t, w, "500", "404")
}

// browseOldAndNew types into the form of the page of 1999 and its rewrite.
func browseOldAndNew(t *testing.T, browser *browsertest.Browser) {
	w := browser.Open(t, serve(t, nil).URL, "jscript.asp")
	w.Fill("[name=who]", `<Grace> & "co"`)
	w.Type(browsertest.Enter)
	w.Until(`location.search.includes("Grace") && document.readyState === "complete"`)
	for _, side := range []string{"old", "new"} {
		text := w.Text(`document.querySelector("[aria-labelledby=` + side + `]").textContent`)
		for _, want := range []string{`<Grace> & "co"`, "cobra", "adder"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in %s", side, want, text)
			}
		}
	}
	w.Picture("jscript-asked")
}

// refused takes the console's lines about answers with these status codes,
// and fails if there is none for one of them.
func refused(t *testing.T, w *browsertest.Window, codes ...string) {
	t.Helper()
	seen := map[string]bool{}
	for _, line := range w.Heard() {
		_, code, _ := strings.Cut(line, "responded with a status of ")
		code, _, _ = strings.Cut(code, " ")
		seen[code] = true
		if code == "" {
			t.Errorf("the console says: %s", line)
		}
	}
	for _, code := range codes {
		if !seen[code] {
			t.Errorf("the console says nothing of status %s", code)
		}
	}
}
