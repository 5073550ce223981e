package main

import (
	"database/sql"
	"expvar"
	"net/http"
	"slices"
	"testing"
)

// The command imports all of naja. What is the program's own, and there once,
// is left to the program: but for the name of SQLite's driver, which its library
// takes (docs/embedding.md).
func TestNothingIsRegisteredByImport(t *testing.T) {
	if drivers := sql.Drivers(); !slices.Equal(drivers, []string{"sqlite"}) {
		t.Errorf("drivers: %v", drivers)
	}
	for _, path := range []string{"/", "/metrics", "/debug/pprof/", "/live"} {
		r, err := http.NewRequest("GET", "http://localhost"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, pattern := http.DefaultServeMux.Handler(r); pattern != "" {
			t.Errorf("%s is answered by %s of http.DefaultServeMux", path, pattern)
		}
	}
	expvar.Do(func(v expvar.KeyValue) {
		if v.Key != "cmdline" && v.Key != "memstats" {
			t.Errorf("expvar has %s", v.Key)
		}
	})
}
