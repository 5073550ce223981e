package scsstore_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/store/sqlite"
)

// A program without pages keeps its sessions in one of naja's backends: here
// in a file, so that they survive a restart.
func ExampleNewStore() {
	dir, err := os.MkdirTemp("", "sessions")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	var cookie string
	for range 2 { // two lives of the program
		visit(filepath.Join(dir, "state.db"), &cookie)
	}

	// Output:
	// visit 1
	// visit 2
}

func visit(file string, cookie *string) {
	r := httptest.NewRequest("GET", "/", nil)
	db, err := sqlite.Open(r.Context(), sqlite.Config{Path: file})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	store, err := scsstore.NewStore(scsstore.StoreConfig{Sessions: db.Sessions()})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	manager := newSessions() // scs.New()
	manager.Store = store
	handler := manager.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := manager.GetInt(r.Context(), "visits") + 1
		manager.Put(r.Context(), "visits", n)
		fmt.Fprintf(w, "visit %d", n)
	}))
	r.Header.Set("Cookie", *cookie)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	*cookie = w.Result().Cookies()[0].String()
	fmt.Println(w.Body)
}
