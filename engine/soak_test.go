package engine

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"regexp"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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
	for i, b := range bombs {
		if raceDetector && (b.name == "yield*" || b.name == "recursion") {
			continue // deep stacks are slow under it
		}
		if b.fate == caught && b.always || b.name == "Go panic" || b.name == "recursion" {
			files[fmt.Sprintf("bomb%d.asp", i)] = "<%@ EnableSessionState=False %><% Response.Write('[n=' + Request.QueryString('n') + ']'); " + b.script + " %>"
		}
	}
	return files
}

// TestSoak: thousands of mixed requests, bombs among them, leave nothing
// behind, and no answer is another request's.
func TestSoak(t *testing.T) {
	total := 5000
	if os.Getenv("NAJA_SOAK") == "1" {
		total = 200_000
	}
	files := soakSite()
	s := serveSite(t, files, func(c *Config) { c.Dev, c.CheckInterval, c.ProcessorThreadMax = false, time.Hour, 16 })
	var ordinary, bombed []string
	for name := range files {
		if strings.HasPrefix(name, "bomb") {
			bombed = append(bombed, name)
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
						name = bombed[n/100%len(bombed)]
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
	if strings.HasPrefix(name, "bomb") || name == "thrown.asp" {
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

// TestOverload: what is too much is refused at once, on connections that stay
// open, and files are served meanwhile.
func TestOverload(t *testing.T) {
	const clients = 500
	s := serveSite(t, map[string]string{
		"slow.asp": `<%@ EnableSessionState=False %><% setTimeout(function() { Response.Write("slow") }, 100) %>`, "file.txt": "a file",
	}, func(c *Config) { c.ProcessorThreadMax, c.RequestQueueMax = 4, 16 })
	type outcome struct {
		status     int
		took       time.Duration
		retry      string
		reused     bool
		file       time.Duration
		fileStatus int
	}
	outcomes := make([]outcome, clients)
	start := make(chan struct{})
	var ready, done sync.WaitGroup
	for i := range clients {
		ready.Add(1)
		done.Go(func() {
			o := &outcomes[i]
			dialer := net.Dialer{}
			client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}, Timeout: 30 * time.Second}
			defer client.CloseIdleConnections()
			get := func(path string, reused *bool) (int, string, time.Duration) {
				ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { *reused = c.Reused }})
				req, _ := http.NewRequestWithContext(ctx, "GET", "http://"+s.addr+path, nil)
				began := time.Now()
				r, err := client.Do(req)
				if err != nil {
					return 0, err.Error(), 0
				}
				defer r.Body.Close()
				_, _ = io.Copy(io.Discard, r.Body)
				return r.StatusCode, r.Header.Get("Retry-After"), time.Since(began)
			}
			get("/file.txt", new(bool)) // the connection is there
			ready.Done()
			<-start
			o.status, o.retry, o.took = get("/slow.asp", new(bool))
			o.fileStatus, _, o.file = get("/file.txt", &o.reused)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	var refused, served, files []time.Duration
	for _, o := range outcomes {
		switch o.status {
		case 200:
			served = append(served, o.took)
		case 503:
			refused = append(refused, o.took)
			if o.retry == "" {
				t.Error("503 without Retry-After")
			}
		default:
			t.Errorf("status %d %s", o.status, o.retry)
		}
		if o.fileStatus != 200 || !o.reused {
			t.Errorf("after %d: file %d, connection kept %v", o.status, o.fileStatus, o.reused)
		}
		files = append(files, o.file)
	}
	at := func(list []time.Duration, part float64) time.Duration {
		slices.SortFunc(list, cmp.Compare[time.Duration])
		return list[int(float64(len(list)-1)*part)].Round(time.Millisecond)
	}
	if len(served) < 20 || len(refused) < 100 {
		t.Fatalf("%d served, %d refused", len(served), len(refused))
	}
	t.Logf("%d served, last after %v; %d refused, half within %v, 95%% within %v; files: half within %v, 95%% within %v",
		len(served), at(served, 1), len(refused), at(refused, .5), at(refused, .95), at(files, .5), at(files, .95))
	if at(refused, .95) > 2*time.Second || at(files, .95) > 2*time.Second {
		t.Error("being refused, or a file, takes too long")
	}
}
