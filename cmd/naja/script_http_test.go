package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func scriptGet(ts *testscript.TestScript, neg bool, args []string) {
	scriptBegin(ts, neg, args)
	scriptFinish(ts, neg, nil)
}

func scriptBegin(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	if neg || len(args) != 1 || s.begun != nil {
		ts.Fatalf("usage: get|begin PATH, one at a time")
	}
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Get(ts.Getenv("URL") + args[0])
	ts.Check(err)
	ts.Defer(func() { resp.Body.Close() })
	s.begun = resp
}

func scriptFinish(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	if neg || len(args) != 0 || s.begun == nil {
		ts.Fatalf("usage: finish, after begin")
	}
	body, err := io.ReadAll(s.begun.Body)
	ts.Check(err)
	io.WriteString(ts.Stdout(), s.begun.Status+"\n"+string(body))
	s.begun = nil
}

// scriptRaw sends the lines of a file as they stand, and shows all that comes
// back until the server closes the connection.
func scriptRaw(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: raw FILE")
	}
	conn, err := net.Dial("tcp", ts.Getenv("ADDR"))
	ts.Check(err)
	defer conn.Close()
	ts.Check(conn.SetDeadline(time.Now().Add(30 * time.Second)))
	_, err = io.WriteString(conn, strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n"))
	ts.Check(err)
	answer, err := io.ReadAll(conn)
	ts.Check(err)
	io.WriteString(ts.Stdout(), strings.ReplaceAll(string(answer), "\r\n", "\n"))
}

// scriptComes is for what happens by itself: it gets a page until its body is
// a text.
func scriptComes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: comes PATH TEXT")
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(20 * time.Second); ; {
		got := ""
		if resp, err := client.Get(ts.Getenv("URL") + args[0]); err == nil {
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			got = strings.TrimSpace(string(body))
		}
		if got == args[1] {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			ts.Fatalf("%s is %q, never %q", args[0], got, args[1])
		}
	}
}

func scriptSignal(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: signal TERM|INT|HUP")
	}
	ts.Check(ts.Value(servedKey{}).(*served).cmd.Process.Signal(signalNamed(ts, args)))
}

func signalNamed(ts *testscript.TestScript, args []string) os.Signal {
	signals := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt, "HUP": syscall.SIGHUP}
	if len(args) != 1 || signals[args[0]] == nil {
		ts.Fatalf("want TERM, INT or HUP")
	}
	return signals[args[0]]
}

// scriptInsist is for the second signal: nobody outside can see when the
// server has put the handler of the first one away.
func scriptInsist(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	sig := signalNamed(ts, args)
	for {
		s.cmd.Process.Signal(sig) // fails once it has ended
		select {
		case err := <-s.ended:
			s.ended <- err
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func scriptLogged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: logged TEXT")
	}
	s := ts.Value(servedKey{}).(*served)
	for {
		text, next := s.stderr.now()
		if strings.Contains(text, args[0]) {
			return
		}
		select {
		case <-next:
		case err := <-s.ended:
			ts.Fatalf("the server ended (%v) without %q:\n%s", err, args[0], text)
		}
	}
}
