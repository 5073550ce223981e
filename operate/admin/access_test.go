package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// changes are all requests that change something.
var changes = []string{
	"/hold", "/release-hold", "/maint-mode", "/maint-hold", "/load", "/unload", "/update", "/worker/start", "/recover",
	"/reload-config", "/keepalive", "/isolation", "/sessions/end", "/pass",
}

// looks are all that don't, and aren't for everybody.
var looks = []string{"/", "/status.json", "/status.xml", "/metrics", "/errors.json", "/errors.txt", "/sessions.json", "/token", "/events?once=1"}

// TestRefused: nothing is shown and nothing is done for whoever may not, for
// each path; and each attempt is a line of the log.
// TestRefusalsAreRead: a client that sends all of its request's body before it reads
// gets the answer.
func TestRefusalsAreRead(t *testing.T) {
	d := newDesk(t)
	if r := asptest.Dial(t, strings.TrimPrefix(d.url, "http://")).Post("/api/hold", 8<<20); r.Status != 401 || !r.Whole() {
		t.Errorf("%d %q, %v", r.Status, r.Body, r.Err)
	}
}

func TestRefused(t *testing.T) {
	d := newDesk(t)
	token := with(tokenHeader, d.aToken())
	type attempt struct {
		name   string
		method string
		status int
		form   []string
		as     []asking
	}
	attempts := []attempt{
		{"no credentials", "POST", 401, nil, []asking{token}},
		{"wrong password", "POST", 401, nil, []asking{wrongWord, token}},
		{"no token", "POST", 403, nil, []asking{signedIn}},
		{"wrong token", "POST", 403, []string{"token", "AAAA"}, []asking{signedIn}},
		{"foreign origin", "POST", 403, nil, []asking{signedIn, token, with("Origin", "https://other.example")}},
		{"no origin", "POST", 403, nil, []asking{signedIn, token, with("Origin", "null")}},
		{"foreign page", "POST", 403, nil, []asking{signedIn, token, with("Sec-Fetch-Site", "cross-site")}},
		{"foreign port", "POST", 403, nil, []asking{signedIn, token, with("Sec-Fetch-Site", "same-site")}},
		{"wrong method", "GET", 405, nil, []asking{signedIn, token}},
		{"wrong method too", "PUT", 405, nil, []asking{signedIn, token}},
		{"unknown application", "POST", 404, []string{"application", "/none"}, []asking{signedIn, token}},
	}
	before := d.Status()
	for _, path := range changes {
		for _, a := range attempts {
			if path == "/reload-config" && a.status == 404 {
				continue // it isn't about one
			}
			d.log.take("")
			got := d.ask(a.method, path, a.form, a.as...)
			if got.status != a.status || got.OK || got.Message == "" {
				t.Errorf("%s %s: %d %q, want %d", path, a.name, got.status, got.text, a.status)
			}
			if got.status == 401 && got.header.Get("WWW-Authenticate") == "" || got.status == 405 && got.header.Get("Allow") != "POST" {
				t.Errorf("%s %s: header %v", path, a.name, got.header)
			}
			if logged := d.log.take("administration refused"); len(logged) != 1 || !strings.Contains(logged[0], path) {
				t.Errorf("%s %s: logged %q", path, a.name, logged)
			}
		}
	}
	after := d.Status()
	for i, app := range after.Applications {
		was := before.Applications[i]
		if app.State != was.State || app.Loaded != was.Loaded || app.Hold != nil || app.Maint {
			t.Errorf("%s has changed: %+v", app.Path, app)
		}
	}
	d = newDesk(t) // its failures don't count for what follows
	for _, path := range looks {
		for _, a := range []attempt{
			{"no credentials", "GET", 401, nil, nil},
			{"wrong password", "GET", 401, nil, []asking{wrongWord}},
			{"wrong method", "POST", 405, nil, []asking{signedIn}},
			{"right", "GET", 200, nil, []asking{signedIn}},
		} {
			if got := d.ask(a.method, path, nil, a.as...); got.status != a.status {
				t.Errorf("%s %s: %d %q, want %d", path, a.name, got.status, got.text, a.status)
			}
		}
	}
	if got := d.get("/none"); got.status != 404 {
		t.Errorf("/none: %d", got.status)
	}
	if got := d.ask("GET", "/none", nil); got.status != 401 {
		t.Errorf("/none without credentials: %d", got.status)
	}
}

// TestHeaders: every answer has them.
func TestHeaders(t *testing.T) {
	d := newDesk(t)
	for _, path := range append([]string{"/live", "/ready", "/none", "/hold"}, looks...) {
		for _, as := range []asking{nobody, signedIn} {
			h := d.ask("GET", path, nil, as).header
			if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("%s: Content-Security-Policy %q", path, csp)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
				"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"} {
				if h.Get(name) != want {
					t.Errorf("%s: %s %q", path, name, h.Get(name))
				}
			}
		}
	}
}

// TestSameOrigin: the console's own page, a program, and a token in the form.
func TestSameOrigin(t *testing.T) {
	d := newDesk(t)
	for _, as := range [][]asking{
		{signedIn, with("Origin", d.url), with("Sec-Fetch-Site", "same-origin")},
		{signedIn, with("Origin", strings.ToUpper(d.url))},
		{signedIn},
	} {
		if got := d.ask("POST", "/keepalive", []string{"token", d.aToken()}, as...); got.status != 200 || !got.OK || got.Application != "/" {
			t.Errorf("%d %s", got.status, got.text)
		}
	}
}

// TestTokens: a token is the account's alone, and ends.
func TestTokens(t *testing.T) {
	now := time.Now()
	d := newDesk(t, func(c *Config) {
		c.Users, c.Account = "", ""
		c.Identify = func(r *http.Request) (string, bool) { return r.Header.Get("Who"), r.Header.Get("Who") != "" }
		c.now = func() time.Time { return now }
	})
	token := d.ask("GET", "/token", nil, with("Who", "ada")).header.Get(tokenHeader)
	try := func(who, token string, want int) {
		t.Helper()
		if got := d.ask("POST", "/keepalive", nil, with("Who", who), with(tokenHeader, token)); got.status != want {
			t.Errorf("%s: %d %s, want %d", who, got.status, got.text, want)
		}
	}
	try("ada", token, 200)
	try("bob", token, 403)
	try("ada", token[:len(token)-2]+"AA", 403)
	try("ada", token+"=", 403)
	try("", token, 403)
	now = now.Add(tokenFor - time.Second)
	try("ada", token, 200)
	now = now.Add(2 * time.Second)
	try("ada", token, 403)
}

// TestWithoutAccount: a console without accounts is for this machine alone,
// by a name that no other page can have.
func TestWithoutAccount(t *testing.T) {
	d := newDesk(t, func(c *Config) { c.Account, c.Users = "", "" })
	host := func(name string) asking { return func(r *http.Request) { r.Host = name } }
	for name, want := range map[string]int{
		"localhost": 200, "LOCALHOST:8081": 200, "naja.localhost": 200, "127.0.0.1": 200, "127.1.2.3:80": 200, "[::1]:8081": 200,
		"other.example": 403, "localhost.other.example": 403, "10.0.0.1": 403, "127.0.0.1.example": 403, "[::ffff:127.0.0.1]": 200,
	} {
		if got := d.ask("GET", "/status.json", nil, host(name)); got.status != want {
			t.Errorf("Host %s: %d, want %d", name, got.status, want)
		}
	}
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "Via", "X-Real-IP"} {
		if got := d.ask("GET", "/status.json", nil, with(name, "10.1.1.1")); got.status != 403 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := d.ask("POST", "/keepalive", nil); got.status != 403 {
		t.Errorf("without a token: %d", got.status)
	}
	token := d.ask("GET", "/token", nil).header.Get(tokenHeader)
	if got := d.ask("POST", "/keepalive", []string{"token", token}); got.status != 200 {
		t.Errorf("with one: %d %s", got.status, got.text)
	}
	if got := d.ask("GET", "/live", nil, host("load.balancer")); got.status != 200 {
		t.Errorf("/live: %d", got.status)
	}
}

// TestGuesses: whoever guesses too often has to wait, from the same address
// even with the right password, and a second later may try again.
func TestGuesses(t *testing.T) {
	now := time.Now()
	d := newDesk(t, func(c *Config) { c.now = func() time.Time { return now } })
	for i := range failuresAtOnce {
		if got := d.ask("GET", "/token", nil, wrongWord); got.status != 401 {
			t.Fatalf("guess %d: %d", i, got.status)
		}
	}
	for _, as := range []asking{wrongWord, signedIn} {
		got := d.ask("GET", "/token", nil, as)
		if got.status != 429 || got.header.Get("Retry-After") != "2" {
			t.Errorf("one more: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
		}
	}
	now = now.Add(failureEvery)
	if got := d.get("/token"); got.status != 200 {
		t.Errorf("after a while: %d", got.status)
	}
}

// TestGuessesElsewhere: guesses from many addresses keep the account from
// other new ones, but not from where its owner is signed in.
func TestGuessesElsewhere(t *testing.T) {
	now := time.Now()
	u, err := openUsers(usersFile(t))
	if err != nil {
		t.Fatal(err)
	}
	a := &access{account: anyAccount, users: u, failures: newLimiter(), known: newRemembered(newKey()),
		checking: make(chan struct{}, 1), now: func() time.Time { return now }}
	signIn := func(from, password string) int {
		if no := a.signIn(t.Context(), from, theAccount, password); no != nil {
			return no.status
		}
		return 200
	}
	if got := signIn("10.0.0.1", thePassword); got != 200 {
		t.Fatal(got)
	}
	for i := range failuresAtOnce {
		if got := signIn("10.0.1."+string(rune('a'+i)), "guess"); got != 401 {
			t.Fatal(got)
		}
	}
	if got := signIn("10.0.2.1", thePassword); got != 429 {
		t.Errorf("from a new address: %d", got)
	}
	if got := signIn("10.0.0.1", thePassword); got != 200 {
		t.Errorf("from where the owner is: %d", got)
	}
	if got := signIn("10.0.0.1", "guess"); got != 429 {
		t.Errorf("a guess from there: %d", got)
	}
}

// TestLimiterForgets: what is remembered is bounded, and the worst is kept.
func TestLimiterForgets(t *testing.T) {
	l, now := newLimiter(), time.Now()
	for range failuresAtOnce {
		l.failed("worst", now)
	}
	for i := range 3 * limitedMax {
		l.failed(string(rune(i+1000)), now)
	}
	if len(l.all) > limitedMax || l.blocked("worst", now) == 0 || l.blocked("nobody", now) != 0 {
		t.Errorf("%d are remembered, the worst waits %v", len(l.all), l.blocked("worst", now))
	}
}

// TestConfigErrors: what would let anybody in isn't begun.
func TestConfigErrors(t *testing.T) {
	users := usersFile(t)
	for _, tt := range []struct {
		cfg  Config
		want string // "" is good
	}{
		{Config{}, "admin_account"},
		{Config{Loopback: true}, ""},
		{Config{Account: "any", Users: users}, "admin_account"},
		{Config{Account: "any", Users: users, TLS: true}, ""},
		{Config{Account: "any", Loopback: true}, "admin_users"},
		{Config{Account: "any", Users: users + ".none", Loopback: true}, "admin_users"},
		{Config{Account: "bob", Users: users, Loopback: true}, "admin_account"},
		{Config{Account: theAccount, Users: users, Loopback: true}, ""},
		{Config{Identify: func(*http.Request) (string, bool) { return "", false }}, ""},
	} {
		c, err := New(tt.cfg)
		if err == nil {
			c.Close()
		}
		bad, _ := err.(*ConfigError)
		if (err == nil) != (tt.want == "") || bad != nil && bad.Setting != tt.want {
			t.Errorf("%+v: %v, want %q", tt.cfg, err, tt.want)
		}
	}
}
