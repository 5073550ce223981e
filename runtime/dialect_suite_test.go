package runtime

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/asptest"
)

// TestDialect runs testdata/dialect: what JScript's pages need of the
// language and of the intrinsics, a file for each chapter, a case for each
// rule. A page that fails has a mark where it fails.
func TestDialect(t *testing.T) {
	eachDialectCase(t, "dialect", func(t *testing.T, c asptest.Case) {
		s := newDialectSite(c)
		prog, err := s.compile()
		if err != nil {
			if msg := c.CompareFailure(failureOf(err)); msg != "" {
				t.Error(msg)
			}
			return
		}
		if msg := s.run(prog); msg != "" {
			t.Error(msg)
		}
	})
}

// TestDialectTimersEndWithTheScript runs a page whose timers never end: the
// script timeout ends it, on the line that it is on, and not a timer later.
func TestDialectTimersEndWithTheScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newDialectSite(asptest.Case{Files: map[string]string{
			"page.asp": "<% var n = 0;\nsetInterval(function () { Response.Write(++n + ' ') }, 1000);\nsetTimeout(function () { Response.Write('never') }, 60000) %>",
		}})
		prog, err := s.compile()
		if err != nil {
			t.Fatal(err)
		}
		res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
		state := New(t.Context(), &Env{Response: res})
		stop := time.AfterFunc(3500*time.Millisecond, func() { state.Interrupt(ErrTimeout) })
		defer stop.Stop()
		f := failureOf(state.Run(prog))
		if f == nil || f.Code != "0113" || f.File != "page.asp" || f.Line != 2 {
			t.Errorf("ended with %+v; want 0113 at page.asp:2", f)
		}
		if got := string(res.Body()); got != "1 2 3 " {
			t.Errorf("wrote %q", got)
		}
	})
}
