package runtime

import (
	"context"
	"io/fs"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/internal/asphttp"
)

type mapLoader fstest.MapFS

func (m mapLoader) ReadFile(name string) ([]byte, error) { return fs.ReadFile(fstest.MapFS(m), name) }

func TestSmoke(t *testing.T) {
	src := `<%@ Language=JScript %><% function f(x){ %><b><%= x %></b><% } %>
<% var q = Request.QueryString("a"); f(q); f(q.Count); f(typeof q); f(typeof Request.QueryString("zz")); f(String(Request("zz")));
f(Request.QueryString("zz")+""); f(q=="1"); f(q+1); f(JSON.stringify({q:q})); f(Response.buffer);
switch(q){ case "1": f("switched"); }
for (var e=new Enumerator(Request.QueryString); !e.atEnd(); e.moveNext()) f(e.item());
for (var k of Request.QueryString) f(k);
try { Response.Wrte("x") } catch(e) { f(e.message); f(e.number) }
try { Response.Redirect("/x\r\n") } catch(e) { f(e.description) }
Response.Cookies("a")("b")="c"
eval("Response.Cookies('z')='y'");
setTimeout(function(){ Response.Write("later") }, 5);
try { try { Response.Write("<i>"); if (Request("end")=="1") Response.End() } finally { Response.Write("FIN") } } catch (e) { Response.Write("CATCH") }
%>tail <%: "<&>" %>`
	c := NewCompiler(CompilerConfig{})
	p, err := c.Compile("default.asp", mapLoader{"default.asp": {Data: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{"/?a=1&b=2", "/?a=1&end=1"} {
		r := httptest.NewRequest("GET", u, nil)
		req := asphttp.NewRequest(r, nil, asphttp.RequestConfig{})
		res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
		s := New(context.Background(), &Env{Request: req, Response: res})
		if err := s.Run(p); err != nil {
			t.Fatal(err)
		}
		_, _, h := res.Prepare()
		t.Logf("%v\n%s", h, res.Body())
	}
}

func BenchmarkHello(b *testing.B) {
	c := NewCompiler(CompilerConfig{})
	p, err := c.Compile("default.asp", mapLoader{"default.asp": {Data: []byte(`<html><body><h1>Hello, <%= "world" %></h1></body></html>`)}})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		req := asphttp.NewRequest(r, nil, asphttp.RequestConfig{})
		res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
		s := New(context.Background(), &Env{Request: req, Response: res})
		if err := s.Run(p); err != nil {
			b.Fatal(err)
		}
		res.Prepare()
	}
}

// runText runs a page and gives its body.
func runText(src string) (string, error) { return runAsked(src, "/") }

// runAsked is runText of a page that is asked for by a URL.
func runAsked(src, url string) (string, error) {
	p, err := NewCompiler(CompilerConfig{}).Compile("default.asp", mapLoader{"default.asp": {Data: []byte(src)}})
	if err != nil {
		return "", err
	}
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	s := New(context.Background(), &Env{Request: asphttp.NewRequest(httptest.NewRequest("GET", url, nil), nil, asphttp.RequestConfig{}), Response: res})
	err = s.Run(p)
	return string(res.Body()), err
}
