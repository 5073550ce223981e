package runtime

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/codepage"
)

// TestDialectCorpus runs the pages of testdata/corpus, which are written as
// pages of real sites are, and compares what comes out: status, header, body.
// A case is one site (asptest says how it is written); besides pages it may
// have a global.asa, whose events run before the page. A file with a CODEPAGE
// directive is stored in that code page, and so is what it includes.
func TestDialectCorpus(t *testing.T) {
	n := 0
	eachDialectCase(t, "corpus", func(t *testing.T, c asptest.Case) {
		n++
		s := newDialectSite(c)
		prog, err := s.compile()
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if msg := s.run(prog); msg != "" {
				t.Fatal(msg)
			}
		}
	})
	if n < 60 {
		t.Errorf("the corpus has %d pages; it is to have 60 at least", n)
	}
}

// eachDialectCase calls run for each case of testdata/FOLDER/*.asp.
func eachDialectCase(t *testing.T, folder string, run func(t *testing.T, c asptest.Case)) {
	t.Helper()
	paths, _ := filepath.Glob("testdata/" + folder + "/*.asp")
	if len(paths) == 0 {
		t.Fatal("no test files")
	}
	for _, p := range paths {
		for _, c := range asptest.Read(t, p) {
			t.Run(strings.TrimSuffix(filepath.Base(p), ".asp")+"/"+c.Name, func(t *testing.T) {
				t.Logf("%s:%d", p, c.Line)
				// A page's timers are due in the order of its clock: this one
				// stands still while a page runs.
				synctest.Test(t, func(t *testing.T) { run(t, c) })
			})
		}
	}
}

// dialectSite is the site of a case.
type dialectSite struct {
	c        asptest.Case
	files    sources
	compiler *Compiler
	modules  *Modules
}

func newDialectSite(c asptest.Case) *dialectSite {
	s := &dialectSite{c: c, files: encoded(c.Site()), compiler: NewCompiler(CompilerConfig{})}
	s.modules = s.compiler.NewModules(s.files)
	return s
}

var codePageDirective = regexp.MustCompile(`(?i)<%\s*@[^>]*codepage\s*=\s*["']?(\d+)`)

// encoded stores a site's files in the code page that one of them names.
func encoded(files map[string]string) sources {
	out := sources{}
	cp := codepage.UTF8
	for _, text := range files {
		if m := codePageDirective.FindStringSubmatch(text); m != nil {
			n, _ := strconv.Atoi(m[1])
			cp, _ = codepage.Lookup(n)
		}
	}
	for name, text := range files {
		out[name] = string(cp.Encode(nil, text))
	}
	return out
}

func (s *dialectSite) compile() (*Program, error) {
	return s.compiler.Compile(strings.TrimPrefix(s.c.Request().URL.Path, "/"), s.files)
}

// run runs the site's page in a state of its own and says what is wrong.
func (s *dialectSite) run(prog *Program) string {
	var log logLines
	host := &componentHost{testHost: testHost{files: s.files}, static: map[string]*Object{}}
	env := Env{Session: newTestSession(), Application: newTestApplication(), Host: host, Modules: s.modules, Log: slog.New(&log)}
	if err := s.events(&env); err != nil {
		return "global.asa: " + err.Error()
	}
	r := s.c.Request()
	cp, _ := codepage.Lookup(prog.Directives().CodePage)
	body, err := asphttp.ReadBody(context.Background(), r, asphttp.BodyLimits{})
	if err != nil {
		return err.Error()
	}
	env.Request = asphttp.NewRequest(r, body, asphttp.RequestConfig{CodePage: cp, ScriptName: r.URL.Path, PhysicalPath: "/site" + r.URL.Path, AppPhysicalPath: "/site/"})
	defer env.Request.Close()
	env.Response = asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true, Request: env.Request, CodePage: cp, LCID: prog.Directives().LCID})
	if msg := s.c.CompareFailure(failureOf(New(context.Background(), &env).Run(prog))); msg != "" {
		return msg
	}
	status, reason, h := env.Response.Prepare()
	text, _ := env.Response.CodePage().Decode(env.Response.Body())
	return s.c.CompareAnswer(asptest.Answer{Status: fmt.Sprint(status, " ", reason), Header: http.Header(h), Body: []byte(text), Log: log.String()})
}

// events runs what global.asa does before the first page of a session.
func (s *dialectSite) events(env *Env) error {
	if _, ok := s.files["global.asa"]; !ok {
		return nil
	}
	prog, err := s.compiler.CompileGlobal("global.asa", s.files)
	if err != nil {
		return err
	}
	env.Objects = prog.Objects()
	app := *env
	app.Session = nil
	if err := New(context.Background(), &app).RunEvent(prog, "Application_OnStart"); err != nil {
		return err
	}
	session := *env
	return New(context.Background(), &session).RunEvent(prog, "Session_OnStart")
}
