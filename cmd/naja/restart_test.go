//go:build unix

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// A relay is a server that other processes take the place of, one after the other.
type relay struct {
	*testing.T
	dir, program string
	url, admin   string
	pid          int // of the process that serves
	said         *buffer
	over         chan struct{} // closed when no process is left
}

// runRelay serves a folder with a page that counts, by session and for all.
func runRelay(t *testing.T, toml string) *relay {
	t.Helper()
	dir := t.TempDir()
	r := &relay{T: t, dir: dir, said: new(buffer), over: make(chan struct{})}
	r.write("site/default.asp", `<%
		Session("n") = (Session("n") || 0) + 1;
		Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock();
		%><%= Session("n") %> <%= Application("started") %>`)
	r.write("site/all.asp", `<%@ EnableSessionState=False %><% Application.Lock() %><%= Application("n") %> <%= Application("ended") || 0 %>`)
	r.write("site/global.asa", `<script runat=server>
		function Application_OnStart() { Application("started") = (Application("started") || 0) + 1 }
		function Session_OnEnd() { Application("ended") = (Application("ended") || 0) + 1; console.warn("a session has ended") }
		function Application_OnEnd() { console.warn("the application has ended") }
		</script>`)
	r.write("naja.toml", "addr = '127.0.0.1:0'\nadmin_addr = '127.0.0.1:0'\nshutdown_timeout = '20s'\n"+toml+"\n[[application]]\npath = '/'\nroot = 'site'\n")
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("naja")
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err == nil {
		r.program = filepath.Join(dir, "naja")
		err = os.Symlink(program, r.program)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(r.program, "serve", "--config", filepath.Join(dir, "naja.toml"))
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH")) // testscript takes the folder from os.Args[0]
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	r.pid = cmd.Process.Pid
	go func() {
		defer close(r.over)
		_, _ = io.Copy(r.said, out)
		out.Close()
	}()
	t.Cleanup(func() {
		r.end()
		_ = cmd.Wait()
		if t.Failed() {
			said := r.said.String()
			t.Log(said[max(0, len(said)-10000):])
		}
	})
	found := r.await(`(?s)listening on (\S+).*admin on (\S+)`)
	r.url, r.admin = found[1], found[2]
	return r
}

// end ends it, and waits until no process is left.
func (r *relay) end() {
	_ = syscall.Kill(r.pid, syscall.SIGTERM)
	<-r.over
}

func (r *relay) write(name, text string) {
	r.Helper()
	name = filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

// await waits until the processes have said something.
func (r *relay) await(pattern string) []string {
	r.Helper()
	for is := regexp.MustCompile(pattern); ; {
		now, more := r.said.now()
		if found := is.FindStringSubmatch(now); found != nil {
			return found
		}
		select {
		case <-more:
		case <-r.over:
			r.Fatalf("it ended without %s", pattern)
		}
	}
}

// restart asks for a restart and gives what the command says.
func (r *relay) restart() (code int, said string) {
	var stdout, stderr strings.Builder
	code = run(r.Context(), []string{"admin", "--url", r.admin, "restart"}, &stdout, &stderr)
	said = stdout.String() + stderr.String()
	if found := regexp.MustCompile(`process (\d+) serves now`).FindStringSubmatch(said); found != nil {
		r.pid, _ = strconv.Atoi(found[1])
	}
	return code, said
}

// saidTimes fails unless the processes have said something so often.
func (r *relay) saidTimes(n int, text string) {
	r.Helper()
	if got := strings.Count(r.said.String(), text); got != n {
		r.Errorf("%q was said %d times, want %d", text, got, n)
	}
}

// get is the text of a page.
func (r *relay) get(path string) string {
	r.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	resp, err := client.Get(r.url + path)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return string(body)
}

// A regular comes again and again, over the connection that it has, by requests that
// nobody may send a second time, and finds its session counted by one each time.
func (r *relay) regular(ctx context.Context, served, failed *atomic.Int64) {
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Jar: jar, Transport: transport}
	for n := 1; ctx.Err() == nil; n++ {
		resp, err := client.Post(r.url, "application/x-www-form-urlencoded", strings.NewReader("a=1"))
		if err != nil {
			failed.Add(1)
			r.Errorf("request %d: %v", n, err)
			return
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if want := fmt.Sprintf("%d 1", n); err != nil || resp.StatusCode != 200 || string(body) != want {
			failed.Add(1)
			r.Errorf("request %d: %d %q, %v; want %q", n, resp.StatusCode, body, err, want)
			return
		}
		served.Add(1)
	}
}

// TestRestartHammer: while one process takes the place of another, ten times, no
// request fails, every session goes on, and the application is the same one.
func TestRestartHammer(t *testing.T) {
	cert, key, _ := selfSigned(t)
	for name, toml := range map[string]string{
		"HTTP/2":          "tls_cert = '" + cert + "'\ntls_key = '" + key + "'",
		"memory":          "",
		"sqlite":          "state = 'sqlite:state.db'",
		"isolated":        "isolation = 'process'",
		"isolated-sqlite": "isolation = 'process'\nstate = 'sqlite:state.db'",
		"scs":             "session.provider = 'scs'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := runRelay(t, toml)
			least, restarts := asptest.Scaled(300, 5000), asptest.Scaled(4, 10)
			var served, failed atomic.Int64
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var regulars sync.WaitGroup
			for range 4 {
				regulars.Go(func() { r.regular(ctx, &served, &failed) })
			}
			for i := range restarts {
				for until := served.Load() + int64(least/restarts); served.Load() < until && failed.Load() == 0; {
					<-time.After(time.Millisecond)
				}
				was := r.pid
				if code, said := r.restart(); code != 0 || r.pid == was {
					t.Fatalf("restart %d: %d %s", i, code, said)
				}
			}
			cancel()
			regulars.Wait()
			if got, want := r.get("/all.asp"), fmt.Sprintf("%d 0", served.Load()); got != want {
				t.Errorf("all.asp says %q, want %q", got, want)
			}
			t.Logf("%d requests, %d failed", served.Load(), failed.Load())
			r.end()
			r.saidTimes(1, "the application has ended") // once, in the last process
			switch {
			case strings.Contains(toml, "sqlite"):
				r.saidTimes(0, "a session has ended") // they go on
			case !strings.Contains(toml, "scs"): // whose sessions the last process may not have looked for yet
				r.saidTimes(4, "a session has ended")
			}
		})
	}
}

// TestRestartFails: a process that doesn't come to serve changes nothing, and the
// answer says why.
func TestRestartFails(t *testing.T) {
	t.Parallel()
	r := runRelay(t, "restart_timeout = '3s'")
	settings, err := os.ReadFile(filepath.Join(r.dir, "naja.toml"))
	if err != nil {
		t.Fatal(err)
	}
	link, err := os.Readlink(r.program)
	if err != nil {
		t.Fatal(err)
	}
	program := func(text string) {
		if err := os.Remove(r.program); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			err = os.Symlink(link, r.program)
		} else {
			err = os.WriteFile(r.program, []byte(text), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
	visits := 0
	visit := func() {
		t.Helper()
		resp, err := client.Get(r.url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if visits++; err != nil || string(body) != fmt.Sprintf("%d 1", visits) {
			t.Errorf("%q, %v", body, err)
		}
	}
	visit()
	for _, tt := range []struct {
		name     string
		do, undo func()
		said     string
	}{
		{"a setting", func() { r.write("naja.toml", "adr = 1\n"+string(settings)) }, nil, `the new process doesn't start: .*naja.toml:1`},
		{"an address", func() {
			r.write("naja.toml", strings.Replace(string(settings), "127.0.0.1:0", taken.Addr().String(), 1))
		}, nil, `the new process doesn't start: listen on 127.0.0.1:\d+: the address is in use`},
		{"a program that ends", func() { program("#!/bin/sh\nexit 7\n") }, func() { program("") }, `the new process has ended before it was ready: exit status 7`},
		{"a program that waits", func() { program("#!/bin/sh\nexec sleep 1000 >/dev/null 2>&1\n") }, func() { program("") }, `the new process isn't ready within restart_timeout, 3s`},
		{"no program", func() { program("no program") }, func() { program("") }, `starting .*: `},
		{"a hold", func() { run(t.Context(), []string{"admin", "--url", r.admin, "hold", "park"}, io.Discard, io.Discard) },
			func() { run(t.Context(), []string{"admin", "--url", r.admin, "release"}, io.Discard, io.Discard) }, `/ is held, which the new process wouldn't know: release it first`},
	} {
		tt.do()
		code, said := r.restart()
		if code == 0 || !regexp.MustCompile(`this process serves on: `+tt.said).MatchString(said) {
			t.Errorf("%s: %d %s", tt.name, code, said)
		}
		r.write("naja.toml", string(settings))
		if tt.undo != nil {
			tt.undo()
		}
		visit()
	}
	r.saidTimes(0, "a session has ended")
	r.saidTimes(0, "the application has ended")
	if code, said := r.restart(); code != 0 { // nothing of all that is left
		t.Errorf("%d %s", code, said)
	}
	visit()
	r.write("site/global.asa", "<script runat=server>function (</script>")
	code, said := r.restart()
	if want := `this process serves on: the new process doesn't start: /: starting the application: global.asa:1:31`; code == 0 || !strings.Contains(said, want) {
		t.Errorf("%d %s", code, said)
	}
	visit()
}

// TestRestartBySignal: SIGUSR2 does the same, with the settings as they are then; the
// old process ends long pages, and ends itself.
func TestRestartBySignal(t *testing.T) {
	t.Parallel()
	r := runRelay(t, "log_level = 'info'")
	r.write("site/events.asp", `<% Response.ContentType = "text/event-stream"; Response.Write("data: 1\n\n"); Response.Flush();
		await new Promise(done => Request.Signal.addEventListener("abort", done)); Response.Write("data: bye\n\n") %>`)
	r.write("site/busy.asp", `<% console.warn("a busy page"); for (var until = Date.now() + 2000; Date.now() < until;); %>done`)
	events, busy := get(r.url+"/events.asp"), get(r.url+"/busy.asp")
	r.await("a busy page")
	text, err := os.ReadFile(filepath.Join(r.dir, "naja.toml"))
	if err != nil {
		t.Fatal(err)
	}
	r.write("naja.toml", strings.Replace(string(text), "log_level = 'info'", "log_format = 'json'", 1))
	old := r.pid
	if err := syscall.Kill(old, syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	r.await(`"msg":"configured"`)
	r.pid, _ = strconv.Atoi(r.await(`another process serves from now on" pid=(\d+)`)[1])
	if got := <-events; got != "data: 1\n\ndata: bye\n\n" {
		t.Errorf("the stream ends with %q", got)
	}
	if got := <-busy; got != "done" {
		t.Errorf("the page that ran says %q", got)
	}
	if got := r.get("/"); got != "1 1" {
		t.Errorf("the new process says %q", got)
	}
}

// TestRestartOldDies: an old process that is killed before its memory has moved takes
// that with it. The new one begins anew, and says so.
func TestRestartOldDies(t *testing.T) {
	t.Parallel()
	r := runRelay(t, "")
	r.write("site/busy.asp", `<% console.warn("a busy page"); for (var until = Date.now() + 15000; Date.now() < until;); %>done`)
	busy := get(r.url + "/busy.asp")
	r.await("a busy page")
	old := r.pid
	if code, said := r.restart(); code != 0 {
		t.Fatalf("%d %s", code, said)
	}
	if got := r.get("/"); got != "1 1" {
		t.Errorf("while the old process ends: %q", got)
	}
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-busy
	r.await("sessions and Application are lost, the application begins anew")
	if got := r.get("/"); got != "1 1" {
		t.Errorf("afterwards: %q", got)
	}
}
