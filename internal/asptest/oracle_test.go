package asptest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// complaints is a test that fails on paper.
type complaints struct {
	testing.TB
	text strings.Builder
}

func (c *complaints) Helper()        {}
func (c *complaints) Cleanup(func()) {}
func (c *complaints) Errorf(format string, args ...any) {
	c.text.WriteString(format)
}

// An oracle that is never wrong proves nothing: this one has to see each kind
// of trouble.
func TestOracle(t *testing.T) {
	for name, answer := range map[string]struct {
		page http.HandlerFunc
		says string
	}{
		"right": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "42") }, ""},
		"wrong": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "41") }, "wrong"},
		"busy":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, "wrong"},
		"dead":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "wrong"},
		"late": {func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(30 * time.Millisecond):
			}
			io.WriteString(w, "42")
		}, "waited"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			enough := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) == 3 {
					close(enough)
				}
				answer.page(w, r)
			}))
			defer server.Close()
			paper := &complaints{TB: t}
			o := Watch(paper, server.Listener.Addr().String(), "/", "42")
			if name == "late" {
				o.Patience(20 * time.Millisecond)
			}
			<-enough
			o.Stop()
			o.Stop()
			if got := paper.text.String(); (answer.says == "") != (got == "") || !strings.Contains(got, answer.says) {
				t.Errorf("said %q, want %q", got, answer.says)
			}
			if o.Asked() < 3 || o.Percentile(1) != o.Worst() || o.Percentile(0) > o.Worst() {
				t.Errorf("asked %d times, worst %v", o.Asked(), o.Worst())
			}
		})
	}
}
