package runtime

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/asphttp"
)

// TestRequire runs a page with modules: relative, JSON, node_modules, in
// JScript, and one that fails.
func TestRequire(t *testing.T) {
	files := mapLoader{
		"shop/default.asp": {Data: []byte(`<% var a = require("./lib/a"); var p = require("pkg"); Response.Write(a.f(2) + p.name + require("../data.json").k);
a.n = 5; Response.Write(require("./lib/a.js").n);
try { require("../../outside") } catch (e) { Response.Write("|" + e.message) } %>`)},
		"shop/lib/a.js":             {Data: []byte("exports.f = function (x) { Application('k') = x; return x + 1 + require('./b').v }")},
		"shop/lib/b.js":             {Data: []byte("module.exports = { v: 'b' }")},
		"data.json":                 {Data: []byte(`{"k": "json"}`)},
		"node_modules/pkg/index.js": {Data: []byte("exports.name = 'pkg'")},
		"bad.asp":                   {Data: []byte("<% require('./bad.js').f() %>")},
		"bad.js":                    {Data: []byte("exports.f = function () {\n  throw new Error('in module')\n}")},
	}
	c := NewCompiler(CompilerConfig{})
	m := c.NewModules(files)
	run := func(name string) (string, error) {
		p, err := c.Compile(name, files)
		if err != nil {
			t.Fatal(err)
		}
		res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
		s := New(context.Background(), &Env{Request: asphttp.NewRequest(httptest.NewRequest("GET", "/", nil), nil, asphttp.RequestConfig{}), Response: res, Modules: m, Application: noApplication{}})
		err = s.Run(p)
		return string(res.Body()), err
	}
	for range 2 { // the second request doesn't see a.n = 5 of the first
		got, err := run("shop/default.asp")
		if err != nil || !strings.HasPrefix(got, "3bpkgjson5|") {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if _, err := run("bad.asp"); err == nil || !strings.HasPrefix(err.Error(), "bad.js:2:") {
		t.Errorf("error of a module: %v", err)
	}
}

// noApplication forgets everything.
type noApplication struct{ Application }

func (noApplication) Get(string) ([]byte, bool)                 { return nil, false }
func (noApplication) Set(context.Context, string, []byte) error { return nil }
