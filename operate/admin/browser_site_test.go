package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// wait is a statement of a page that takes milliseconds without the processor.
const wait = "await new Promise(function (done) { setTimeout(done, %d) });\n"

// siteFiles are the pages of an application that the console is tried with.
func siteFiles() map[string]string {
	return map[string]string{
		"global.asa": "<script runat=server>function Application_OnStart() { Application(\"started\") = 1; }\n" +
			"async function Session_OnEnd() { " + fmt.Sprintf(wait, 300) + "}</script>",
		"default.asp": "<p>version one</p>",
		"slow.asp":    "<%\nfor (var i = 0; i < 4000; i++) {\n  " + fmt.Sprintf(wait, 25) + "  Response.Write(\".\");\n}\n%>",
		"lock.asp":    "<%\nApplication.Lock();\nApplication(\"half\") = 1;\n" + fmt.Sprintf(wait, 60000) + "%>",
		"wants.asp":   "<%\nApplication.Lock();\nResponse.Write(\"mine\");\n%>",
		"session.asp": "<% Session(\"name\") = \"<b>Ada</b>\"; Session(\"n\") = 3; %>",
		"fails.asp":   "<%\nthrow new Error(\"<img src=x onerror='window.bitten = 1'>\" + Request.QueryString(\"x\"));\n%>",
	}
}

// A console is one with an application, on listeners of their own.
type console struct {
	t            *testing.T
	admin, site  string // URLs
	root, source string // folders
	client       *http.Client
	app          *host.Application
}

// openConsole starts them until the test ends.
func openConsole(t *testing.T, change func(*Config)) *console {
	t.Helper()
	c := &console{t: t, root: t.TempDir(), source: t.TempDir(), client: &http.Client{Transport: &http.Transport{}}}
	c.write(c.root, siteFiles())
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	passes := NewPasses()
	ecfg := engine.Config{Root: c.root, Logger: quiet, ProcessorThreadMax: 4, CheckInterval: time.Hour, ApplicationLockTimeout: time.Minute}
	app, err := host.New(host.Config{
		Path: "/", Root: c.root, UpdateSource: c.source, Logger: quiet, Preload: true, Isolations: []string{host.InProcess},
		Pass: func(r *http.Request) bool { return passes.Holds("/", r) },
		Start: func(_ context.Context, isolation string) (host.Runner, error) {
			if isolation != host.InProcess {
				return nil, host.ErrUnavailable
			}
			return engine.New(ecfg)
		},
		Check: func(_ context.Context, dir string) error {
			cfg := ecfg
			cfg.Root = dir
			findings, err := engine.Check(cfg)
			for _, f := range findings {
				err = errors.Join(err, fmt.Errorf("%s:%d: %s", f.File, f.Line, f.Message))
			}
			return err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.app = app
	site := httptest.NewServer(passes.Handler("/", app))
	cfg := Config{
		Applications: []*host.Application{app}, Loopback: true, Logger: quiet, Passes: passes, ShowValues: true,
		Server: Server{Version: "1.2.3", Site: site.URL, Settings: func() []Setting {
			return []Setting{{Name: "admin_account", Value: `"any"`}, {Name: "redis_password", Value: "••••••", Origin: "naja.toml"}}
		}},
	}
	if change != nil {
		change(&cfg)
	}
	admin, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(admin)
	c.admin, c.site = listener.URL, site.URL
	t.Cleanup(func() {
		// Who left doesn't end a page that is buffered.
		for _, r := range app.Status().Engine.Running {
			if runner, ok := app.Runner(); ok {
				_, _ = runner.Interrupt(context.Background(), r.ID) // it may have ended
			}
		}
		c.client.CloseIdleConnections()
		admin.Close()
		listener.CloseClientConnections()
		listener.Close()
		site.CloseClientConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := app.Shutdown(ctx); err != nil {
			t.Errorf("shutting the application down: %v", err)
		}
		site.Close()
	})
	return c
}

// write writes files into a folder.
func (c *console) write(folder string, files map[string]string) {
	c.t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
}

// get is what a visitor sees.
func (c *console) get(page string) (status int, text string) {
	c.t.Helper()
	status, text, err := c.fetch(page)
	if err != nil {
		c.t.Fatal(err)
	}
	return status, text
}

// fetch is get for any goroutine.
func (c *console) fetch(page string) (status int, text string, err error) {
	return c.ask(context.Background(), page)
}

func (c *console) ask(ctx context.Context, page string) (status int, text string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.site+page, nil)
	if err != nil {
		return 0, "", err
	}
	answer, err := c.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), err
}

// A visit is a request that goes on.
type visit struct {
	status int
	text   string
	err    error
	over   chan struct{}
}

// visit begins a request and ends it with the test at the latest.
func (c *console) visit(page string) *visit {
	v := &visit{over: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(v.over)
		v.status, v.text, v.err = c.ask(ctx, page)
	}()
	c.t.Cleanup(func() {
		cancel()
		<-v.over
	})
	return v
}

// wait waits for the visit's end.
func (v *visit) wait(t *testing.T) {
	t.Helper()
	select {
	case <-v.over:
	case <-time.After(30 * time.Second):
		t.Fatal("a request doesn't end")
	}
}

// escaped is a text as part of a path or a query.
func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
