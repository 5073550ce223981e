package engine

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/engine/internal/wire"
)

// TestTheAccessLog has one line for each request, whatever became of it.
func TestTheAccessLog(t *testing.T) {
	files := framingSite()
	files["note.asp"] = `<% Response.AppendToLog("first"); Response.AppendToLog("second") %>noted`
	files["wait.asp"] = `<% Server.CreateObject("Test.Gate").Pass("wait") %>`
	gate, gated := withGate(t)
	s := serveSite(t, files, gated, workers(1, 1))
	requests := 0
	line := func(parts ...string) {
		t.Helper()
		s.log.has(t, append([]string{"INFO request"}, parts...)...)
	}
	for target, parts := range map[string][]string{
		"/small.asp":    {"method=GET", "path=/small.asp", "status=200", "bytes=5", "sent=buffered", "duration=", "queued=0s"},
		"/flushed.asp":  {"path=/flushed.asp", "status=200", "bytes=102400", "sent=flushed"},
		"/file.txt":     {"path=/file.txt", "status=200", "bytes=13", "sent=static"},
		"/none.asp":     {"path=/none.asp", "status=404", "sent=refused"},
		"/error.asp":    {"path=/error.asp", "status=500", "sent=buffered"},
		"/broken.asp":   {"path=/broken.asp", "status=500", "sent=refused"},
		"/204.asp":      {"path=/204.asp", "status=204", "bytes=0"},
		"/redirect.asp": {"path=/redirect.asp", "status=302"},
		"/sub":          {"path=/sub", "status=301"},
		"/note.asp":     {"path=/note.asp", "note=first,second"},
		"/late.asp":     {"path=/late.asp", "status=200", "bytes=4", "sent=flushed"},
	} {
		s.get(target + "?secret=1")
		requests++
		line(parts...)
	}
	s.dial().Get("HTTP/1.1", "PUT", "/small.asp")
	line("method=PUT", "status=405")
	s.dial().Get("HTTP/1.1", "HEAD", "/big.asp")
	line("method=HEAD", "path=/big.asp", "status=200", "bytes=0")

	// Waiting is in the log as well.
	first, second := s.dial(), s.dial()
	ask(first, "/wait.asp")
	gate.arrived(t, 1)
	ask(second, "/big.asp")
	eventually(t, "it waits", func() bool { return s.waiting() == 1 })
	s.get("/unbuffered.asp")
	line("path=/unbuffered.asp", "status=503", "sent=refused")
	held := time.Now()
	eventually(t, "a moment passed", func() bool { return time.Since(held) > 20*time.Millisecond })
	gate.open("wait")
	second.ReadResponse("GET")
	eventually(t, "the wait is in the log", func() bool {
		l := s.log.find("INFO request", "path=/big.asp", "method=GET", "bytes=102400")
		return l != "" && !strings.Contains(l, "queued=0s")
	})
	if strings.Contains(s.log.all(), "secret") {
		t.Error("the log has the query")
	}
	st := s.Status()
	if n := strings.Count(s.log.all(), "INFO request"); int64(n) != st.Requests || n != requests+5 {
		t.Errorf("%d lines, %d requests counted, %d made", n, st.Requests, requests+5)
	}
}

// TestOverTLS: what a page learns of an encrypted connection and of the
// client's certificate.
func TestOverTLS(t *testing.T) {
	s := serveSite(t, map[string]string{
		"page.asp": `<%= Request.ServerVariables("HTTPS") %>,<%= Request.ServerVariables("SERVER_PORT_SECURE") %>,<%= Request.ServerVariables("HTTPS_KEYSIZE") > 0 %>,<% var c = Request.ClientCertificate %><%= c.Count > 0 %>,<%= String(c("Subject")) %>,<%= String(c("Flags")) %><% Session("n") = 1 %>`,
	})
	server := httptest.NewUnstartedServer(s.Engine)
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	defer server.Close()
	get := func(certificates ...tls.Certificate) (body, cookie string) {
		t.Helper()
		trusted := x509.NewCertPool()
		trusted.AddCert(server.Certificate())
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true,
			TLSClientConfig: &tls.Config{RootCAs: trusted, Certificates: certificates}}}
		r, err := client.Get(server.URL + "/page.asp")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(b), r.Header.Get("Set-Cookie")
	}
	body, cookie := get()
	if body != "on,1,True,False,undefined,undefined" || !strings.Contains(strings.ToLower(cookie), "; secure") {
		t.Errorf("got %q, %q", body, cookie)
	}
	body, _ = get(server.TLS.Certificates[0])
	if !strings.HasPrefix(body, "on,1,True,True,O=") {
		t.Errorf("with a certificate: %q", body)
	}
}

func TestTheAccessLogHasOneLineForARequest(t *testing.T) {
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	r := httptest.NewRequest("POST", "/a%0a.asp?secret=1", nil)
	a := access{status: 200, bytes: 5, took: time.Second, queued: time.Millisecond, sent: sentBuffered}
	a.log(logger, r)
	a.note, a.err = "from the page", wire.ErrClientGone
	a.log(logger, r)
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("got %q", lines)
	}
	want := `level=INFO msg=request method=POST path="/a\n.asp" status=200 bytes=5 duration=1s queued=1ms sent=buffered`
	if !strings.HasSuffix(lines[0], want) {
		t.Errorf("got %s", lines[0])
	}
	if !strings.HasSuffix(lines[1], want+` note="from the page" error="the client is gone"`) {
		t.Errorf("got %s", lines[1])
	}
	a.log(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})), r)
	if strings.Count(log.String(), "\n") != 2 {
		t.Error("logged below its level")
	}
}
