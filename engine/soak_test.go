package engine

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	goruntime "runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// soakSite is pages that each give back the number they were asked with.
func soakSite() map[string]string {
	files := map[string]string{
		"plain.asp":   `<%@ EnableSessionState=False %>[n=<%= Request.QueryString("n") %>]`,
		"session.asp": `<% Session("n") = String(Request.QueryString("n")); %>[n=<%= Session("n") %>]`,
		"app.asp":     `<%@ EnableSessionState=False %><% Application.Lock(); Application("last") = String(Request.QueryString("n")); Application.Unlock() %>[n=<%= Request.QueryString("n") %>]`,
		"flush.asp":   `<%@ EnableSessionState=False %>[n=<% Response.Flush() %><%= Request.QueryString("n") %>]`,
		"async.asp":   `<%@ EnableSessionState=False %><% var n = String(Request.QueryString("n")); setTimeout(function() { Response.Write("[n=" + n + "]") }, 1) %>`,
		"thrown.asp":  `<%@ EnableSessionState=False %><% throw new Error("[n=" + Request.QueryString("n") + "]") %>`,
		"file.txt":    "a file",
	}
	for name, f := range failures() {
		files["fails-"+name+".asp"] = "<%@ EnableSessionState=False %><% Response.Write('[n=' + Request.QueryString('n') + ']'); " + f.script + " %>"
	}
	return files
}

// TestSoak: thousands of mixed requests, some past a bound, leave nothing
// behind, and no answer is another request's.
func TestSoak(t *testing.T) {
	total := asptest.Scaled(2000, 200_000) // and many times 2000 in make soak
	files := soakSite()
	s := serveSite(t, files, func(c *Config) { c.Dev, c.CheckInterval, c.ProcessorThreadMax = false, time.Hour, 16 })
	var ordinary, failing []string
	for name := range files {
		if strings.HasPrefix(name, "fails-") {
			failing = append(failing, name)
		} else {
			ordinary = append(ordinary, name)
		}
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	run := func(requests int) {
		var next atomic.Int64
		var workers sync.WaitGroup
		for range 16 {
			workers.Go(func() {
				for n := int(next.Add(1)); n <= requests; n = int(next.Add(1)) {
					name := ordinary[n%len(ordinary)]
					if n%100 == 0 {
						name = failing[n/100%len(failing)]
					}
					s.soakOne(t, client, name, n)
				}
			})
		}
		workers.Wait()
		transport.CloseIdleConnections()
	}
	run(500) // what is made once is there
	goroutines, memory, open := base()
	began := time.Now()
	run(total)
	took := time.Since(began)
	eventually(t, "goroutines and descriptors are back", func() bool {
		g, _, o := base()
		return g <= goroutines+8 && o <= open+4
	})
	g, m, o := base()
	t.Logf("%d requests in %v: goroutines %d → %d, descriptors %d → %d, memory %d → %d kB", total, took.Round(time.Millisecond),
		goroutines, g, open, o, memory>>10, m>>10)
	if grown := m - memory; grown > 16<<20+int64(total)*1200/7 { // a seventh of the requests leave a session
		t.Errorf("memory grew by %d bytes", grown)
	}
	if st := s.Status(); st.Orphans != 0 || st.Busy != 0 || len(st.Turns) != 0 {
		t.Errorf("%+v", st)
	}
}

// base is how much the process holds now.
func base() (goroutines int, memory int64, open int) {
	goruntime.GC()
	entries, _ := os.ReadDir("/proc/self/fd")
	return goruntime.NumGoroutine(), memoryInUse(), len(entries)
}

var nonce = regexp.MustCompile(`\[n=(\d*)\]`)

func (s *served) soakOne(t *testing.T, client *http.Client, name string, n int) {
	r, err := client.Get(fmt.Sprintf("http://%s/%s?n=%d", s.addr, name, n))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	wanted := 200
	if strings.HasPrefix(name, "fails-") || name == "thrown.asp" {
		wanted = 500
	}
	found := nonce.FindAllStringSubmatch(string(body), -1)
	own := wanted == 500 || name == "file.txt" || len(found) == 1
	for _, f := range found {
		own = own && f[1] == fmt.Sprint(n)
	}
	if err != nil || r.StatusCode != wanted || !own {
		t.Errorf("%s?n=%d: %d, %v: %.200q", name, n, r.StatusCode, err, body)
	}
}
