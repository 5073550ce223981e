package frame

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
)

// handlers are those of package net/http's kind: each does something that
// shows in the bytes of an answer.
var handlers = map[string]http.HandlerFunc{
	"/nothing": func(http.ResponseWriter, *http.Request) {},
	"/small":   func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "small") },
	"/pieces": func(w http.ResponseWriter, _ *http.Request) {
		for n := 1; n < 5000; n = n*3 + 1 {
			_, _ = w.Write(bytes.Repeat([]byte("p"), n))
		}
	},
	"/big": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("b"), 60<<10)) },
	"/flushed": func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			fmt.Fprint(w, "piece")
			_ = http.NewResponseController(w).Flush()
		}
	},
	"/flush-only": func(w http.ResponseWriter, _ *http.Request) { _ = http.NewResponseController(w).Flush() },
	"/length": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		_ = http.NewResponseController(w).Flush()
		_, err := fmt.Fprint(w, "12345")
		_, more := fmt.Fprint(w, "678")
		if err != nil || more != http.ErrContentLength {
			panic(fmt.Sprint(err, more))
		}
	},
	"/short": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9")
		fmt.Fprint(w, "12345")
	},
	"/204":     func(w http.ResponseWriter, _ *http.Request) { bodyless(w, 204) },
	"/304":     func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Etag", `"x"`); bodyless(w, 304) },
	"/twice":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(500) },
	"/no-type": func(w http.ResponseWriter, _ *http.Request) { w.Header()["Content-Type"] = nil; fmt.Fprint(w, "<p>") },
	"/sniffed": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
	"/many": func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["X-Many"] = []string{"a", "b", ""}
		w.WriteHeader(299)
	},
	"/close": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "bye")
	},
	"/redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/small?x=1", http.StatusFound) },
	"/hints": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("X-Final", "yes")
		fmt.Fprint(w, "hinted")
	},
	"/trailer": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum, X-Not-Set")
		fmt.Fprint(w, "body")
		w.Header().Set("X-Sum", "4")
		w.Header().Set(http.TrailerPrefix+"X-Late", "1")
	},
	"/abort":  func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
	"/broken": func(w http.ResponseWriter, _ *http.Request) { abortAfter(w, "half a page") },
	"/request": func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		u := r.URL
		if len(body) > 1000 {
			body = body[:1000] // pieces of more than 64 KB are several
		}
		fmt.Fprintf(w, "%s %s %s %d.%d host %s uri %s\n", r.Method, u, r.Proto, r.ProtoMajor, r.ProtoMinor, r.Host, r.RequestURI)
		fmt.Fprintf(w, "url %q %q %q %q %q %v %v\n", u.Scheme, u.Host, u.Path, u.RawPath, u.RawQuery, u.User, u.ForceQuery)
		fmt.Fprintf(w, "length %d %v close %v body %q %v\n", r.ContentLength, r.TransferEncoding, r.Close, body, err)
		fmt.Fprintf(w, "header %v trailer %v tls %v\n", r.Header, r.Trailer, r.TLS != nil)
		local := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		fmt.Fprintf(w, "local %v\n", local.String() != "")
	},
	"/unread": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "not read") },
	"/first": func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 3)
		n, err := io.ReadFull(r.Body, b)
		fmt.Fprint(w, n, err, string(b[:n]))
	},
}

func bodyless(w http.ResponseWriter, status int) {
	w.WriteHeader(status)
	if _, err := w.Write([]byte("never")); err != http.ErrBodyNotAllowed {
		panic(err)
	}
}

func abortAfter(w http.ResponseWriter, text string) {
	_, _ = io.WriteString(w, text)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// pages are an application.
var pages = map[string]string{
	"hello.asp":   `Hello <%= 1 + 1 %>`,
	"flushed.asp": `one<% Response.Flush() %>two<% Response.Flush() %>`,
	"failed.asp":  `one<% Response.Flush(); nope() %>`,
	"error.asp":   `one<% nope() %>`,
	"form.asp":    `<%= String(Request.Form("a")) %>|<%= Request.TotalBytes %>|<%= Request.ServerVariables("HTTP_CONNECTION") %>|<%= Request.ServerVariables("REMOTE_ADDR") %>`,
	"length.asp":  `<% Response.AddHeader("Content-Length", "5"); Response.Write("abc"); Response.Flush(); Response.Write("de") %>`,
	"204.asp":     `<% Response.Status = 204 %>never`,
	"205.asp":     `<% Response.Status = 205 %>never`,
	"205f.asp":    `<% Response.Status = 205; Response.Flush() %>never<% Response.Flush() %>`,
	"big.asp":     strings.Repeat("0123456789", 10<<10),
	"file.txt":    strings.Repeat("static ", 20<<10),
}

func enginePages(t testing.TB) http.Handler {
	site := fstest.MapFS{}
	for name, text := range pages {
		site["pages/"+name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Unix(1e9, 0)}
	}
	sub, err := site.Sub("pages")
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Config{FS: sub, Path: "/app", Methods: []string{"GET", "POST", "PUT", "OPTIONS"}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e
}

// raw are texts that clients send.
func raw() []string {
	var all []string
	for path := range handlers {
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			for _, proto := range []string{"1.0", "1.1"} {
				all = append(all, method+" "+path+" HTTP/"+proto+"\r\nHost: h\r\nUser-Agent: u\r\n\r\n")
			}
		}
	}
	for path := range pages {
		all = append(all, "GET /app/"+path+" HTTP/1.1\r\nHost: h\r\n\r\n", "GET /app/"+path+" HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
			"HEAD /app/"+path+" HTTP/1.1\r\nHost: h\r\n\r\n")
	}
	for _, to := range []string{"/request", "/unread", "/first", "/nothing", "/app/form.asp", "/app/none.asp"} {
		form := "POST " + to + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
		all = append(all, form+"Content-Length: 5\r\n\r\na=bcd", form+"Content-Length: 0\r\n\r\n",
			form+"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n2\r\ncd\r\n0\r\n\r\n",
			form+"Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n5\r\na=bcd\r\n0\r\nX-T: yes\r\n\r\n",
			form+"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\nnonsense",
			form+"Content-Length: 500000\r\n\r\n"+strings.Repeat("a", 300000), form+"Content-Length: 99\r\n\r\nshort")
	}
	return append(all,
		"GET /request?a=%20&b HTTP/1.1\r\nHost: h:80\r\nCookie: a=b\r\nCookie: c\r\nX-Own: 1\r\nTE: trailers\r\n\r\n",
		"GET /request%2fx/../y;z?? HTTP/1.1\r\nHost: h\r\n\r\n", "GET /request? HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET http://user:pw@other/request?x HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "GET //request//x HTTP/1.1\r\nHost: h\r\n\r\n",
		"PUT /app/form.asp HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1", "DELETE /app/form.asp HTTP/1.1\r\nHost: h\r\n\r\n",
		"OPTIONS /app/hello.asp HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS /app/file.txt HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /app/file.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=5-70000\r\n\r\n",
		"GET /small HTTP/1.1\r\nHost: h\r\n\r\nGET /flushed HTTP/1.1\r\nHost: h\r\n\r\nGET /abort HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /small HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
}

// What a client gets is the same byte for byte, whether the handler is in this
// process or behind frames.
func TestTheSameBytes(t *testing.T) {
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.Handle(path, h)
	}
	mux.Handle("/app/", enginePages(t))
	odd := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h, _ := mux.Handler(r); strings.Contains(r.RequestURI, "request") {
			handlers["/request"](w, r)
		} else {
			h.ServeHTTP(w, r)
		}
	})
	quiet := slog.NewLogLogger(slog.DiscardHandler, 0)
	serve := func(h http.Handler) *httptest.Server {
		s := httptest.NewUnstartedServer(h)
		s.Config.ErrorLog = quiet
		s.Start()
		t.Cleanup(s.Close)
		return s
	}
	here, there := serve(odd), serve(pairOf(t, odd))
	for _, text := range raw() {
		want, got := exchangeRaw(t, here, text), exchangeRaw(t, there, text)
		if got != want {
			t.Errorf("%.200q:\n got %.600q\nwant %.600q", text, got, want)
		}
	}
}

// exchangeRaw sends text and gives all that comes back, but for what differs
// from answer to answer.
func exchangeRaw(t *testing.T, s *httptest.Server, text string) string {
	t.Helper()
	addr := s.Listener.Addr().String()
	c := asptest.Dial(t, addr)
	defer c.Close()
	c.SendAnyway(text)
	_ = c.Conn.(*net.TCPConn).CloseWrite()
	got := regexp.MustCompile(`(?m)^Date: .*\r\n`).ReplaceAllString(c.Rest(), "")
	got = regexp.MustCompile(`NAJASESSIONID[^=]*=[^;]*`).ReplaceAllString(got, "session")
	return strings.ReplaceAll(got, addr, "ADDR")
}
