#!/usr/bin/env bash
# Guess: a proxy in front of one server hands the visitor's Authorization on, as nginx,
# Apache, HAProxy and Varnish do. Squid as an accelerator keeps it: it takes the
# header for its own, and leaves it out unless the peer has login=PASS. A page that
# asks for a password gets each visitor's question again and again, whatever he types,
# and AUTH_USER is empty; nothing in a log says why. A guide for a host of such pages
# has login=PASS in its line for Squid.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v squid >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends squid; } >/dev/null || {
	echo "needs squid, or the right to install it"
	exit 2
}
work=$(mktemp -d)
proxy='' server=''
trap 'kill $proxy $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 777 "$work"
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
		w.Header().Set("Cache-Control", "private")
		if user, _, ok := r.BasicAuth(); ok {
			fmt.Fprintln(w, "hello", user)
			return
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="shop"`)
		http.Error(w, "who are you?", http.StatusUnauthorized)
	})))
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
try() { # options of the peer
	local port=$((20000 + RANDOM % 20000))
	cat > squid.conf <<CONF
http_port 127.0.0.1:$port accel defaultsite=localhost no-vhost
cache_peer 127.0.0.1 parent $(cut -d: -f2 address) 0 no-query originserver $1
http_access allow all
access_log none
cache_log $work/log
pid_filename $work/pid
coredump_dir $work
cache_mem 8 MB
shutdown_lifetime 0 seconds
CONF
	squid -N -f "$work/squid.conf" >/dev/null 2>&1 &
	proxy=$!
	for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$port/" && break; sleep 0.1; done
	curl -s -u ann:secret "http://127.0.0.1:$port/"
	kill "$proxy"
	wait "$proxy" 2>/dev/null || true
}
try "" > plain
try "login=PASS" > pass
seen="directly: $(curl -s -u ann:secret "http://$(cat address)/")
through Squid: $(cat plain)
with login=PASS: $(cat pass)"
found='directly: hello ann
through Squid: who are you?
with login=PASS: hello ann'
squid --version | head -1
echo "guess: three times hello ann"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
