#!/usr/bin/env bash
# Guess: a page that says Accept-Ranges: none (RFC 9110 section 14.3) is never sent in
# pieces, and a proxy that is told to pass a page by (return (pass)) hands the server's
# 200 on to who asked for a range, as Apache does. Varnish cuts the piece out of the
# passed answer itself, says 206, and hands Accept-Ranges: none on with it; the total in
# Content-Range is that run's. A visitor who resumes a download of what is made anew for
# each request (a report, an export) puts pieces of two runs together, and no tag or
# date told him that they belong together. What helps is to take Range off the request
# (unset req.http.Range), or http_range_support=off for all.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v varnishd >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends varnish; } >/dev/null || {
	echo "needs varnish, or the right to install it"
	exit 2
}
command -v curl >/dev/null || { echo "needs curl"; exit 2; }
work=$(mktemp -d)
proxy='' server=''
trap 'kill $proxy $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	run := 0
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		run++
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Cache-Control", "private")
		w.Header().Set("Accept-Ranges", "none")
		page := strings.Repeat(fmt.Sprintf("run %d\n", run), 10)
		w.Header().Set("Content-Length", fmt.Sprint(len(page)))
		fmt.Fprint(w, page)
	})))
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
try() { # more of the recipe
	local port=$((20000 + RANDOM % 20000))
	cat > finding.vcl <<VCL
vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "$(cut -d: -f2 address)"; }
sub vcl_recv { $1 return (pass); }
VCL
	varnishd -F -j none -n "$work/vcl$port" -a "127.0.0.1:$port" -s malloc,8m -f "$work/finding.vcl" >/dev/null 2>&1 &
	proxy=$!
	for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$port/" && break; sleep 0.1; done
	curl -s -o body -D header -H 'Range: bytes=0-13' "http://127.0.0.1:$port/"
	echo "$(head -1 header | cut -d' ' -f2) $(wc -c <body) bytes, Accept-Ranges: $(grep -i '^accept-ranges' header | tr -d '\r' | cut -d' ' -f2)"
	kill "$proxy"
	wait "$proxy" 2>/dev/null || true
}
seen="passed by: $(try '')
without Range: $(try 'unset req.http.Range;')"
found='passed by: 206 14 bytes, Accept-Ranges: none
without Range: 200 60 bytes, Accept-Ranges: none'
varnishd -V 2>&1 | head -1
echo "guess: 200 60 bytes, Accept-Ranges: none, twice"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
