#!/usr/bin/env bash
# Guess: a client of HTTP/1.0 that sends no Host, which is its right, gets its page
# through nginx as everybody does: $host is "the name of the server" then. nginx
# makes a request of HTTP/1.1 of it (proxy_http_version 1.1, which kept connections need)
# and leaves a header whose value is empty out; so with $http_host, which half of the
# guides have, and with $host where the server block has no server_name, a request of
# HTTP/1.1 without Host reaches the server behind, and net/http refuses that with 400
# before any handler sees it, as it has to. Health checks (HAProxy's httpchk, old load
# balancers), monitors and ab's kin ask so: the site is up for browsers and down for
# them. A guide for such a host says $host, and names the server.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v nginx >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light; } >/dev/null || {
	echo "needs nginx, or the right to install it"
	exit 2
}
work=$(mktemp -d)
proxy='' server=''
trap 'kill $proxy $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
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
		fmt.Fprintf(w, "Host is %q\n", r.Host)
	})))
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
first=$((20000 + RANDOM % 20000))
block() { # port, name, variable
	echo "server { listen 127.0.0.1:$1; $2 location / { proxy_pass http://$(cat address); proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $3; } }"
}
cat > nginx.conf <<CONF
daemon off;
pid $work/pid;
error_log $work/error.log;
events {}
http {
  access_log off;
  client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi; scgi_temp_path $work/scgi;
  $(block "$first" "server_name example.com;" '$host')
  $(block "$((first + 1))" "" '$host')
  $(block "$((first + 2))" "server_name example.com;" '$http_host')
}
CONF
nginx -c "$work/nginx.conf" 2>/dev/null &
proxy=$!
ask() { # port, request
	exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
	printf '%b' "$2" >&3
	tr -d '\r' <&3 | sed -n '1p;$p' | paste -sd' '
	exec 3<&-
}
for _ in $(seq 100); do ask "$first" 'GET / HTTP/1.0\r\n\r\n' >/dev/null 2>&1 && break; sleep 0.1; done
seen=$(
	echo "to the server itself: $(ask "$(cut -d: -f2 address)" 'GET / HTTP/1.0\r\n\r\n')"
	echo "\$host, with a server_name: $(ask "$first" 'GET / HTTP/1.0\r\n\r\n')"
	echo "\$host, without: $(ask "$((first + 1))" 'GET / HTTP/1.0\r\n\r\n')"
	echo "\$http_host: $(ask "$((first + 2))" 'GET / HTTP/1.0\r\n\r\n')"
	echo "\$http_host, Host sent: $(ask "$((first + 2))" 'GET / HTTP/1.0\r\nHost: example.com\r\n\r\n')"
)
found='to the server itself: HTTP/1.0 200 OK Host is ""
$host, with a server_name: HTTP/1.1 200 OK Host is "example.com"
$host, without: HTTP/1.1 400 Bad Request: missing required Host header 400 Bad Request: missing required Host header
$http_host: HTTP/1.1 400 Bad Request: missing required Host header 400 Bad Request: missing required Host header
$http_host, Host sent: HTTP/1.1 200 OK Host is "example.com"'
nginx -v 2>&1
go version
echo "guess: 200 everywhere"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
