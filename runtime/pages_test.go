package runtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/codepage"
)

// TestPages runs the pages of testdata/*.asp, which are tests of the page
// language written in it, and then each of them many times at once from one
// program. The engine runs the same ones over sockets.
//
// Beside the pages a case has files that say how to run it and what comes out:
//
//	request  the request: "POST /page.asp?a=1", header lines, a blank line, the
//	         body. Left out it is GET /page.asp.
//	want     the body, without the line ends at its end
//	header   "Status: 200 OK" and header lines as they are sent; "-Name" is
//	         one that isn't
//	log      what console wrote: "INFO page.asp:3: text"
//
// A mark "### 0113:21: text" is where and how the page ends: ASP's number, or
// JScript's as eight digits, then the column and a pattern for the message.
func TestPages(t *testing.T) {
	eachCase(t, func(t *testing.T, c asptest.Case) {
		prog, err := compileCase(c)
		if err != nil {
			if msg := c.CompareFailure(failureOf(err)); msg != "" {
				t.Error(msg)
			}
			return
		}
		if msg := runCase(c, prog); msg != "" {
			t.Fatal(msg)
		}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if msg := runCase(c, prog); msg != "" {
					t.Error("at once with others: " + msg)
				}
			})
		}
		wg.Wait()
	})
}

// eachCase calls run for every case of testdata/*.asp.
func eachCase(t *testing.T, run func(t *testing.T, c asptest.Case)) {
	paths, _ := filepath.Glob("testdata/*.asp")
	if len(paths) == 0 {
		t.Fatal("no test files")
	}
	for _, p := range paths {
		name := strings.TrimSuffix(filepath.Base(p), ".asp")
		for _, c := range asptest.Read(t, p) {
			t.Run(name+"/"+c.Name, func(t *testing.T) {
				t.Logf("%s:%d", p, c.Line)
				// A page's timers are due in the order of its clock: this one
				// stands still while a page runs.
				synctest.Test(t, func(t *testing.T) { run(t, c) })
			})
		}
	}
}

// sources are a site's files.
type sources map[string]string

// ReadFile is [Files].
func (s sources) ReadFile(name string) ([]byte, error) {
	if text, ok := s[name]; ok {
		return []byte(text), nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func compileCase(c asptest.Case) (*Program, error) {
	name := strings.TrimPrefix(c.Request().URL.Path, "/")
	return NewCompiler(CompilerConfig{AllowProxy: true}).Compile(name, sources(c.Site()))
}

// failureOf is an error as a case's mark names it.
func failureOf(err error) *asptest.Failure {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*asp.Error](err)
	if !ok {
		return &asptest.Failure{Text: err.Error()}
	}
	f := &asptest.Failure{File: e.File, Line: e.Line, Column: e.Column, Code: fmt.Sprintf("%04d", e.Code), Text: e.Error()}
	if e.Code == 0 || e.Code == codeCompile {
		f.Code = fmt.Sprintf("%08x", uint32(e.Number))
	}
	return f
}

// runCase runs a compiled case once and says what is wrong.
func runCase(c asptest.Case, prog *Program) string {
	r := c.Request()
	body, err := asphttp.ReadBody(context.Background(), r, asphttp.BodyLimits{})
	if err != nil {
		return err.Error()
	}
	cp, _ := codepage.Lookup(prog.Directives().CodePage)
	req := asphttp.NewRequest(r, body, asphttp.RequestConfig{
		CodePage:   cp,
		ScriptName: r.URL.Path, PhysicalPath: r.URL.Path, AppPhysicalPath: "/",
	})
	defer req.Close()
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true, Request: req, CodePage: cp, LCID: prog.Directives().LCID})
	var log logLines
	state := New(context.Background(), &Env{
		Request: req, Response: res, Session: newTestSession(), Application: newTestApplication(),
		Host: &testHost{files: sources(c.Site())}, Log: slog.New(&log),
	})
	runErr := state.Run(prog)
	if msg := c.CompareFailure(failureOf(runErr)); msg != "" {
		return msg
	}
	status, reason, h := res.Prepare()
	return c.CompareAnswer(asptest.Answer{Status: fmt.Sprint(status, " ", reason), Header: h, Body: res.Body(), Log: log.String()})
}

// logLines is a log of lines "INFO page.asp:3: text".
type logLines struct{ bytes.Buffer }

// Enabled, Handle, WithAttrs and WithGroup are [slog.Handler].
func (l *logLines) Enabled(context.Context, slog.Level) bool { return true }

// Handle writes a line.
func (l *logLines) Handle(_ context.Context, r slog.Record) error {
	asptest.Spring(r.Message)
	var page, line slog.Value
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "page":
			page = a.Value
		case "line":
			line = a.Value
		}
		return true
	})
	fmt.Fprintf(l, "%s %v:%v: %s\n", r.Level, page, line, r.Message)
	return nil
}

// WithAttrs does nothing.
func (l *logLines) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup does nothing.
func (l *logLines) WithGroup(string) slog.Handler { return l }
