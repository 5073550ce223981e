package scsstore_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/najahost/naja/engine"
	scsstore "github.com/najahost/naja/interop/scs"
)

// A Go handler signs somebody in, a page greets them and counts, and another
// handler reads what the page counted.
func Example() {
	sessions := &scs.SessionManager{ // scs.New(), without the goroutine of its memstore
		Lifetime: time.Hour, Codec: scs.GobCodec{}, Store: memstore.NewWithCleanupInterval(0),
		Cookie: scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode},
	}
	provider, err := scsstore.New(scsstore.Config{Manager: sessions})
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
		if err := sessions.RenewToken(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		sessions.Put(r.Context(), "user", "Ann")
		sessions.Put(r.Context(), "visits", int64(0))
		fmt.Fprint(w, "Signed in.")
	})
	handlers.HandleFunc("/api/visits", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%d visits.", sessions.GetInt64(r.Context(), "visits"))
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
