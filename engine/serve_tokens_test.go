package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// tokenSite fails, redirects, logs and shows what it can of a session.
func tokenSite() map[string]string {
	return map[string]string{
		"set.asp":      `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
		"shows.asp":    `<%= Session.SessionID %> <% for (var k in Session.Contents) Response.Write(k) %> <%= Session.Timeout %>`,
		"fails.asp":    `<% Session("n"); console.log("id " + Session.SessionID); Response.AppendToLog(Session.SessionID); nope() %>`,
		"thrown.asp":   `<% throw new Error("session " + Session.SessionID) %>`,
		"value.asp":    `<% Session("f") = function () {} %>`,
		"redirect.asp": `<% Session("n"); Response.Redirect("set.asp?a=b") %>`,
		"transfer.asp": `<% Session("n"); Server.Transfer("set.asp") %>`,
		"renew.asp":    `<% Session.Renew() %>renewed`,
		"abandon.asp":  `<% Session.Abandon() %>abandoned`,
		"forever.asp":  `<% Session("n");` + outOfTime + `for (;;) ; %>`,
		"flush.asp":    `<% Session("n"); Response.Flush(); nope() %>`,
		"broken.asp":   `<% if ( %>`,
		"wait.asp":     `<% Session("n"); Server.CreateObject("Test.Gate").Pass("wait") %>`,
		"sub/a.asp":    `a`,
		"global.asa":   `<script runat=server>function Session_OnStart() { console.log("started " + Session.SessionID) } function Session_OnEnd() { console.log("ended " + Session.SessionID); nope() }</script>`,
	}
}

// TestTokensAreNowhere but in cookies: not in a URL, a page of an error, a
// header, the log at its most talkative, or the status.
func TestTokensAreNowhere(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Config){
		"quiet": func(*Config) {}, "development": func(c *Config) { c.Dev = true },
		"own page": func(c *Config) { c.ErrorPage = "/error.asp" },
	} {
		t.Run(name, func(t *testing.T) {
			gate, gated := withGate(t)
			files := tokenSite()
			files["error.asp"] = errorPage
			s := serveSite(t, files, gated, edit, func(c *Config) { c.SessionQueueMax = 2 })
			server := httptest.NewTLSServer(s.Engine)
			defer server.Close()
			b := &browser{t: t, client: server.Client()}
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			for _, base := range []string{"http://" + s.addr, server.URL} {
				for _, target := range []string{"set", "shows", "fails", "thrown", "value", "redirect", "transfer", "forever", "flush", "broken", "none", "renew", "set", "abandon", "set"} {
					b.get(base + "/" + target + ".asp")
				}
				b.get(base + "/sub?x=1")
			}
			waiting := s.dial()
			ask(waiting, "/wait.asp", "Cookie: "+b.jar)
			gate.arrived(t, 1)
			status := s.Status()
			gate.open("wait")
			waiting.ReadResponse("GET")
			text, err := json.Marshal(status)
			if err != nil || !slices.ContainsFunc(status.Running, func(r RequestStatus) bool { return r.Page == "wait.asp" }) {
				t.Errorf("%v, %+v run", err, status.Running) // beside it the end of a session may
			}
			b.said.WriteString(string(text) + fmt.Sprintf("%+v", status))
			s.stop()
			b.said.WriteString(s.log.all())
			if len(b.tokens) < 6 || !strings.Contains(b.said.String(), "ended ") {
				t.Fatalf("%d tokens in %d bytes", len(b.tokens), b.said.Len())
			}
			for token := range b.tokens {
				if strings.Contains(b.said.String(), token) || strings.Contains(b.said.String(), token[:12]) {
					t.Errorf("the token %s is in\n%s", token, around(b.said.String(), token[:12]))
				}
			}
		})
	}
}

func around(text, part string) string {
	i := strings.Index(text, part)
	return text[max(0, i-200):min(len(text), i+200)]
}

// A browser keeps the cookies it gets, by scheme, and all that is said to it
// elsewhere.
type browser struct {
	t      *testing.T
	client *http.Client
	tokens map[string]bool
	jar    string
	said   strings.Builder
}

func (b *browser) get(url string) {
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Cookie", b.jar)
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body) // a page that failed after a flush is cut off
	for _, c := range resp.Cookies() {
		if b.tokens == nil {
			b.tokens = map[string]bool{}
		}
		if c.Value != "" {
			b.tokens[c.Value] = true
			b.jar = c.Name + "=" + c.Value
		}
	}
	resp.Header.Del("Set-Cookie")
	fmt.Fprintln(&b.said, resp.Status, resp.Header, string(body))
}

// TestTokensInURLsMeanNothing: no session is found, or made, by an address.
func TestTokensInURLsMeanNothing(t *testing.T) {
	s := serveSite(t, map[string]string{"n.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`})
	first := s.get("/n.asp")
	name, token, _ := strings.Cut(strings.SplitN(first.Header.Get("Set-Cookie"), ";", 2)[0], "=")
	want(t, s.get("/n.asp", "Cookie: "+name+"="+token), 200, "2")
	for _, target := range []string{"/n.asp?" + name + "=" + token, "/n.asp?sid=" + token} {
		r := s.get(target)
		want(t, r, 200, "1")
		if set := r.Header.Get("Set-Cookie"); set == "" || strings.Contains(set, token) {
			t.Errorf("%s sets %q", target, set)
		}
	}
	for _, target := range []string{"/n.asp;" + name + "=" + token, "/n.asp/" + token, "/(S(" + token + "))/n.asp"} {
		if r := s.get(target); r.Status != 404 {
			t.Errorf("%s: %d", target, r.Status)
		}
	}
	want(t, s.post("/n.asp", name+"="+token), 200, "1")
	want(t, s.get("/n.asp", "X-Session: "+token, "Authorization: Bearer "+token), 200, "1")
}
