#!/usr/bin/env bash
# Guess: a handler that empties session.ID and saves gets the session a new ID, as
# with gorilla's own FilesystemStore and with redistore; that is how one renews a
# session at a login. gormstore doesn't look at the ID when it saves: it takes the
# row of the cookie that the request brought. The ID stays, the cookie is another
# text around the same ID, and who had the old cookie has the session. Neither
# does it tell a store that can't be reached from a visitor without a session:
# New gives a new session and no error.
# In what naja hands to a store's Save the ID, IsNew and the request's cookie agree:
# TestLivesInAnyStore, TestHandlersInAnyStore (interop/gorilla), TestStores
# (interop/stores). An outage that gormstore hides can't be told.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
modules="github.com/wader/gormstore/v2@v2.0.3 gorm.io/gorm@v1.31.2 github.com/glebarez/sqlite@v1.11.0 github.com/gorilla/sessions@v1.4.0"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/glebarez/sqlite"
	"github.com/gorilla/sessions"
	"github.com/wader/gormstore/v2"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// save renews the session of r if it has one, and gives a request with its
// cookie.
func save(store sessions.Store, r *http.Request) (next *http.Request) {
	s, err := store.New(r, "session")
	if err != nil {
		panic(err)
	}
	s.ID, s.Values["user"] = "", "ann"
	w := httptest.NewRecorder()
	if err := store.Save(r, w, s); err != nil {
		panic(err)
	}
	next = httptest.NewRequest("GET", "/", nil)
	next.AddCookie(w.Result().Cookies()[0])
	return next
}

func main() {
	key := []byte("a key of 32 bytes, from a secret")
	db, err := gorm.Open(sqlite.Open("sessions.db"), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		panic(err)
	}
	for _, kind := range []struct {
		name  string
		store sessions.Store
	}{{"FilesystemStore", sessions.NewFilesystemStore(".", key)}, {"gormstore", gormstore.New(db, key)}} {
		first := save(kind.store, httptest.NewRequest("GET", "/", nil))
		second := save(kind.store, first)
		one, _ := kind.store.New(first, "session")
		two, _ := kind.store.New(second, "session")
		fmt.Printf("%s: a new ID %v\n", kind.name, one.ID != two.ID)
		if inner, err := db.DB(); kind.name == "gormstore" && err == nil {
			inner.Close()
			s, err := kind.store.New(second, "session")
			fmt.Printf("%s without its database: new %v, error %v\n", kind.name, s.IsNew, err)
		}
	}
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >get 2>&1 || { tail -1 get; echo "needs the modules $modules"; exit 2; }
go build -o finding . 2>build || { cat build; exit 2; }
seen=$(./finding)
echo "$modules"
echo "expected by guess: a new ID with both; an error without the database"
echo "seen:"
echo "$seen"
[ "$seen" = "FilesystemStore: a new ID true
gormstore: a new ID false
gormstore without its database: new true, error <nil>" ]
