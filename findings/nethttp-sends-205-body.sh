#!/usr/bin/env bash
# net/http sends the body of a 205, unlike those of 204 and 304
#
# One would guess that a handler that writes behind 205 Reset Content gets
# http.ErrBodyNotAllowed and that nothing of it is sent, as behind 204 and 304:
# RFC 9110 section 15.3.6 forbids the body just as well.
#
# net/http takes it and sends it, with its length; Go's client hands it out, and
# the fetch of Node.js drops it, so that two clients see different answers.
#
# Seen with go1.26.8 and Node.js 20.20.2.
#
# Why it matters to a host of pages: a page sets its status and writes as it
# likes, so that whoever relies on net/http sends what no server may. naja sends
# 205 with Content-Length: 0, flushed or not (engine, TestEveryStatus).
set -euo pipefail

command -v go >/dev/null || {
	echo "needs go"
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
)

func main() {
	wrote := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var status int
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
		_, err := io.WriteString(w, "body")
		wrote <- err
	}))
	defer server.Close()
	changed := false
	expect := func(what, guess, known, seen string) {
		fmt.Printf("%-28s one guesses: %-52s seen: %s\n", what, guess, seen)
		if seen != known {
			fmt.Println("CHANGED, was:", known)
			changed = true
		}
	}
	refused := fmt.Sprintf("%q, %v", "", http.ErrBodyNotAllowed)
	for status, known := range map[int]string{204: refused, 304: refused, 205: `"body", <nil>`} {
		r, err := http.Get(fmt.Sprint(server.URL, "/", status))
		if err != nil {
			panic(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		expect(fmt.Sprint("net/http, ", status), refused, known, fmt.Sprintf("%q, %v", body, <-wrote))
	}
	if _, err := exec.LookPath("node"); err == nil {
		script := `fetch(process.argv[1]).then(r => r.text()).then(t => console.log(JSON.stringify(t)))`
		out, err := exec.Command("node", "-e", script, server.URL+"/205").Output()
		if err != nil {
			panic(err)
		}
		<-wrote
		expect("fetch of Node.js, 205", `"body"`, `""`, strings.TrimSpace(string(out)))
	}
	if changed {
		os.Exit(1)
	}
}
GO
go version
command -v node >/dev/null && echo "Node.js $(node --version)"
go run main.go
