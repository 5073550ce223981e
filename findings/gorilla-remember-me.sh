#!/usr/bin/env bash
# Guess: how long a session of gorilla/sessions lives is its Options.MaxAge. That is what
# the browser is told; what the server takes is the age of the codec's, which is 30 days
# from NewCookieStore on, whatever Options say, and which only store.MaxAge(n) sets.
# A "remember me" of a year by session.Options.MaxAge is a cookie of a year that
# is refused after a month ("expired timestamp", a new session), and with store.Options
# set to an hour the server goes on taking the cookie for 30 days. Filesystem and
# redis stores have the same codecs. A host that shows such sessions, or lets
# a page set Session.Timeout, has two ages to keep apart (interop/gorilla, age.go).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
module=github.com/gorilla/sessions@v1.4.0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/gorilla/sessions"
)

func main() {
	const year = 365 * 24 * 3600
	key := []byte("0123456789abcdef0123456789abcdef")
	short := sessions.NewCookieStore(key)
	short.Options.MaxAge = 1 // as README has it; the codec's stays at 30 days
	long := sessions.NewCookieStore(key)
	long.MaxAge(1) // a second stands for the codec's 30 days
	for _, of := range []struct {
		name  string
		store *sessions.CookieStore
		age   int
	}{{"store.Options.MaxAge = 1", short, 1}, {"codec 1, session.Options.MaxAge = a year", long, year}} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		s, err := of.store.New(r, "session")
		if err != nil {
			panic(err)
		}
		s.Options.MaxAge = of.age
		s.Values["user"] = "ann"
		if err := s.Save(r, w); err != nil {
			panic(err)
		}
		cookie := w.Result().Cookies()[0]
		time.Sleep(3 * time.Second)
		next := httptest.NewRequest("GET", "/", nil)
		next.AddCookie(cookie)
		again, err := of.store.New(next, "session")
		fmt.Printf("%s: the browser keeps it for %d s; after 3 s the server has %v, %v\n", of.name, cookie.MaxAge, again.Values["user"], err)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$module" >/dev/null 2>&1 || { echo "needs the module $module"; exit 2; }
seen=$(go run .)
found='store.Options.MaxAge = 1: the browser keeps it for 1 s; after 3 s the server has ann, <nil>
codec 1, session.Options.MaxAge = a year: the browser keeps it for 31536000 s; after 3 s the server has <nil>, securecookie: expired timestamp'
echo "$module"
echo "guess: nobody for the first, ann for the second"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
