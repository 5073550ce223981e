package runtime

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/language"
	"github.com/najahost/naja/variant"
)

// steps is a second language of pages, for tests: a program is a list of steps,
// one a line, and has nothing of JavaScript's.
//
//	say WORD     writes it
//	if WORD      goes on to "end" unless it is "yes"; text between is part of it
//	sub NAME     begins a procedure, up to "end"
//	arg          writes what the procedure was called with
//	wait         waits to be stopped
//	fail, panic  what they say
//
// <%= name %> writes the name in brackets.
type steps struct {
	waits   chan struct{} // gets something where a program waits
	closed  atomic.Int32  // machines that were closed
	failing atomic.Int32  // and of them those that had failed
}

func (*steps) Name() string            { return "Steps" }
func (*steps) Speaks(name string) bool { return strings.EqualFold(name, "steps") }

// step is one of a program, with its place.
type step struct {
	at         language.Pos
	verb, noun string
	text       int
}

type stepsCode struct {
	of    *steps
	page  *language.Page
	steps []step
	subs  map[string]int
}

func (l *steps) Compile(p *language.Page) (language.Code, error) {
	c := &stepsCode{of: l, page: p, subs: map[string]int{}}
	for _, b := range p.Blocks {
		if b.Kind == language.Text {
			c.steps = append(c.steps, step{at: b.Begin, verb: "text", text: b.Text})
			continue
		}
		for _, piece := range b.Pieces {
			at := piece.Pos
			for line := range strings.Lines(piece.Text) {
				if err := c.line(b.Kind, line, at); err != nil {
					return nil, err
				}
				at += language.Pos(len(line))
			}
		}
	}
	return c, nil
}

// line compiles one line; its place is that of its first word.
func (c *stepsCode) line(kind language.Kind, line string, at language.Pos) error {
	at += language.Pos(len(line) - len(strings.TrimLeft(line, " \t")))
	verb, noun, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch {
	case verb == "":
		return nil
	case kind == language.Value, kind == language.Encoded:
		verb, noun = map[language.Kind]string{language.Value: "name", language.Encoded: "encoded"}[kind], verb
	case verb == "sub":
		c.subs[noun] = len(c.steps)
	case verb == "odd":
		c.page.Warnings = append(c.page.Warnings, language.Warning{Position: c.page.Position(at), Message: "that is odd"})
	case !strings.Contains(" say if end arg wait fail panic ", " "+verb+" "):
		p := c.page.Position(at)
		e := asp.New(codeCompile, "there is no step "+verb).At(p.File, p.Line, p.Column)
		e.Source, e.Included = p.Source, c.page.Included(p.File)
		return e
	}
	c.steps = append(c.steps, step{at: at, verb: verb, noun: noun})
	return nil
}

func (c *stepsCode) Declares(procedure string) bool {
	_, ok := c.subs[procedure]
	return ok
}

func (c *stepsCode) Mentions(global string) bool {
	for _, s := range c.steps {
		if s.noun == global {
			return true
		}
	}
	return false
}

func (c *stepsCode) Start(h language.Host) language.Machine {
	return &stepsMachine{code: c, host: h, stopped: make(chan struct{})}
}

type stepsMachine struct {
	code    *stepsCode
	host    language.Host
	at      atomic.Int64
	once    sync.Once
	stopped chan struct{}
	reason  error
}

func (m *stepsMachine) Run() error { return m.from(0, nil) }

func (m *stepsMachine) Call(procedure string, args ...variant.Value) error {
	if at, ok := m.code.subs[procedure]; ok {
		return m.from(at+1, args)
	}
	return nil
}

func (m *stepsMachine) Finish() error { return nil }

func (m *stepsMachine) Close(failed bool) error {
	m.code.of.closed.Add(1)
	if failed {
		m.code.of.failing.Add(1)
	}
	return nil
}

func (m *stepsMachine) Stop(reason error) {
	m.once.Do(func() {
		m.reason = reason
		close(m.stopped)
	})
}

func (m *stepsMachine) Where() (language.Pos, bool) {
	at := m.at.Load()
	return language.Pos(at - 1), at > 0
}

// from runs the steps up to the end of what they are in.
func (m *stepsMachine) from(i int, args []variant.Value) error {
	inSub := i > 0
	for ; i < len(m.code.steps); i++ {
		s := m.code.steps[i]
		m.at.Store(int64(s.at) + 1)
		select {
		case <-m.stopped:
			return m.reason
		default:
		}
		var err error
		switch s.verb {
		case "text":
			err = m.host.Text(s.text)
		case "say":
			err = m.host.Write(s.noun, false)
		case "name", "encoded":
			err = m.host.Write("["+s.noun+"]", s.verb == "encoded")
		case "arg":
			text, _ := args[0].Str()
			err = m.host.Write(text, false)
		case "if":
			if s.noun != "yes" {
				i = m.end(i)
			}
		case "sub":
			i = m.end(i)
		case "end":
			if inSub {
				return nil
			}
		case "wait":
			m.code.of.waits <- struct{}{}
			<-m.stopped
			err = m.reason
		case "fail":
			err = errors.New("it failed")
		case "panic":
			panic("the machine broke")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *stepsMachine) end(i int) int {
	for m.code.steps[i].verb != "end" {
		i++
	}
	return i
}

// otherSite is the files of TestOtherLanguage, and the host that knows its pages.
type otherSite struct {
	Host
	mapLoader
	compiler *Compiler
}

func (s otherSite) Program(_ context.Context, _, path string) (*Program, error) {
	return s.compiler.Compile(strings.TrimPrefix(path, "/"), s.mapLoader)
}

func newOtherSite(files map[string]string) (*steps, otherSite) {
	l := &steps{waits: make(chan struct{}, 1)}
	s := otherSite{mapLoader: mapLoader{}, compiler: NewCompiler(CompilerConfig{Languages: []language.Language{l}})}
	for name, text := range files {
		s.mapLoader[name] = fileOf(text)
	}
	return l, s
}

// show runs a page, and gives what it has sent and its error.
func (s otherSite) show(t *testing.T, name string) (string, error) {
	t.Helper()
	p, err := s.compiler.Compile(name, s.mapLoader)
	if err != nil {
		return "", err
	}
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	err = New(t.Context(), &Env{Request: anyRequest(), Response: res, Host: s}).Run(p)
	return string(res.Body()), err
}

// TestOtherLanguage runs pages of a language that has nothing of JavaScript's by
// the ways that the engine takes.
func TestOtherLanguage(t *testing.T) {
	files := map[string]string{
		"blocks.asp": "<%@ Language=steps %>a<% say b %>c<%= na&me %>d<%: <&> %>é<% if no %>never<% end\nif yes %>!<% end %><script runat=server>say last</script>",
		"inc.asp":    "<%@ Language=steps %>\n<!--#include file=a.inc-->\n<% say two\n<!--#include file=b.inc--> %>",
		"a.inc":      "<% say one %>", "b.inc": "say three",
		"bad.asp": "<%@ Language=steps %>é\n<!--#include file=bad.inc-->", "bad.inc": "\r\n<% say ok\r\n  sing é %>",
		"fail.asp":  "<%@ Language=steps %>x\n<% say y\n fail %>",
		"panic.asp": "<%@ Language=steps %>x\n<% panic %>",
		"mixed.asp": "<%@ Language=steps %><script runat=server language=javascript>f()</script>",
		"js.asp":    "<%= typeof 1 %> <% Server.Execute('/blocks.asp') %> <%= 2 %>",
		"end.asp":   "<% try { Server.Execute('/fail.asp') } catch (e) { Response.Write(e.message) } %>",
	}
	l, s := newOtherSite(files)
	for name, want := range map[string]string{
		"blocks.asp": "abc[na&me]d[&lt;&amp;&gt;]é!last",
		"inc.asp":    "\none\ntwothree",
		"js.asp":     "number abc[na&me]d[&lt;&amp;&gt;]é!last 2",
		"bad.asp":    " ASP 0132 at bad.inc:3:3 in [bad.asp:2]: ",
		"fail.asp":   "x\ny  at fail.asp:3:2: it failed",
		"panic.asp":  "ASP 0240 at panic.asp:2:4",
		"mixed.asp":  "ASP 0129 at mixed.asp:1:52",
		"end.asp":    "fail.asp:3:2: it failed",
	} {
		body, err := s.show(t, name)
		got := body
		if e, ok := errors.AsType[*asp.Error](err); ok {
			got = fmt.Sprintf("%s %s at %s:%d:%d", body, e.ASPCode(), e.File, e.Line, e.Column)
			if e.Included != nil {
				got += fmt.Sprintf(" in %v", e.Included)
			}
			got += ": " + e.Short + " " + e.Description
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	if closed, failing := l.closed.Load(), l.failing.Load(); closed != 6 || failing != 3 {
		t.Errorf("%d machines closed, %d of them failed", closed, failing)
	}
}

// TestOtherLanguageEvents: a global.asa in it says which events it has, and they
// get their arguments; a machine is closed whatever comes of it.
func TestOtherLanguageEvents(t *testing.T) {
	l, s := newOtherSite(map[string]string{
		"global.asa": "<script runat=server language=steps>\nodd\nsub Greet\nsay hello\narg\nend\nsub Broken\nfail\nend\nif Session\nend\n</script>",
	})
	s.compiler.cfg.Language = "Steps"
	p, err := s.compiler.CompileGlobal("global.asa", s.mapLoader)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Declares("Greet") || p.Declares("Other") || !p.UsesSession() {
		t.Errorf("declares Greet %t, Other %t, uses Session %t", p.Declares("Greet"), p.Declares("Other"), p.UsesSession())
	}
	if w := p.Warnings(); len(w) != 1 || w[0].Line != 2 || w[0].Message != "that is odd" {
		t.Errorf("warnings are %+v", w)
	}
	if r := s.compiler.Report(p); len(r.Rewrites) > 0 || r.Await {
		t.Errorf("the report is %+v", r)
	}
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	if err := New(t.Context(), &Env{Response: res}).RunEvent(p, "Greet", ", you"); err != nil || string(res.Body()) != "hello, you" {
		t.Errorf("%q, %v", res.Body(), err)
	}
	err = New(t.Context(), &Env{}).RunEvent(p, "Greet")
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Line != 4 {
		t.Errorf("an event that writes: %v", err)
	}
	if err := New(t.Context(), &Env{}).RunEvent(p, "Broken"); err == nil {
		t.Error("no error")
	}
	if closed, failing := l.closed.Load(), l.failing.Load(); closed != 3 || failing != 2 {
		t.Errorf("%d closed, %d of them failed", closed, failing)
	}
}

// TestOtherLanguageStops: a program is stopped from another goroutine, wherever it
// is, and what it is stopped for is its error.
func TestOtherLanguageStops(t *testing.T) {
	for name, source := range map[string]string{
		"page": "<%@ Language=steps %>\n<% say x\n wait %>", "executed": "<% Server.Execute('/page.asp'); Response.Write('not this') %>",
	} {
		for _, reason := range []error{ErrTimeout, ErrKilled} {
			l, s := newOtherSite(map[string]string{"page.asp": "<%@ Language=steps %>\n<% say x\n wait %>", name + ".asp": source})
			p, err := s.compiler.Compile(name+".asp", s.mapLoader)
			if err != nil {
				t.Fatal(err)
			}
			res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
			state := New(t.Context(), &Env{Request: anyRequest(), Response: res, Host: s})
			failure := make(chan error, 1)
			go func() { failure <- state.Run(p) }()
			select {
			case <-l.waits:
			case err := <-failure:
				t.Fatalf("%s: it doesn't wait: %v", name, err)
			}
			if file, line := state.Where(); file != "page.asp" || line != 3 {
				t.Errorf("%s: it waits at %s:%d", name, file, line)
			}
			state.Interrupt(reason)
			state.Interrupt(ErrStopping)
			e, ok := errors.AsType[*asp.Error](<-failure)
			if !ok || string(res.Body()) != "\nx" || (reason == ErrTimeout) != (e.Code == asp.CodeTimeout) || reason != ErrTimeout && !errors.Is(e, reason) {
				t.Errorf("%s stopped by %v: %q, %v", name, reason, res.Body(), e)
			}
			if name == "page" && (e.File != "page.asp" || e.Line != 3) {
				t.Errorf("%s stopped by %v: at %s:%d", name, reason, e.File, e.Line)
			}
		}
	}
	_, s := newOtherSite(map[string]string{"page.asp": "<%@ Language=steps %>x"})
	p, err := s.compiler.Compile("page.asp", s.mapLoader)
	if err != nil {
		t.Fatal(err)
	}
	state := New(t.Context(), &Env{})
	state.Interrupt(ErrStopping) // before its first step
	if err := state.Run(p); !errors.Is(err, ErrStopping) {
		t.Errorf("stopped before it began: %v", err)
	}
}

func anyRequest() *asphttp.Request {
	return asphttp.NewRequest(httptest.NewRequest("GET", "/", nil), nil, asphttp.RequestConfig{})
}

func fileOf(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
