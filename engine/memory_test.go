package engine

import (
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"testing"
	"testing/fstest"
)

// TestMemoryLimit: past the limit pages are refused and files are not; below
// it again, pages run again.
func TestMemoryLimit(t *testing.T) {
	goruntime.GC()
	s := newServed(t, Config{FS: fstest.MapFS{"a.asp": {Data: []byte("page")}, "a.txt": {Data: []byte("file")}}}, func(c *Config) {
		c.MemoryLimit = memoryInUse() + 64<<20
	})
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	if rec := get("/a.asp"); rec.Code != http.StatusOK {
		t.Fatalf("below the limit: %d", rec.Code)
	}
	full := make([]byte, 256<<20)
	eventually(t, "pages are refused", func() bool { return get("/a.asp").Code == http.StatusServiceUnavailable })
	if rec := get("/a.asp"); rec.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if rec := get("/a.txt"); rec.Code != http.StatusOK || rec.Body.String() != "file" {
		t.Errorf("a file: %d", rec.Code)
	}
	goruntime.KeepAlive(full)
	full = nil
	eventually(t, "pages run again", func() bool { return get("/a.asp").Code == http.StatusOK })
	s.log.has(t, "memory limit passed: new pages are refused")
	s.log.has(t, "memory is below its limit again")
}

// TestUnhealthy: more orphans than half the processors.
func TestUnhealthy(t *testing.T) {
	t.Parallel()
	gate, gated := withGate(t)
	s := serveSite(t, map[string]string{
		"hold.asp": `<%@ EnableSessionState=False %><% Server.CreateObject("Test.Gate").Pass("hold") %>`,
	}, gated)
	for i := range goruntime.GOMAXPROCS(0)/2 + 1 {
		if st := s.Status(); st.Unhealthy {
			t.Errorf("unhealthy with %d orphans", st.Orphans)
		}
		c := s.dial()
		ask(c, "/hold.asp")
		gate.arrived(t, 1)
		s.time.Out("/hold.asp")
		if r := c.ReadResponse("GET"); r.Status != 500 {
			t.Errorf("hold %d: %d", i, r.Status)
		}
	}
	if st := s.Status(); !st.Unhealthy {
		t.Errorf("healthy with %d orphans", st.Orphans)
	}
	s.log.has(t, "unhealthy")
	gate.openAll()
	eventually(t, "it is healthy again", func() bool { return !s.Status().Unhealthy })
}
