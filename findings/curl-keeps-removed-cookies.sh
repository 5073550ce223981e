#!/usr/bin/env bash
# Guess: an answer that removes two cookies removes them both from curl's jar. With
# cookies from a file (-b jar, and -c jar to keep them) curl 7.88, Debian 12's, keeps
# all but the last one, as if it read the file in again: the jar has the other with
# its old value, and the next request sends it. Without a file (-b '') both are gone. Who tests a logout that ends a session and a "remember me" at
# once, or watches a site so, stays logged in and looks for it in the server; a host
# whose tests drive curl keeps cookies in memory, or removes one in each answer.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v curl >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends curl; } >/dev/null || {
	echo "needs curl, or the right to install it"
	exit 2
}
work=$(mktemp -d)
server=''
trap 'kill $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net"
	"net/http"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if age, ok := map[string]int{"/in": 0, "/out": -1}[r.URL.Path]; ok { // net/http writes Max-Age=0 for -1
			for _, name := range []string{"session", "remember"} {
				http.SetCookie(w, &http.Cookie{Name: name, Value: "1", Path: "/", MaxAge: age})
			}
		}
		fmt.Fprintf(w, "%v\n", r.Header["Cookie"])
	})))
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
at="http://$(cat address)"
for path in in out; do curl -s -o /dev/null -b jar -c jar "$at/$path"; done
seen="by a file: $(curl -s -b jar -c jar "$at/see")
in memory: $(curl -s -b '' "$at/in" "$at/out" "$at/see" | tail -1)"
found='by a file: [session=1]
in memory: []'
curl --version | head -1
echo "guess: [] twice"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
