package engine

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// slowSite has pages that are larger than what the buffers of two sockets
// take in.
func slowSite() map[string]string {
	return map[string]string{
		"huge.asp":    `<% var s = new Array(1025).join("0123456789abcdef"); for (var i = 0; i < 1024; i++) Response.Write(s) %>`,
		"endless.asp": `<% var s = new Array(4097).join("0123456789abcdef"); for (;;) { Response.Write(s); Response.Flush(); Application("flushes")++ } %>`,
		"small.asp":   `small`,
		"set.asp":     `<% Application("flushes") = 0 %>`,
		"read.asp":    `<%= Application(String(Request.QueryString("key"))) %>`,
	}
}

const hugeSize = 16 << 20

func slowLimits(c *Config) { c.ProcessorThreadMax, c.BufferingLimit = 1, 2*hugeSize }

// dialSlow connects a client with little room for what it doesn't read.
func (s *served) dialSlow() *asptest.Conn {
	s.t.Helper()
	c := s.dial()
	if err := c.Conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// ask sends a request without reading its answer.
func ask(c *asptest.Conn, target string, headers ...string) {
	c.Send("%s", strings.Join(append([]string{"GET " + target + " HTTP/1.1", "Host: test"}, headers...), "\r\n")+"\r\n\r\n")
}

// TestASlowReaderHoldsNoApartment: a page that was buffered has done its work
// when its client reads it.
func TestASlowReaderHoldsNoApartment(t *testing.T) {
	t.Parallel()
	s := serveSite(t, slowSite(), slowLimits)
	slow := s.dial()
	ask(slow, "/huge.asp")
	eventually(t, "the page waits to be sent", func() bool { return s.sending.Used.Load() >= hugeSize && s.Status().Busy == 0 })
	want(t, s.get("/small.asp"), 200, "small")
	if n := s.sending.Used.Load(); n < hugeSize {
		t.Errorf("%d bytes wait to be sent", n)
	}
	if r := slow.ReadResponse("GET"); len(r.Body) != hugeSize || r.Err != nil || r.Framing != asptest.FramedByLength || !r.KeepAlive {
		t.Errorf("got %d bytes, %v", len(r.Body), r.Err)
	}
	eventually(t, "nothing waits any more", func() bool { return s.sending.Used.Load() == 0 })
	want(t, slow.Get("HTTP/1.1", "GET", "/small.asp"), 200, "small")
}

// TestPastSendingMaxTheApartmentIsKept: then the server is as slow as its
// clients, but its memory is safe.
func TestPastSendingMaxTheApartmentIsKept(t *testing.T) {
	s := serveSite(t, slowSite(), slowLimits, func(c *Config) { c.SendingMax = 1 << 20 })
	slow := s.dialSlow()
	ask(slow, "/huge.asp")
	slow.ReadHeader()
	other := s.dial()
	ask(other, "/small.asp")
	eventually(t, "another request waits", func() bool { return len(s.Status().Waiting) == 1 })
	if st := s.Status(); st.Busy != 1 || s.sending.Used.Load() != 0 {
		t.Errorf("%d apartments in use, %d bytes wait", st.Busy, s.sending.Used.Load())
	}
	slow.Close()
	want(t, other.ReadResponse("GET"), 200, "small")
}

// TestAStalledReaderIsGivenUp: one that takes nothing while its page flushes,
// or while its buffered page is sent, for write_stall_timeout.
func TestAStalledReaderIsGivenUp(t *testing.T) {
	t.Parallel()
	s := serveSite(t, slowSite(), slowLimits, func(c *Config) { c.WriteStallTimeout = 150 * time.Millisecond })
	want(t, s.get("/set.asp"), 200, "")
	for _, target := range []string{"/endless.asp", "/huge.asp"} {
		slow := s.dialSlow()
		ask(slow, target)
		s.log.has(t, "request", "path="+target, "the client is gone")
		eventually(t, "the apartment is free", func() bool { return s.Status().Busy == 0 })
		slow.Close()
	}
	want(t, s.get("/small.asp"), 200, "small")
	if st := s.Status(); st.Timeouts != 0 {
		t.Errorf("%d script timeouts", st.Timeouts)
	}
}

// TestAScriptTimeoutWhileNobodyReads: the timeout counts though the page waits
// for its client, and nothing is held for as long as that may last.
func TestAScriptTimeoutWhileNobodyReads(t *testing.T) {
	t.Parallel()
	s := serveSite(t, slowSite(), slowLimits, func(c *Config) { c.ScriptTimeout = 2 * time.Second })
	want(t, s.get("/set.asp"), 200, "")
	slow := s.dialSlow()
	began := time.Now()
	ask(slow, "/endless.asp")
	slow.ReadHeader()
	want(t, s.get("/small.asp"), 200, "small")
	inTime(t, "the timeout", began, 2*time.Second+stopGrace)
	s.log.has(t, "request", "path=/endless.asp")
	eventually(t, "all is quiet", func() bool { return s.Status().Busy == 0 && s.Status().Orphans == 0 })
}

// TestAReaderOfAFlushingPageWhoLeavesEndsIt at its next flush.
func TestAReaderOfAFlushingPageWhoLeavesEndsIt(t *testing.T) {
	s := serveSite(t, slowSite(), slowLimits)
	want(t, s.get("/set.asp"), 200, "")
	c := s.dial()
	ask(c, "/endless.asp")
	c.ReadHeader()
	for range 3 {
		if _, err := c.ReadChunk(); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	eventually(t, "the page ended", func() bool { return s.Status().Busy == 0 })
	if st := s.Status(); st.Timeouts != 0 || st.Orphans != 0 {
		t.Errorf("%+v", st)
	}
}

// TestIsClientConnected lets pages notice that nobody waits for them, whether
// the request had a body or not.
func TestIsClientConnected(t *testing.T) {
	gate, gated := withGate(t)
	s := serveSite(t, map[string]string{
		"look.asp": `<% var g = Server.CreateObject("Test.Gate"), before = Response.IsClientConnected; g.Pass("here");
while (Response.IsClientConnected) ; Application("gone") = "was " + before %>`,
		"read.asp": `<%= Application("gone") %><% Application.Contents.RemoveAll() %>`,
	}, gated)
	gate.open("here")
	for _, request := range []string{
		"GET /look.asp HTTP/1.1\r\nHost: test\r\n\r\n",
		postRequest("/look.asp", "a=1"),
	} {
		c := s.dial()
		c.Send("%s", request)
		gate.arrived(t, 1)
		c.Close()
		eventually(t, "the page noticed", func() bool { return s.Status().Busy == 0 })
		want(t, s.get("/read.asp"), 200, "was true")
	}
}

// TestAPageOfAClientThatLeftStopsAtAWrite, be it buffered; a client that only
// closed its sending side looks the same for a moment, so it takes one.
func TestAPageOfAClientThatLeftStopsAtAWrite(t *testing.T) {
	t.Parallel()
	gate, gated := withGate(t)
	s := serveSite(t, map[string]string{
		"write.asp": `<% var g = Server.CreateObject("Test.Gate"); g.Pass("here"); for (;;) { Response.Write("") } %>`,
		"text.asp":  `<% var g = Server.CreateObject("Test.Gate"); g.Pass("here"); for (;;) { Response.Clear() %>text<% } %>`,
	}, gated)
	gate.open("here")
	for _, target := range []string{"/write.asp", "/text.asp"} {
		c := s.dial()
		ask(c, target)
		gate.arrived(t, 1)
		c.Close()
		began := time.Now()
		s.log.has(t, "request", "path="+target)
		inTime(t, "stopping", began, time.Second)
	}
	if st := s.Status(); st.Timeouts != 0 || st.Busy != 0 || st.Failed != 0 {
		t.Errorf("%+v", st)
	}
}

// TestAClientThatClosedItsSendingSideGetsItsPage, as "printf … | nc" does.
func TestAClientThatClosedItsSendingSideGetsItsPage(t *testing.T) {
	s := serveSite(t, map[string]string{"page.asp": `<% for (var i = 0; i < 1000; i++) { %>x<% } %>`})
	c := s.dial()
	c.Send("GET /page.asp HTTP/1.1\r\nHost: test\r\n\r\n")
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	want(t, c.ReadResponse("GET"), 200, strings.Repeat("x", 1000))
}
