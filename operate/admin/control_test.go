package admin

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// done checks that a change was made, and logged with who made it.
func (d *desk) done(got reply, application, message string) {
	d.t.Helper()
	if got.status != 200 || !got.OK || got.Application != application || !strings.Contains(got.Message, message) {
		d.t.Errorf("%d %s; want it done, of %q, with %q", got.status, got.text, application, message)
	}
	for _, line := range d.log.take(`"msg":"administration"`) {
		if strings.Contains(line, `"account":"ada"`) && strings.Contains(line, `"application":"`+application+`"`) {
			return
		}
	}
	d.t.Errorf("no line of the log has it")
}

// failedWith checks that a change wasn't possible.
func (d *desk) failedWith(got reply, status int, message string) {
	d.t.Helper()
	if got.status != status || got.OK || !strings.Contains(got.Message, message) {
		d.t.Errorf("%d %s; want %d with %q", got.status, got.text, status, message)
	}
}

// app is an application's status.
func (d *desk) app(path string) host.Status {
	d.t.Helper()
	return d.application(path).Status()
}

// eventually waits until ok says so.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		<-tick.C
	}
}

// running waits for a request of a page and gives its number.
func (d *desk) running(app, url string) (id int64) {
	d.t.Helper()
	eventually(d.t, url+" to run", func() bool {
		for _, r := range d.app(app).Engine.Running {
			if r.URL == url && r.Line > 0 {
				id = r.ID
			}
		}
		return id != 0
	})
	return id
}

// visiting is a visit that is answered later.
func (d *desk) visiting(path string) <-chan int {
	answered := make(chan int, 1)
	go func() {
		r, err := http.Get(d.site + path)
		if err != nil {
			answered <- 0
			return
		}
		defer r.Body.Close()
		_, _ = io.Copy(io.Discard, r.Body)
		answered <- r.StatusCode
	}()
	return answered
}

// TestBodiesThatAreNoForm: what can't be understood does nothing, least of all
// what would be done without any fields.
func TestBodiesThatAreNoForm(t *testing.T) {
	d := newDesk(t)
	body := func(kind, text string) asking {
		return func(r *http.Request) {
			r.Header.Set("Content-Type", kind)
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		}
	}
	const form = "application/x-www-form-urlencoded"
	for _, bad := range []struct {
		kind, text string
		status     int
		says       string
	}{
		{"application/json", `{"application":"/shop","mode":"park"}`, 415, "no form"},
		{"text/plain", "application=/shop", 415, "no form"},
		{form, "application=/shop&x=" + strings.Repeat("x", 100<<10), 413, "larger than"},
		{form, "mode=%zz", 400, "can't be read"},
		{form, "a;b", 400, "can't be read"},
		{"multipart/form-data; boundary=b", "--b\r\nnonsense", 400, "can't be read"},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n" + strings.Repeat("x", 100<<10), 413, "larger than"},
	} {
		d.failedWith(d.ask("POST", "/hold", nil, signedIn, with(tokenHeader, d.aToken()), body(bad.kind, bad.text)), bad.status, bad.says)
		for _, path := range []string{"/", "/shop"} {
			if d.app(path).Hold != nil {
				t.Fatalf("%.60q held %s", bad.text, path)
			}
		}
	}
	multipart := "--b\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\npark\r\n--b--\r\n"
	d.done(d.ask("POST", "/hold", nil, signedIn, with(tokenHeader, d.aToken()), body("multipart/form-data; boundary=b", multipart)), "/", "wait")
	d.done(d.ask("POST", "/release-hold", nil, signedIn, with(tokenHeader, d.aToken()), body("application/json", "")), "/", "released")
}

func TestHoldRefuses(t *testing.T) {
	d := newDesk(t)
	d.done(d.post("/hold"), "/", "held")
	if status, text := d.visit("/"); status != 503 || !strings.Contains(text, "wait") {
		t.Errorf("while held: %d %s", status, text)
	}
	if status, _ := d.visit("/shop/"); status != 200 {
		t.Errorf("the other application: %d", status)
	}
	if got := d.ask("GET", "/ready", nil); got.status != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("/ready while held: %d", got.status)
	}
	for app, want := range map[string]int{"/": 503, "/shop": 200, "/none": 404} {
		if got := d.ask("GET", "/ready", []string{"application", app}); got.status != want {
			t.Errorf("/ready of %s: %d, want %d", app, got.status, want)
		}
	}
	if got := d.ask("GET", "/live", nil); got.status != 200 {
		t.Errorf("/live while held: %d", got.status)
	}
	d.done(d.post("/release-hold"), "/", "released")
	if status, text := d.visit("/"); status != 200 || text != "hello" {
		t.Errorf("afterwards: %d %s", status, text)
	}
	if got := d.ask("GET", "/ready", nil); got.status != 200 {
		t.Errorf("/ready afterwards: %d", got.status)
	}
	d.failedWith(d.post("/release-hold"), 409, "not held")
	d.failedWith(d.post("/hold", "mode", "perhaps"), 400, "want refuse or park")
}

func TestHoldParks(t *testing.T) {
	d := newDesk(t)
	d.done(d.post("/hold", "mode", "park", "application", "/shop"), "/shop", "wait")
	answered := d.visiting("/shop/")
	eventually(t, "the visitor to wait", func() bool { return d.app("/shop").Waiting == 1 })
	d.done(d.post("/release-hold", "application", "/shop/"), "/shop", "released")
	if got := <-answered; got != 200 {
		t.Errorf("the visitor got %d", got)
	}
}

func TestMaintenance(t *testing.T) {
	d := newDesk(t)
	d.done(d.post("/maint-mode"), "/", "one apartment")
	if !d.app("/").Maint {
		t.Error("not in maintenance")
	}
	d.done(d.post("/maint-mode", "on", "0"), "/", "all apartments")
	if d.app("/").Maint {
		t.Error("still in maintenance")
	}
	d.failedWith(d.post("/maint-mode", "on", "perhaps"), 400, "true or false")
	d.done(d.post("/maint-hold"), "/", "one apartment")
	if h := d.app("/").Hold; h == nil || !h.Single || h.Mode != host.Refuse {
		t.Errorf("held: %+v", h)
	}
	if status, _ := d.visit("/"); status != 503 {
		t.Errorf("while held: %d", status)
	}
	d.done(d.post("/release-hold"), "/", "released")
}

func TestLoadAndUnload(t *testing.T) {
	d := newDesk(t)
	d.done(d.post("/unload"), "/", "unloaded")
	if d.app("/").Loaded {
		t.Error("still loaded")
	}
	for _, path := range []string{"/keepalive", "/sessions/end", "/unload"} {
		d.failedWith(d.post(path, "id", "1"), 409, "not loaded")
	}
	if got := d.get("/sessions.json"); got.status != 409 {
		t.Errorf("/sessions.json: %d", got.status)
	}
	if got := d.ask("GET", "/ready", nil); got.status != 503 {
		t.Errorf("/ready: %d", got.status)
	}
	d.done(d.post("/load"), "/", "loaded")
	if got := d.ask("GET", "/ready", nil); got.status != 200 {
		t.Errorf("/ready afterwards: %d %s", got.status, got.text)
	}
	d.done(d.post("/unload"), "/", "unloaded")
	if status, text := d.visit("/"); status != 200 || text != "hello" || !d.app("/").Loaded {
		t.Errorf("a request starts it again: %d %s", status, text)
	}
}

func TestNotAvailable(t *testing.T) {
	d := newDesk(t)
	for path, form := range map[string][]string{
		"/worker/start": nil, "/isolation": {"mode", "process"}, "/update": nil, "/reload-config": nil,
	} {
		d.failedWith(d.post(path, form...), 501, "")
	}
	d.failedWith(d.post("/recover", "worker", "1"), 501, "no workers")
	d.failedWith(d.post("/recover", "worker", "one"), 400, "number of a worker")
	d.failedWith(d.post("/isolation", "mode", "elsewhere"), 400, "want in-process or process")
	d = newDesk(t, func(c *Config) { c.Passes = nil })
	d.failedWith(d.post("/pass"), 501, "not available")
}

func TestReloadConfig(t *testing.T) {
	var err error
	d := newDesk(t, func(c *Config) {
		c.Reload = func(context.Context) (Reloaded, error) {
			return Reloaded{Changed: []string{"script_timeout"}, NeedsRestart: []string{"addr"}}, err
		}
	})
	d.done(d.post("/reload-config"), "", "changed: script_timeout; wait for a restart: addr")
	err = fmt.Errorf("naja.toml:3: unknown key")
	d.failedWith(d.post("/reload-config"), 409, "nothing has changed: naja.toml:3")
}

func TestRecoverOne(t *testing.T) {
	d := newDesk(t)
	answered := d.visiting("/slow.asp")
	id := d.running("/", "/slow.asp")
	got := d.post("/recover", "id", fmt.Sprint(id))
	d.done(got, "/", "/slow.asp) was ended")
	if status := <-answered; status != 503 {
		t.Errorf("its client got %d", status)
	}
	d.failedWith(d.post("/recover", "id", fmt.Sprint(id)), 404, "no such request")
	d.failedWith(d.post("/recover", "id", "first"), 400, "number of a request")
}

func TestKeepAlive(t *testing.T) {
	d := newDesk(t)
	d.done(d.post("/keepalive"), "/", "exercised")
}

// TestStatusForms: JSON and XML say the same.
func TestStatusForms(t *testing.T) {
	d := newDesk(t, func(c *Config) {
		c.Server.Settings = func() []Setting { return []Setting{{"", "state", "redis://:xxxxx@host", "--state"}} }
	})
	d.visiting("/slow.asp")
	id := d.running("/", "/slow.asp")
	defer d.post("/recover", "id", fmt.Sprint(id))
	var doc Document
	got := d.get("/status.json")
	if err := json.Unmarshal([]byte(got.text), &doc); err != nil {
		t.Fatal(err)
	}
	app := doc.Applications[0]
	if doc.Server.Version != "v0" || len(doc.Server.Settings) != 1 || app.Path != "/" || app.State != "running" || len(app.Engine.Running) != 1 {
		t.Fatalf("%s", got.text)
	}
	if r := app.Engine.Running[0]; r.ID != id || r.Line != 2 || r.URL != "/slow.asp" || r.Run <= 0 {
		t.Errorf("running: %+v", r)
	}
	got = d.get("/status.xml")
	var x struct {
		XMLName xml.Name `xml:"naja"`
		Version string   `xml:"server>version"`
		Setting struct {
			Value string `xml:"value"`
		} `xml:"server>settings>setting"`
		Applications []struct {
			Path    string `xml:"path"`
			State   string `xml:"state"`
			Running []struct {
				ID  int64   `xml:"id"`
				URL string  `xml:"url"`
				Run float64 `xml:"run_seconds"`
			} `xml:"engine>running>request"`
		} `xml:"applications>application"`
	}
	if err := xml.Unmarshal([]byte(got.text), &x); err != nil || got.header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Fatalf("%v: %s", err, got.text)
	}
	if x.Version != "v0" || x.Setting.Value != "redis://:xxxxx@host" || len(x.Applications) != 2 || x.Applications[0].State != "running" ||
		len(x.Applications[0].Running) != 1 || x.Applications[0].Running[0].ID != id || x.Applications[0].Running[0].Run <= 0 {
		t.Errorf("%+v of %s", x, got.text)
	}
}

func TestPasses(t *testing.T) {
	d := newDesk(t)
	d.failedWith(d.post("/pass"), 409, "nothing to pass")
	d.done(d.post("/hold", "application", "/shop"), "/shop", "held")
	got := d.post("/pass", "application", "/shop")
	d.done(got, "/shop", "once")
	path, ok := strings.CutPrefix(got.Link, d.site)
	if !ok || !strings.HasPrefix(path, "/shop/.naja-pass?code=") {
		t.Fatalf("link %q", got.Link)
	}
	follow := func(path string) *http.Response {
		t.Helper()
		r, _ := http.NewRequest("GET", d.site+path, nil)
		w, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Close()
		return w
	}
	if w := follow("/.naja-pass?" + strings.SplitN(path, "?", 2)[1]); w.StatusCode == 303 {
		t.Error("the link works for the other application")
	}
	w := follow(path)
	cookies := w.Cookies()
	if w.StatusCode != 303 || w.Header.Get("Location") != "/shop/" || len(cookies) != 1 {
		t.Fatalf("%d %v", w.StatusCode, w.Header)
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/shop" || c.MaxAge <= 0 {
		t.Errorf("the cookie: %+v", c)
	}
	if w := follow(path); w.StatusCode != 503 || len(w.Cookies()) != 0 {
		t.Errorf("the link a second time: %d", w.StatusCode)
	}
	if status, text := d.visit("/shop/", func(r *http.Request) { r.AddCookie(c) }); status != 200 || text != "hello" {
		t.Errorf("with the cookie: %d %s", status, text)
	}
	forged := *c
	forged.Value = forged.Value[:len(forged.Value)-2] + "AA"
	for _, as := range []asking{nobody, func(r *http.Request) { r.AddCookie(&forged) }} {
		if status, _ := d.visit("/shop/", as); status != 503 {
			t.Errorf("without it: %d", status)
		}
	}
	d.post("/hold")
	if status, _ := d.visit("/", func(r *http.Request) { r.AddCookie(c) }); status != 503 {
		t.Errorf("with the cookie of another application: %d", status)
	}
}

// TestPassesEnd: links and cookies end by themselves, and there are never many.
func TestPassesEnd(t *testing.T) {
	now := time.Now()
	p := NewPasses()
	p.now = func() time.Time { return now }
	_, text, _ := strings.Cut(p.link("/"), "code=")
	now = now.Add(codeFor)
	if p.take(text, "/") {
		t.Error("an old link works")
	}
	for range 3 * codesMax {
		p.link("/")
		now = now.Add(time.Millisecond)
	}
	if len(p.codes) > codesMax {
		t.Errorf("%d links", len(p.codes))
	}
	r, _ := http.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: passCookie, Value: p.signer.sign("pass", "/", now.Add(passFor))})
	if !p.Holds("/", r) || p.Holds("/shop", r) {
		t.Error("the cookie isn't that of /")
	}
	now = now.Add(passFor)
	if p.Holds("/", r) {
		t.Error("an old cookie works")
	}
}

func TestMetrics(t *testing.T) {
	d := newDesk(t)
	d.visit("/")
	d.visit("/none.asp")
	d.visit("/throws.asp")
	text := d.get("/metrics").text
	for _, want := range []string{
		`naja_requests_total{application="/",mode="buffered",status="200"} 1`,
		`naja_requests_total{application="/",mode="refused",status="404"} 1`,
		`naja_script_errors_total{application="/"} 1`,
		`naja_page_cache_total{application="/",result="miss"}`,
		`naja_apartments{application="/shop"}`, `naja_apartments_busy{application="/"}`, `naja_turns_waiting{application="/"}`,
		`naja_sessions{application="/"} 1`, `naja_session_commit_seconds_count{application="/"}`,
		`naja_queue_wait_seconds_count{application="/"}`, `naja_script_seconds_count`, `naja_send_seconds_count`,
		`naja_compile_seconds_count`, `naja_response_bytes_total`, `go_goroutines`, `process_start_time_seconds`, `naja_ready 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s isn't there", want)
		}
	}
	if !strings.Contains(text, `naja_lock_wait_seconds_count{application="/"} 0`) {
		t.Error("a page waited for the lock?")
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestMetricsDocument: docs/operations.md has each metric, and no other.
func TestMetricsDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, name := range regexp.MustCompile("`naja_([a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		said[name[1]] = true
	}
	there := map[string]bool{"requests_total": true, "request_seconds": true, "info": true, "uptime_seconds": true, "ready": true}
	for _, c := range ofRequests() {
		there[c.name] = true
	}
	for _, s := range ofStatus() {
		there[s.name] = true
	}
	if !maps.Equal(said, there) {
		t.Errorf("docs/operations.md has %v, there are %v", slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(there)))
	}
}

func TestMetricsAreBounded(t *testing.T) {
	m := NewMetrics()
	for status := range 2000 {
		m.Served(engine.Sample{Application: "/", Status: status, Sent: "buffered"})
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "naja_requests_total" && len(f.GetMetric()) > 80 {
			t.Errorf("%d kinds of requests", len(f.GetMetric()))
		}
	}
}

func TestProfiles(t *testing.T) {
	d := newDesk(t)
	if got := d.get("/debug/pprof/heap"); got.status != 404 {
		t.Errorf("not asked for: %d", got.status)
	}
	d = newDesk(t, func(c *Config) { c.Pprof = true })
	if got := d.ask("GET", "/debug/pprof/heap", nil); got.status != 401 {
		t.Errorf("without credentials: %d", got.status)
	}
	for path, want := range map[string]string{
		"/debug/pprof/": "goroutine", "/debug/pprof/goroutine?debug=1": "goroutine profile:", "/debug/pprof/heap": "\x1f\x8b",
		"/debug/pprof/profile?seconds=0.05": "\x1f\x8b", "/debug/pprof/trace?seconds=0.05": "go 1.",
	} {
		if got := d.get(path); got.status != 200 || !strings.Contains(got.text, want) {
			t.Errorf("%s: %d %.80q", path, got.status, got.text)
		}
	}
	for path, want := range map[string]int{"/debug/pprof/none": 404, "/debug/pprof/profile?seconds=9999": 400, "/debug/pprof/profile?seconds=x": 400} {
		if got := d.get(path); got.status != want {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

// inWorkers is an engine that says that it is in worker processes.
type inWorkers struct {
	*engine.Engine
	recycled string
	killed   int64
}

func (w *inWorkers) WorkerStatus() any {
	return map[string]any{"workers": []map[string]any{{"number": 7, "inside": 3}}}
}

func (w *inWorkers) Recycle(_ context.Context, why string) error { w.recycled = why; return nil }

func (w *inWorkers) Kill(_ context.Context, number int64) error {
	if number != 7 {
		return errors.New("there is no such worker: it has ended")
	}
	w.killed = number
	return nil
}

func TestWorkers(t *testing.T) {
	w := &inWorkers{}
	app, err := host.New(host.Config{Path: "/apart", Start: func(context.Context, string) (_ host.Runner, err error) {
		w.Engine, err = engine.New(engine.Config{FS: testSite(), Path: "/apart"})
		return w, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer app.Shutdown(context.Background())
	d := newDesk(t, func(c *Config) { c.Applications = append(c.Applications, app) })
	d.done(d.post("/worker/start", "application", "/apart"), "/apart", "a new worker serves")
	d.done(d.post("/recover", "application", "/apart", "worker", "7"), "/apart", "worker 7 was ended, and 3 requests with it")
	d.failedWith(d.post("/recover", "application", "/apart", "worker", "8"), 409, "no such worker")
	if w.killed != 7 || w.recycled == "" {
		t.Errorf("%+v", w)
	}
	if got := d.get("/status.json"); !strings.Contains(got.text, `"inside": 3`) {
		t.Error("the status lacks the workers")
	}
	if got := d.get("/metrics"); !strings.Contains(got.text, `naja_workers{application="/apart"} 1`) {
		t.Error("the metrics lack the workers")
	}
}
