package site_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/najahost/naja/engine"
)

// what differs from one run to the next, and what stands for it.
func changing() [][2]string {
	return [][2]string{
		{`(?s)<figure class="listing"><figcaption>(.*?)</figcaption>.*?</figure>`, "[listing of $1]"},
		{`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`, "[moment]"},
		{`\d{4}-\d\d-\d\d \d\d:\d\d`, "[minute]"},
		{`\b\d\d:\d\d:\d\d\b`, "[time]"},
		{`\b[0-9a-f]{32}\b`, "[token]"},
		{`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`, "[uuid]"},
		{`\b(Patient|Golden|Curious|Swift|Quiet|Merry|Noble) (Cobra|Ibis|Scarab|Falcon|Heron|Gecko|Oryx)\b`, "[name]"},
		{`"(waited|ran)":\d+`, `"$1":[ms]`},
		{`\b\d+ ms\b`, "[ms]"},
		{`(<dt>Apartment</dt><dd>)\d+`, "$1[number]"},
		{`\b\d+ s\b`, "[seconds]"},
		{`\n\s*\n`, "\n"},
	}
}

func steady(text string) string {
	for _, c := range changing() {
		text = regexp.MustCompile(c[0]).ReplaceAllString(text, c[1])
	}
	return strings.TrimSpace(text) + "\n"
}

// TestGolden asks for each page as the first visitor of a fresh site, and
// compares the answer with testdata/golden; -update writes it.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		page   string
		status int
	}{
		{"", 200}, {"tour.asp", 200}, {"tour.asp?egg=brown&egg=white&snake=%3Cboa%3E", 200}, {"guestbook.asp", 200},
		{"cart.asp", 200}, {"counter.asp", 200}, {"turns.asp", 200}, {"report.asp", 200}, {"clock.asp", 200},
		{"upload.asp", 200}, {"layout.asp", 200}, {"errors.asp", 200}, {"jscript.asp", 200},
		{"jscript.asp?who=%3CAda%3E&snake=cobra&snake=adder", 200}, {"source.asp", 200}, {"source.asp?of=global.asa", 200},
		{"source.asp?of=../../go.mod", 404}, {"error.asp", 200}, {"notfound.asp", 200},
		{"parts/count.asp", 405}, {"parts/fail.asp", 500}, {"parts/figures.asp", 200}, {"parts/label.asp", 200},
		{"parts/jscript-1999.asp", 200}, {"parts/jscript-today.asp", 200}, {"parts/picture.asp", 404},
		{"parts/report.asp?how=flushed", 200}, {"parts/report.asp?how=buffered", 200},
		{"parts/slow-free.asp", 200}, {"parts/slow-session.asp", 200}, {"parts/visitors.asp", 200},
	} {
		t.Run(c.page, func(t *testing.T) {
			t.Parallel()
			a := newVisitor(t, serve(t, nil)).get(c.page, c.status)
			compare(t, c.page, a)
		})
	}
}

// TestGoldenErrorPages asks for what fails and what isn't there, in a site
// whose own error pages are switched on.
func TestGoldenErrorPages(t *testing.T) {
	server := serve(t, func(c *engine.Config) { c.ErrorPage, c.ErrorPage404 = "/error.asp", "/notfound.asp" })
	v := newVisitor(t, server)
	compare(t, "failed", v.get("parts/fail.asp", 500))
	compare(t, "missing", v.get("no/such/page.asp", 404))
	if a := v.get("inc/top.inc", 404); !strings.Contains(a.body, "There is no such page") {
		t.Errorf("an include asked for by its address isn't just missing:\n%s", a.body)
	}
}

// compare is for whole answers: type, length and body.
func compare(t *testing.T, page string, a answer) {
	t.Helper()
	length := "known"
	if a.ContentLength < 0 {
		length = "unknown"
	}
	have := a.Status + "\nContent-Type: " + a.Header.Get("Content-Type") + "\nlength " + length + "\n\n" + steady(a.body)
	file := filepath.Join("testdata", "golden", goldenName(page))
	if *update {
		if err := write(file, have); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./examples/site -update", err)
	}
	if have != string(want) {
		t.Errorf("%s isn't %s any more: %s", page, file, firstDifference(have, string(want)))
	}
}

func goldenName(page string) string {
	if page == "" {
		page = "default.asp"
	}
	return strings.Trim(regexp.MustCompile(`[^\w-]+`).ReplaceAllString(page, "."), ".") + ".golden"
}

func firstDifference(have, want string) string {
	h, w := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(h), len(w)) {
		if h[i] != w[i] {
			return "line " + w[i] + "\nis now " + h[i]
		}
	}
	return "one is longer than the other"
}
