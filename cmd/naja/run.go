package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
)

// runCommand runs one page as a server would for one request, and writes its
// answer's body.
func runCommand(ctx context.Context, out *console, args []string) error {
	var (
		opts config.Options
		req  pageRequest
	)
	fs := newFlags(out, "run")
	fs.settings(&opts)
	fs.StringVar(&opts.Dir, "root", ".", "the site's root is `DIR`, instead of the working directory")
	fs.StringVar(&req.query, "query", "", "the query string, `Q`")
	fs.StringVar(&req.method, "method", "", "the method `M` (default GET, or POST with --body)")
	fs.StringVar(&req.body, "body", "", "send `FILE` as a form; - is standard input")
	include := fs.Bool("include", false, "write the status line and the headers first")
	plain, err := fs.parse(args, 1, 1)
	if err != nil {
		return err
	}
	if req.page, err = pageInRoot(opts.Dir, plain[0]); err != nil {
		return err
	}
	cfg, err := config.Load(opts)
	if err != nil {
		return err
	}
	if err := available(cfg); err != nil {
		return err
	}
	r, err := req.build(ctx)
	if err != nil {
		return err
	}
	if methods := cfg.Applications[0].Methods; !slices.Contains(methods, r.Method) {
		return usageErrorf("run: no page gets a %s; want one of methods, which are %s", r.Method, strings.Join(methods, ", "))
	}
	return runPage(cfg, r, &printed{out: out.stdout, include: *include}, out.stderr)
}

// runPage serves r and ends the application afterwards. What the page writes
// to the console goes to stderr, and why it failed.
func runPage(cfg *config.Config, r *http.Request, w *printed, stderr io.Writer) error {
	var failed atomic.Pointer[asp.Error]
	app := cfg.Applications[0] // in memory: the server's own sessions and values are none of its business
	app.Logger = slog.New(quiet{newLogger(stderr, cfg.Server).Handler()})
	app.OnError = func(err *asp.Error) { failed.CompareAndSwap(nil, err) }
	made := &application{}
	defer func() { _ = closeAll(made.opened) }()
	if err := made.withComponents(&app); err != nil {
		return cfg.Locate(0, err)
	}
	e, err := engine.New(app.Config)
	if err != nil {
		return cfg.Locate(0, err)
	}
	aborted := serveAborting(e, w, r)
	ending, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), cfg.Server.ShutdownTimeout)
	defer cancel()
	err = e.Shutdown(ending)
	switch {
	case failed.Load() != nil:
		return failed.Load()
	case w.err != nil:
		return w.err
	case aborted:
		return errors.New("the answer broke off")
	case w.status == http.StatusInternalServerError:
		return errors.New("the answer is 500 Internal Server Error")
	}
	return err
}

// quiet is a log without the lines that would only repeat what is on the
// screen: the access log's, and those of a page's error.
type quiet struct{ slog.Handler }

func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	repeats := false
	record.Attrs(func(a slog.Attr) bool {
		repeats = repeats || record.Message == "request" && a.Key == "sent" || strings.HasPrefix(record.Message, "page ") && a.Key == "error"
		return !repeats
	})
	if repeats {
		return nil
	}
	return q.Handler.Handle(ctx, record)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }
func (q quiet) WithGroup(name string) slog.Handler       { return quiet{q.Handler.WithGroup(name)} }

// serveAborting reports whether the handler gave up its answer halfway.
func serveAborting(h http.Handler, w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			aborted = true
		} else if p != nil {
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

// pageInRoot finds the URL path of a page that is named relative to the
// working directory or, if it isn't there or not inside of root, to root.
func pageInRoot(root, page string) (string, error) {
	if !strings.EqualFold(filepath.Ext(page), ".asp") {
		return "", usageErrorf("run: %q is not a page; want a .asp file", page)
	}
	absRoot, err := filepath.Abs(root)
	if err != nil {
		return "", usageErrorf("run: %v", err)
	}
	for _, name := range []string{page, filepath.Join(absRoot, page)} {
		abs, err := filepath.Abs(name)
		if err != nil {
			return "", usageErrorf("run: %v", err)
		}
		inside, err := filepath.Rel(absRoot, abs)
		if err != nil || !filepath.IsLocal(inside) {
			continue
		}
		if info, err := os.Stat(abs); err == nil && info.Mode().IsRegular() {
			return "/" + filepath.ToSlash(inside), nil
		}
	}
	return "", usageErrorf("run: there is no page %q in %s", page, root)
}

// A pageRequest is what the flags say about the request.
type pageRequest struct {
	page, query, method, body string
}

func (p pageRequest) build(ctx context.Context) (*http.Request, error) {
	var body []byte
	if p.body != "" {
		var err error
		if body, err = readBody(p.body); err != nil {
			return nil, usageErrorf("run: --body: %v", err)
		}
	}
	method := strings.ToUpper(p.method)
	switch {
	case method == "" && p.body != "":
		method = http.MethodPost
	case method == "":
		method = http.MethodGet
	}
	ctx = context.WithValue(ctx, http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80})
	r, err := http.NewRequestWithContext(ctx, method, "http://localhost/", bytes.NewReader(body))
	if err != nil {
		return nil, usageErrorf("run: --method: %v", err)
	}
	r.URL.Scheme, r.URL.Host = "", ""
	r.URL.Path, r.URL.RawQuery = p.page, strings.TrimPrefix(p.query, "?")
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = "127.0.0.1:0"
	if p.body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}

func readBody(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(name)
}

// A printed writes a page's answer down as it comes.
type printed struct {
	out     io.Writer
	include bool
	header  http.Header
	status  int   // 0 before it has started
	err     error // the first failure to write
}

func (a *printed) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *printed) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	if !a.include {
		return
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\n", status, http.StatusText(status))
	var fields bytes.Buffer
	a.err = a.Header().Write(&fields)
	head.Write(bytes.ReplaceAll(fields.Bytes(), []byte("\r\n"), []byte("\n")))
	head.WriteByte('\n')
	a.write(head.Bytes())
}

func (a *printed) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.write(p)
	return len(p), a.err
}

func (a *printed) write(p []byte) {
	if a.err == nil {
		_, a.err = a.out.Write(p)
	}
}

// FlushError makes a flush succeed: everything is written at once anyway.
func (a *printed) FlushError() error { return a.err }
