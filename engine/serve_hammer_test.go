package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// hammerSite has pages that behave and pages that don't.
func hammerSite() map[string]string {
	return map[string]string{
		"hello.asp":   `<html><%= Request.QueryString("n") %></html>`,
		"count.asp":   `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
		"shared.asp":  `<% Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock() %>ok`,
		"pieces.asp":  `<% for (var i = 0; i < 5; i++) { %>piece<% Response.Flush() } %>`,
		"large.asp":   `<% for (var i = 0; i < 500; i++) { %>` + string(repeated(200)) + `<% } %>`,
		"execute.asp": `<% Server.Execute("hello.asp") %>`,
		"error.asp":   `<% nope() %>`,
		"late.asp":    `late<% Response.Flush(); nope() %>`,
		"panic.asp":   `<% console.log("the log panics") %>`,
		"loop.asp":    `<%` + outOfTime + `for (;;) ; %>`,
		"poison.asp":  `<% Object.prototype.toString = Array.prototype.push = JSON.stringify = null; leak = 1 %>`,
		"read.asp":    `<%= Application("n") || 0 %>`,
		"clean.asp":   `<%= typeof leak + [1].push(2) %>`,
		"endless.asp": `<% var s = new Array(1000).join("x"); for (;;) { Response.Write(s); Response.Flush() } %>`,
		"broken.asp":  `<% if ( %>`,
		"file.txt":    "file",
	}
}

// TestHammerPages lets clients of every kind ask for pages of every kind, and
// looks at what is left when they are done: nothing.
func TestHammerPages(t *testing.T) {
	t.Parallel()
	s := serveSite(t, hammerSite(), func(c *Config) {
		c.ProcessorThreadMax, c.BufferingLimit = 4, 200<<10
	})
	var wg sync.WaitGroup
	var shared atomic.Int64
	for range 6 {
		wg.Go(func() {
			h := &hammerClient{t: t, s: s}
			for range 60 {
				h.step()
			}
			shared.Add(h.shared)
		})
	}
	wg.Wait()
	eventually(t, "all is quiet", func() bool {
		st := s.Status()
		return st.Busy == 0 && len(st.Running) == 0 && len(st.Waiting) == 0 && len(st.Turns) == 0 && st.Orphans == 0 && s.sending.Used.Load() == 0
	})
	want(t, s.get("/read.asp"), 200, fmt.Sprint(shared.Load()))
	// Every place is there, and all can be taken at once.
	clients := make([]*asptest.Conn, 4)
	for i := range clients {
		clients[i] = s.dial()
		ask(clients[i], "/hello.asp?n=1")
	}
	for _, c := range clients {
		want(t, c.ReadResponse("GET"), 200, "<html>1</html>")
	}
}

// A hammerClient keeps a connection and a session for as long as the server
// lets it, and checks every answer.
type hammerClient struct {
	t      *testing.T
	s      *served
	conn   *asptest.Conn
	cookie string
	counts int
	shared int64
}

// step makes one request, and sometimes leaves before the answer.
func (h *hammerClient) step() {
	pages := slices.Sorted(maps.Keys(hammerAnswers))
	target := pages[rand.IntN(len(pages))]
	if h.conn == nil {
		h.conn = h.s.dial()
	}
	ask(h.conn, target, "Cookie: "+h.cookie)
	if target == "/endless.asp" || target == "/large.asp" && rand.IntN(2) == 0 {
		h.conn.Close() // leaves in the middle, or before
		h.conn = nil
		return
	}
	r := h.conn.ReadResponse("GET")
	if line := r.Header.Get("Set-Cookie"); line != "" {
		h.cookie = strings.SplitN(line, ";", 2)[0]
	}
	h.check(target, r)
	if !r.KeepAlive || r.Err != nil {
		h.conn.Close()
		h.conn = nil
	}
}

// hammerAnswers are the status and the text of each answer; a text that ends
// in "…" is where the body breaks off.
var hammerAnswers = map[string]string{
	"/hello.asp?n=7": "200 <html>7</html>", "/count.asp": "200 ", "/shared.asp": "200 ok", "/pieces.asp": "200 piecepiecepiecepiecepiece",
	"/large.asp": "200 " + string(repeated(200)), "/execute.asp?n=2": "200 <html>2</html>", "/error.asp": "500 ", "/late.asp": "200 late…", "/panic.asp": "500 ",
	"/loop.asp": "500 ", "/poison.asp": "200 ", "/clean.asp": "200 undefined2", "/endless.asp": "", "/broken.asp": "500 ", "/file.txt": "200 file", "/none.asp": "404 ",
}

func (h *hammerClient) check(target string, r *asptest.Response) {
	text, broken := strings.CutSuffix(hammerAnswers[target], "…")
	got := fmt.Sprintf("%d %s", r.Status, r.Body)
	if !strings.HasPrefix(got, text) || broken != (r.Err != nil) {
		h.t.Errorf("%s: %.200s, %v", target, got, r.Err)
	}
	switch target {
	case "/count.asp":
		if h.counts++; string(r.Body) != fmt.Sprint(h.counts) {
			h.t.Errorf("the session counts %s, its client %d", r.Body, h.counts)
		}
	case "/shared.asp":
		h.shared++
	case "/large.asp":
		if len(r.Body) != 100000 {
			h.t.Errorf("%d bytes", len(r.Body))
		}
	}
}
