package runtime

import (
	"context"
	"net/http/httptest"
	"path"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/cborvalue"
)

// testValues is a case-insensitive map in the order of its keys, under a
// session and an application of one request.
type testValues struct {
	keys []string
	raw  map[string][]byte
}

func newTestValues() testValues { return testValues{raw: map[string][]byte{}} }

func (v *testValues) Get(key string) ([]byte, bool) {
	raw, ok := v.raw[cborvalue.Fold(key)]
	return raw, ok
}

func (v *testValues) Keys() []string { return v.keys }

func (v *testValues) set(key string, raw []byte) {
	if _, ok := v.Get(key); !ok {
		v.keys = append(v.keys, key)
	}
	v.raw[cborvalue.Fold(key)] = raw
}

func (v *testValues) remove(key string) {
	for i, k := range v.keys {
		if strings.EqualFold(k, key) {
			v.keys = append(v.keys[:i:i], v.keys[i+1:]...)
		}
	}
	delete(v.raw, cborvalue.Fold(key))
}

// testSession is a session that nobody else uses.
type testSession struct {
	testValues
	timeout        time.Duration
	lcid, codePage int
	objects        map[string]*Object
	abandoned      bool
}

func newTestSession() *testSession {
	return &testSession{testValues: newTestValues(), timeout: 20 * time.Minute, lcid: 1033, codePage: 65001, objects: map[string]*Object{}}
}

func (s *testSession) ID() string                          { return "7" }
func (s *testSession) Set(key string, raw []byte) error    { s.set(key, raw); return nil }
func (s *testSession) Remove(key string) error             { s.remove(key); return nil }
func (s *testSession) RemoveAll() error                    { s.testValues = newTestValues(); return nil }
func (s *testSession) Timeout() time.Duration              { return s.timeout }
func (s *testSession) SetTimeout(d time.Duration) error    { s.timeout = d; return nil }
func (s *testSession) LCID() int                           { return s.lcid }
func (s *testSession) SetLCID(n int) error                 { s.lcid = n; return nil }
func (s *testSession) CodePage() int                       { return s.codePage }
func (s *testSession) SetCodePage(n int) error             { s.codePage = n; return nil }
func (s *testSession) Abandon() error                      { s.abandoned = true; return nil }
func (s *testSession) Renew() error                        { return nil }
func (s *testSession) Close() error                        { return nil }
func (s *testSession) Object(key string) (*Object, bool)   { o, ok := s.objects[key]; return o, ok }
func (s *testSession) SetObject(k string, o *Object) error { s.objects[k] = o; return nil }

// testApplication is an application that nobody else uses.
type testApplication struct {
	testValues
	locks int
}

func newTestApplication() *testApplication { return &testApplication{testValues: newTestValues()} }

func (a *testApplication) Set(_ context.Context, key string, raw []byte) error {
	a.set(key, raw)
	return nil
}
func (a *testApplication) Remove(_ context.Context, key string) error { a.remove(key); return nil }
func (a *testApplication) RemoveAll(context.Context) error {
	a.testValues = newTestValues()
	return nil
}
func (a *testApplication) Lock(context.Context) error    { a.locks++; return nil }
func (a *testApplication) Unlock(context.Context) error  { a.locks = max(a.locks-1, 0); return nil }
func (a *testApplication) Locked() bool                  { return a.locks > 0 }
func (a *testApplication) Object(string) (*Object, bool) { return nil, false }
func (a *testApplication) SetObject(context.Context, string, *Object) error {
	return asp.New(197, "")
}

func (a *testApplication) Increment(_ context.Context, key string, n float64) (float64, error) {
	raw, _ := a.Get(key)
	old, _ := cborvalue.ToGo(raw)
	switch x := old.(type) {
	case int:
		n += float64(x)
	case float64:
		n += x
	}
	raw, err := cborvalue.FromGo(n)
	a.set(key, raw)
	return n, err
}

func (a *testApplication) CompareAndSet(_ context.Context, key string, old, new []byte) (bool, error) {
	raw, ok := a.Get(key)
	if ok != (old != nil) || string(raw) != string(old) {
		return false, nil
	}
	a.set(key, new)
	return true, nil
}

// testHost is Server for a case's pages.
type testHost struct {
	files   sources
	timeout time.Duration
}

func (h *testHost) resolve(from, name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if !strings.HasPrefix(name, "/") {
		name = path.Dir(from) + "/" + name
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// MapPath has the site at the root.
func (h *testHost) MapPath(from, name string) (string, error) {
	return "/" + h.resolve(from, name), nil
}

// Program compiles another page of the case.
func (h *testHost) Program(_ context.Context, from, name string) (*Program, error) {
	real := h.resolve(from, name)
	if _, ok := h.files[real]; !ok {
		return nil, asp.New(176, name)
	}
	return NewCompiler(CompilerConfig{}).Compile(real, h.files)
}

// CreateObject knows no component.
func (h *testHost) CreateObject(_ component.Env, progID string) (*Object, error) {
	return nil, asp.New(asp.CodeCreateObject, progID)
}

// StaticObject knows none either.
func (h *testHost) StaticObject(ctx component.Env, d ObjectDecl) (*Object, error) {
	return h.CreateObject(ctx, d.ProgID)
}

// Once knows no token yet.
func (h *testHost) Once(string, string) (bool, error) { return true, nil }

// ScriptTimeout is 90 seconds until it is set.
func (h *testHost) ScriptTimeout() time.Duration {
	if h.timeout == 0 {
		return 90 * time.Second
	}
	return h.timeout
}

// SetScriptTimeout takes everything.
func (h *testHost) SetScriptTimeout(d time.Duration) error { h.timeout = d; return nil }

// runHosted runs a program for a request without anything particular in it.
func runHosted(prog *Program, host Host) (*asphttp.Response, error) {
	req := asphttp.NewRequest(httptest.NewRequest("GET", "/"+prog.Name(), nil), nil, asphttp.RequestConfig{})
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true, Request: req})
	return res, New(context.Background(), &Env{
		Request: req, Response: res, Session: newTestSession(), Application: newTestApplication(), Host: host,
	}).Run(prog)
}
