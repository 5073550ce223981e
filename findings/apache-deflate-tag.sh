#!/usr/bin/env bash
# Guess: a file with an ETag that a server sends through Apache is looked up again by
# it: the browser asks with If-None-Match and gets 304. mod_deflate, which Debian has on
# for HTML, style sheets and scripts, makes "v1-gzip" of "v1" on the way out, and hands
# the browser's "v1-gzip" to the server behind it as it is: the tags never meet, and
# since If-None-Match goes before If-Modified-Since, each file is read, sent and
# compressed anew at every visit. (nginx makes W/"v1" of it, which does match.) The
# server behind is the only one that can mend it: naja knows its own tags with a word of
# Apache's at their end (engine, TestTagsOfApache).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v apache2 >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends apache2-bin; } >/dev/null || {
	echo "needs apache2, or the right to install it"
	exit 2
}
work=$(mktemp -d)
trap 'kill $proxy $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
proxy='' server=''
cd "$work"
cat > main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"v1"`)
		w.Header().Set("Content-Type", "text/css")
		http.ServeContent(w, r, "", time.Unix(1e9, 0), bytes.NewReader(bytes.Repeat([]byte("p { color: red }\n"), 200)))
	})))
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
port=$((20000 + RANDOM % 20000))
modules=/usr/lib/apache2/modules
cat > apache.conf <<CONF
ServerRoot $work
PidFile $work/pid
ErrorLog $work/log
ServerName localhost
Listen 127.0.0.1:$port
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
LoadModule filter_module $modules/mod_filter.so
LoadModule deflate_module $modules/mod_deflate.so
AddOutputFilterByType DEFLATE text/css
ProxyPass / http://$(cat address)/
CONF
apache2 -f "$work/apache.conf" -DFOREGROUND &
proxy=$!
get() { curl -s -o /dev/null -D - -H 'Accept-Encoding: gzip' "$@" | tr -d '\r' | grep -iE '^(HTTP|etag)' | paste -sd' '; }
for _ in $(seq 100); do get "http://127.0.0.1:$port/" >/dev/null && break; sleep 0.1; done
seen=$(
	echo "directly, by its tag: $(get -H 'If-None-Match: "v1"' "http://$(cat address)/")"
	echo "through Apache: $(get "http://127.0.0.1:$port/")"
	echo "again, by that tag: $(get -H 'If-None-Match: "v1-gzip"' -H 'If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT' "http://127.0.0.1:$port/")"
)
found='directly, by its tag: HTTP/1.1 304 Not Modified Etag: "v1"
through Apache: HTTP/1.1 200 OK Etag: "v1-gzip"
again, by that tag: HTTP/1.1 200 OK Etag: "v1-gzip"'
apache2 -v | head -1
echo "guess: 304 for the last"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
