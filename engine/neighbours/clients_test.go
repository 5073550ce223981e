//go:build unix

package neighbours

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/internal/browsertest"
)

// A client is a program that asks naja for pages. Each of its functions gives the
// arguments for one thing; nil: it can't do that.
type client struct {
	name    string
	program string
	get     func(w *work, url string) []string
	post    func(w *work, url string) []string // of postSize bytes
	posts   func(w *work, get, post string) []string
}

// A work is where a client runs.
type work struct {
	dir   string
	large string // a file of postSize bytes
	small string // the form a=1
}

// postSize is more than pages take, and than the sockets between the two hold.
const postSize = 8 << 20

// postings is how often a client posts on connections that naja closes about then.
const postings = 10

// idle is after how long naja closes a connection then, in which a client waits
// about as long.
const idle = 50 * time.Millisecond

func clients() []client {
	scripted := func(name, program, script string) client {
		run := func(w *work, args ...string) []string {
			if program == "java" {
				return append([]string{"-XX:TieredStopAtLevel=1", "-cp", w.dir, "Client"}, args...)
			}
			return append([]string{filepath.Join("testdata", script)}, args...)
		}
		return client{name, program,
			func(w *work, url string) []string { return run(w, "get", url) },
			func(w *work, url string) []string { return run(w, "post", url, strconv.Itoa(postSize)) },
			func(w *work, get, post string) []string { return run(w, "posts", get, post, strconv.Itoa(postings)) }}
	}
	curl := func(name string, options ...string) client {
		run := func(args ...string) []string {
			return append(append([]string{"-s", "-o", "/dev/null", "-w", "%{http_code}\n"}, options...), args...)
		}
		return client{name, "curl",
			func(_ *work, url string) []string { return run(url) },
			func(w *work, url string) []string { return run("--data-binary", "@"+w.large, "-H", "Expect:", url) },
			func(_ *work, get, post string) (args []string) {
				args = []string{"--rate", "20/s"}
				for i := range postings {
					args = append(append(args, run(get)...), "--next")
					args = append(append(args, run("-d", "a=1", numbered(post, i))...), "--next")
				}
				return args[:len(args)-1]
			}}
	}
	return []client{
		curl("curl"),
		curl("curl -0", "-0"),
		{"wget", "wget",
			func(_ *work, url string) []string { return []string{"-S", "-t1", "-O", "/dev/null", url} },
			func(w *work, url string) []string {
				return []string{"-S", "-t1", "-O", "/dev/null", "--post-file=" + w.large, url}
			},
			func(_ *work, _, post string) []string {
				args := []string{"-S", "-O", "/dev/null", "--wait=0.05", "--post-data=a=1"}
				for i := range postings {
					args = append(args, numbered(post, i))
				}
				return args
			}},
		{"ab", "ab",
			func(_ *work, url string) []string { return []string{"-n", "1", url} },
			func(w *work, url string) []string { return []string{"-n", "1", "-p", w.large, "-T", "text/plain", url} },
			func(w *work, _, post string) []string {
				return []string{"-k", "-n", "1", "-p", w.small, "-T", "application/x-www-form-urlencoded", post}
			}},
		{"lynx", "lynx", func(_ *work, url string) []string { return []string{"-dump", url} }, nil, nil},
		{"w3m", "w3m",
			func(_ *work, url string) []string { return []string{"-dump", url} },
			func(w *work, url string) []string { return []string{"-dump", "-post", w.large, url} }, nil},
		scripted("Python, urllib", "python3", "client.py"),
		scripted("Perl, LWP", "perl", "client.pl"),
		scripted("Ruby, Net::HTTP", "ruby", "client.rb"),
		scripted("PHP, streams", "php", "client.php"),
		scripted("Node, fetch", "node", "client.mjs"),
		scripted("Java, HttpURLConnection", "java", "Client.java"),
	}
}

// What is looked at, in the order of the table's columns.
const (
	wholeColumn  = "a page"
	brokenColumn = "one that breaks off behind a flush"
	shortColumn  = "one short of its length"
	largeColumn  = "413, of a body of 8 MB"
	postsColumn  = "POST, naja closes idle connections"
)

// TestClients looks at what clients make of naja's answers, and that no close of
// naja's own has one of them send a POST twice.
func TestClients(t *testing.T) {
	tb := readTable(t, "clients")
	tb.columns, tb.rows = []string{"", wholeColumn, brokenColumn, shortColumn, largeColumn, postsColumn}, nil
	for _, c := range clients() {
		tb.rows = append(tb.rows, c.name)
	}
	tb.rows = append(tb.rows, "Chromium, fetch")
	var mu sync.Mutex
	saw := func(t *testing.T, row, column, seen string) {
		mu.Lock()
		defer mu.Unlock()
		tb.saw(t, row, column, seen)
	}
	t.Run("all", func(t *testing.T) {
		for _, c := range clients() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.visits(t, func(column, seen string) { saw(t, c.name, column, seen) })
			})
		}
		t.Run("Chromium", func(t *testing.T) {
			t.Parallel()
			chromium(t, func(column, seen string) { saw(t, "Chromium, fetch", column, seen) })
		})
	})
	if *update && !t.Failed() {
		tb.write(t)
	}
}

// visits has a client do all that it can.
func (c client) visits(t *testing.T, saw func(column, seen string)) {
	program, ok := lookPath(c.program)
	if !ok {
		t.Skipf("%s isn't installed", c.program)
	}
	w := &work{dir: t.TempDir()}
	c.prepare(t, w)
	w.large, w.small = filepath.Join(w.dir, "large"), filepath.Join(w.dir, "small")
	write(t, w.large, strings.Repeat("a", postSize))
	write(t, w.small, "a=1")
	run := func(args []string) (said string, failed bool) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Env = append(os.Environ(), "no_proxy=*", "HOME="+w.dir)
		cmd.WaitDelay = time.Second
		out, err := cmd.CombinedOutput()
		t.Logf("%s %.200q: %v, %.1500q", c.program, args, err, out)
		return string(out), err != nil
	}
	s := serve(t, patience)
	for column, page := range map[string]string{wholeColumn: "buffered.asp", brokenColumn: "broken.asp", shortColumn: "short.asp"} {
		_, failed := run(c.get(w, "http://"+s.addr+"/"+page))
		switch {
		case failed:
			saw(column, "an error")
		case column == wholeColumn:
			saw(column, "whole")
		default:
			saw(column, "looks whole")
		}
	}
	if c.post == nil {
		saw(largeColumn, "–")
	} else {
		said, _ := run(c.post(w, "http://"+s.addr+"/form.asp"))
		seen := "an error"
		if strings.Contains(said, "413") || strings.Contains(said, "Non-2xx responses:      1") {
			seen = "413"
		}
		saw(largeColumn, seen)
	}
	if c.posts == nil {
		saw(postsColumn, "–")
	} else {
		s := serve(t, idle)
		s.counted()
		run(c.posts(w, "http://"+s.addr+"/small.asp", "http://"+s.addr+"/again.asp"))
		saw(postsColumn, atMost(s.counted()))
	}
}

// prepare makes what a client needs, or skips it.
func (c client) prepare(t *testing.T, w *work) {
	var cmd *exec.Cmd
	switch c.program {
	case "perl":
		cmd = exec.Command(c.program, "-MLWP::UserAgent", "-e", "1")
	case "java":
		cmd = exec.Command("javac", "-d", w.dir, filepath.Join("testdata", "Client.java"))
	default:
		return
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("%s: %v, %.500s", c.name, err, out)
	}
}

// numbered is a URL by which a client posts once.
func numbered(url string, i int) string { return fmt.Sprint(url, "?n=", i) }

// atMost says how often what was posted ran: each has a number of its own.
func atMost(runs map[string]int) string {
	most := 0
	for _, n := range runs {
		most = max(most, n)
	}
	switch most {
	case 0:
		return "never"
	case 1:
		return "none twice"
	}
	return fmt.Sprintf("%d times", most)
}

// chromium does in a browser what the scripts do.
func chromium(t *testing.T, saw func(column, seen string)) {
	browser := browsertest.Start(t, browsertest.Config{Expects: []string{"favicon.ico", "net::ERR", "Failed to load resource"}})
	s := serve(t, patience)
	window := browser.Open(t, "http://"+s.addr, "small.asp")
	fetched := func(script string) string {
		window.Await(`(async () => { try { window.seen = String(await (` + script + `)()) } catch (e) { window.seen = "an error" } })()`)
		return window.Text(`window.seen`)
	}
	saw(wholeColumn, fetched(`async () => { await (await fetch("buffered.asp")).text(); return "whole" }`))
	saw(brokenColumn, fetched(`async () => { await (await fetch("broken.asp")).text(); return "looks whole" }`))
	saw(shortColumn, fetched(`async () => { await (await fetch("short.asp")).text(); return "looks whole" }`))
	saw(largeColumn, fetched(fmt.Sprintf(`async () => (await fetch("form.asp", {method: "POST", body: "a".repeat(%d)})).status`, postSize)))
	s = serve(t, idle)
	window = browser.Open(t, "http://"+s.addr, "small.asp")
	s.counted()
	fetched(fmt.Sprintf(`async () => { for (let i = 0; i < %d; i++) {
		await Promise.all([fetch("small.asp"), fetch("small.asp"), fetch("small.asp")])
		await new Promise((done) => setTimeout(done, 45 + i))
		try { await (await fetch("again.asp?n=" + i, {method: "POST", body: "a=1"})).text() } catch (e) { }
	} }`, postings))
	saw(postsColumn, atMost(s.counted()))
}
