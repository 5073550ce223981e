package runtime

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/najahost/naja/internal/asphttp"
)

// runLeaving runs a page that calls Server.MapPath at the moment at which the
// application, or with "gone" its client, has had enough of it.
func runLeaving(t *testing.T, src string, before bool) (string, error) {
	t.Helper()
	p, err := NewCompiler(CompilerConfig{}).Compile("default.asp", mapLoader{"default.asp": {Data: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	leave := make(chan struct{})
	if before {
		close(leave)
	}
	host := &leavingHost{do: func(what string) {
		if what == "gone" {
			cancel()
		} else {
			close(leave)
		}
	}}
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	s := New(ctx, &Env{Request: asphttp.NewRequest(httptest.NewRequest("GET", "/", nil), nil, asphttp.RequestConfig{}), Response: res, Host: host, Leave: leave})
	err = s.Run(p)
	return string(res.Body()), err
}

type leavingHost struct {
	testHost
	do func(string)
}

func (h *leavingHost) MapPath(_, path string) (string, error) {
	h.do(path)
	return path, nil
}

// TestSignal lets pages learn that nobody waits for them any more.
func TestSignal(t *testing.T) {
	t.Parallel()
	const setUp = `<% var s = Request.Signal, w = function (x) { Response.Write(x + " ") };
function leave(how) { Server.MapPath(how || "stop") } %>`
	for name, c := range map[string]struct {
		src, want string
		before    bool
	}{
		"as it begins":        {src: `<% w(s.aborted); w(s.reason === undefined); w(s.onabort); s.throwIfAborted(); w(s === Request.signal) %>`, want: "false true null true "},
		"rings":               {src: `<% leave(); w(s.aborted); w(s.reason.name); w(s.reason.message); w(s.reason === s.reason) %>`, want: "true AbortError the application ends true "},
		"rings at once":       {src: `<% w(s.aborted); w(await s.wait(100000)); w(await s.wait()) %>`, want: "true true true ", before: true},
		"client gone":         {src: `<% leave("gone"); w(s.aborted); w(s.reason.message) %>`, want: "true the client has gone "},
		"throws":              {src: `<% leave(); try { s.throwIfAborted() } catch (e) { w(e === s.reason) } %>`, want: "true "},
		"onabort":             {src: `<% s.onabort = function (e) { w(e.type); w(e.target === s); w(this === s) }; leave(); w("end") %>`, want: "end abort true true "},
		"onabort is none":     {src: `<% s.onabort = 3; w(s.onabort); leave() %>`, want: "null "},
		"listeners in order":  {src: `<% s.addEventListener("abort", function () { w(1) }); s.onabort = function () { w(0) }; s.addEventListener("abort", function () { w(2) }, { once: true }); leave() %>`, want: "0 1 2 "},
		"added twice":         {src: `<% function f() { w(1) } s.addEventListener("abort", f); s.addEventListener("abort", f); leave() %>`, want: "1 "},
		"removed":             {src: `<% function f() { w(1) } s.addEventListener("abort", f); s.removeEventListener("abort", f); s.removeEventListener("abort", f); leave() %>`, want: ""},
		"another event":       {src: `<% s.addEventListener("load", function () { w(1) }); leave() %>`, want: ""},
		"too late":            {src: `<% setTimeout(leave, 1); await s.wait(); s.addEventListener("abort", function () { w(1) }) %>`, want: ""},
		"a page isn't kept":   {src: `<% s.addEventListener("abort", function () { w(1) }); w("end") %>`, want: "end "},
		"a top level is":      {src: `<% setTimeout(leave, 1); await new Promise(function (r) { s.addEventListener("abort", r) }); w("on") %>`, want: "on "},
		"wait until it rings": {src: `<% setTimeout(leave, 1); w(await s.wait(100000)) %>`, want: "true "},
		"wait without end":    {src: `<% s.wait().then(w); setTimeout(leave, 1) %>`, want: "true "},
		"wait in vain":        {src: `<% w(await s.wait(1)); w(await s.wait(0)) %>`, want: "false false "},
		"timers go on":        {src: `<% setTimeout(function () { w("timer") }, 3); s.onabort = function () { w("abort") }; leave() %>`, want: "abort timer "},
		"a loop":              {src: `<% var n = 0; while (!await s.wait(1)) if (++n == 3) leave(); w(n) %>`, want: "3 "},
		"member names":        {src: `<% leave(); w(Request.SIGNAL.Aborted) %>`, want: "true "},
		"executed twice":      {src: `<% s.onabort = function () { w("once"); }; leave(); await s.wait(); await s.wait(1) %>`, want: "once "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := runLeaving(t, setUp+c.src, c.before); err != nil || got != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
	for src, want := range map[string]string{
		`<% Request.Signal.addEventListener("abort", 1) %>`:                                           "default.asp:1:",
		`<% Request.Signal.listen() %>`:                                                               "default.asp:1:",
		"\n<% Request.Signal.onabort = function () { nope() }; Server.MapPath('stop') %>":             "default.asp:2:",
		`<% for (var i = 0; i < 20000; i++) Request.Signal.addEventListener("abort", function(){})%>`: "default.asp:1:",
		`<% for (var i = 0; i < 20000; i++) Request.Signal.wait() %>`:                                 "default.asp:1:",
	} {
		if _, err := runLeaving(t, src, false); err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%s: %v, want an error at %s", src, err, want)
		}
	}
}
