package asphttp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// hello is what a hello page costs here, all told.
func hello(hr *http.Request, h http.Header, pool *BufferPool, text []byte) int {
	req := NewRequest(hr, nil, RequestConfig{ScriptName: "/hello.asp"})
	defer req.Close()
	res := NewResponse(ResponseConfig{Buffering: true, Pool: pool, Header: h, Request: req})
	res.WriteText(text)
	res.WriteString("world")
	res.Prepare()
	body := res.Finish()
	defer body.Release()
	n, _ := body.WriteTo(io.Discard)
	return int(n)
}

func TestAllocationBudgets(t *testing.T) {
	hr := httptest.NewRequest("GET", "/hello.asp?a=1&b=2", nil)
	hr.Header.Set("Cookie", "a=1; b=2")
	pool := &BufferPool{}
	h := make(http.Header)
	text := []byte("<p>Hello, ")
	page := make([]byte, 50<<10)
	tests := []struct {
		name   string
		budget float64
		f      func()
	}{
		{"NewRequest", 1, func() { NewRequest(hr, nil, RequestConfig{}).Close() }},
		{"hello page", 2, func() { hello(hr, h, pool, text) }},
		{"50 KB of text", 2, func() { hello(hr, h, pool, page) }},
		{"QueryString", 5, func() { NewRequest(hr, nil, RequestConfig{}).QueryString().Get("a") }},
		{"Cookies", 6, func() { NewRequest(hr, nil, RequestConfig{}).Cookies().Get("a") }},
	}
	for _, tt := range tests {
		tt.f()
		if n := testing.AllocsPerRun(200, tt.f); n > tt.budget && !raceEnabled {
			t.Errorf("%s: %v allocations, the budget is %v", tt.name, n, tt.budget)
		}
	}
}

func BenchmarkHello(b *testing.B) {
	hr := httptest.NewRequest("GET", "/hello.asp", nil)
	pool := &BufferPool{}
	h := make(http.Header)
	text := []byte("<p>Hello, ")
	b.ReportAllocs()
	for b.Loop() {
		hello(hr, h, pool, text)
	}
}

func BenchmarkWriteString(b *testing.B) {
	res := NewResponse(ResponseConfig{Buffering: true, Limit: -1, Pool: &BufferPool{}})
	b.SetBytes(20)
	n := 0
	for b.Loop() {
		res.WriteString("a row of twenty byte")
		if n++; n%50000 == 0 {
			res.Clear()
		}
	}
}

func BenchmarkParseQuery(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ParseQuery("id=12&name=J%C3%BCrgen+M&q=a%20b&page=3&sort=asc", nil, FormLimits{})
	}
}
