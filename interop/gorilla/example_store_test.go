package gorillastore_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	gorillastore "github.com/najahost/naja/interop/gorilla"
	"github.com/najahost/naja/store/memory"
)

// A program without pages keeps its sessions in one of naja's backends. With
// the Sessions of a store/sqlite database in the place of memory they survive
// a restart.
func ExampleNewStore() {
	store, err := gorillastore.NewStore(gorillastore.StoreConfig{
		Sessions: memory.NewSessions(),
		Keys:     [][]byte{[]byte("a key of 32 bytes, from a secret")},
	})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, _ := store.Get(r, "session") // a cookie that can't be read is a new session
		n, _ := s.Values["visits"].(int)
		s.Values["visits"] = n + 1
		if err := s.Save(r, w); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "visit %d", n+1)
	})

	var cookie string
	for range 2 {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		cookie = w.Result().Cookies()[0].String()
		fmt.Println(w.Body)
	}

	// Output:
	// visit 1
	// visit 2
}
