package engine

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// cleanSite is an engine with one apartment, whose pages use one goroutine
// one after the other.
func cleanSite(t *testing.T) *served {
	text, err := os.ReadFile("testdata/clean/world.asp")
	if err != nil {
		t.Fatal(err)
	}
	return serveSite(t, map[string]string{"world.asp": string(text)}, func(c *Config) { c.ProcessorThreadMax = 1 })
}

// TestCleanState lets a request poison everything that it can reach: every
// global, every built-in and prototype, every member of the intrinsics, its
// own literals and variables. The next request of the same page in the same
// apartment must find the world as the first one ever found it.
func TestCleanState(t *testing.T) {
	s := cleanSite(t)
	fresh := s.get("/world.asp")
	if n := strings.Count(string(fresh.Body), "\n"); fresh.Status != 200 || n < 2000 {
		t.Fatalf("the description has %d lines: %d %s", n, fresh.Status, clipBody(fresh.Body))
	}
	for _, how := range []string{"replace", "define", "remove", "freeze", "prototype", "grow"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := cleanSite(t)                                                                                                   // whose first page is the poisoning one
			if r := s.get("/world.asp?poison=" + how); r.Status != 200 && r.Status != 500 || how == "grow" && r.Status != 500 { // by a panic
				t.Errorf("poisoning: %d", r.Status)
			}
			r := s.get("/world.asp")
			if diff := firstDifference(string(fresh.Body), string(r.Body)); diff != "" || r.Status != 200 {
				t.Errorf("%d, differs: %s", r.Status, diff)
			}
			for name, values := range r.Header {
				if name != "Date" && name != "Set-Cookie" && fmt.Sprint(values) != fmt.Sprint(fresh.Header[name]) {
					t.Errorf("header %s: %q, was %q", name, values, fresh.Header[name])
				}
			}
		})
	}
}

// TestPoisonWorks shows that the test above would see what a request leaves
// behind.
func TestPoisonWorks(t *testing.T) {
	s := cleanSite(t)
	fresh := s.get("/world.asp")
	// A page whose prototypes are all changed can't even describe that.
	for _, how := range []string{"replace", "define", "remove", "freeze"} {
		r := s.get("/world.asp?poison=" + how + "&after=1")
		if n := differences(string(fresh.Body), string(r.Body)); n < 1000 || r.Status != 200 {
			t.Errorf("%s changed %d lines of the description: %d %s", how, n, r.Status, clipBody(r.Body))
		}
	}
}

// differences counts the lines that are in one text only.
func differences(a, b string) (n int) {
	count := map[string]int{}
	for line := range strings.Lines(a) {
		count[line]++
	}
	for line := range strings.Lines(b) {
		count[line]--
	}
	for _, c := range count {
		n += max(c, -c)
	}
	return n
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	object := ""
	for i := range min(len(x), len(y)) {
		if !strings.HasPrefix(x[i], " ") {
			object = x[i]
		}
		if x[i] != y[i] {
			return fmt.Sprintf("line %d, in %s\nwas %s\nis  %s", i+1, object, x[i], y[i])
		}
	}
	if len(x) != len(y) {
		return fmt.Sprintf("%d lines, were %d", len(y), len(x))
	}
	return ""
}
