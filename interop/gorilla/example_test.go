package gorillastore_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"testing/fstest"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/engine"
	gorillastore "github.com/najahost/naja/interop/gorilla"
)

// A Go handler signs somebody in, a page greets them and counts, and another
// handler reads what the page counted.
func Example() {
	dir, err := os.MkdirTemp("", "sessions")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	store := sessions.NewFilesystemStore(dir, []byte("a key of 32 bytes, from a secret"))
	provider, err := gorillastore.New(gorillastore.Config{Store: store, Name: "session"})
	if err != nil {
		panic(err)
	}
	site := fstest.MapFS{
		"hello.asp": {Data: []byte(`<% Session("visits")++ %>Hello <%= Session("user") %>, visit <%= Session("visits") %>.`)},
		"slow.asp":  {Data: []byte(`<% Response.Flush(); Session("visits")++ %>Flushed for <%= Session("user") %>.`)},
	}
	pages, err := engine.New(engine.Config{FS: site, Sessions: provider, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	defer pages.Shutdown(context.Background())

	handlers := http.NewServeMux()
	handlers.HandleFunc("/api/login", func(w http.ResponseWriter, r *http.Request) {
		s, err := provider.Session(r) // a cookie that can't be read is a new session
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		s.Values["user"], s.Values["visits"] = "Ann", int64(0)
		if err := s.Save(r, w); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, "Signed in.")
	})
	handlers.HandleFunc("/api/visits", func(w http.ResponseWriter, r *http.Request) {
		s, err := provider.Session(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintf(w, "%d visits.", s.Values["visits"].(int64))
	})
	mux := http.NewServeMux()
	mux.Handle("/api/", provider.Serialize(handlers))
	mux.Handle("/", pages)

	server := httptest.NewServer(mux)
	defer server.Close()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, path := range []string{"/api/login", "/hello.asp", "/slow.asp", "/hello.asp", "/api/visits"} {
		resp, err := client.Get(server.URL + path)
		if err != nil {
			panic(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Printf("%s\n", body)
	}

	// Output:
	// Signed in.
	// Hello Ann, visit 1.
	// Flushed for Ann.
	// Hello Ann, visit 3.
	// 3 visits.
}
