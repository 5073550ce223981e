#!/usr/bin/env bash
# nginx that sets X-Forwarded-For and passes on the Forwarded of its client
#
# One would guess that a proxy which is told to say who its client is (with
# X-Forwarded-For and $proxy_add_x_forwarded_for, as every guide has it) keeps
# clients from saying it themselves, so that a server behind it may prefer the
# standard's header, Forwarded of RFC 7239, where both come.
#
# nginx passes Forwarded on as the client sent it, beside its own
# X-Forwarded-For. And a client that sends an empty X-Forwarded-For makes it
# begin the list with an empty item: ", 127.0.0.1".
#
# Seen with nginx 1.22.1 (Debian 12).
#
# Why it matters to a host of pages: a server that prefers Forwarded believes
# what any client says of its address and scheme; one that refuses lists with an
# empty item loses the address of such a client. naja lets X-Forwarded-For count
# where both come, and reads past empty items
# (cmd/naja/internal/forwarded, TestOf).
set -euo pipefail

command -v nginx >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light; } >/dev/null || {
	echo "needs nginx, or the right to install it"
	exit 2
}
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

port=$((20000 + RANDOM % 20000))
cat >"$work/nginx.conf" <<CONF
daemon off;
pid $work/pid;
error_log $work/error.log;
events {}
http {
  access_log off;
  client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi; scgi_temp_path $work/scgi;
  server {
    listen 127.0.0.1:$port;
    location / {
      proxy_pass http://127.0.0.1:$((port + 1));
      proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
    }
  }
  server {
    listen 127.0.0.1:$((port + 1));
    location / { return 200 "Forwarded=[\$http_forwarded] X-Forwarded-For=[\$http_x_forwarded_for]"; }
  }
}
CONF
nginx -v
nginx -e "$work/error.log" -p "$work" -c "$work/nginx.conf" &
server=$!

# ask sends a request with one more header field and prints the answer's body.
ask() {
	exec 3<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n%s\r\n\r\n' "$1" >&3
	tr -d '\r' <&3 | tail -n 1
	exec 3>&-
}
for _ in $(seq 100); do
	(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
	sleep 0.1
done

failed=0
expect() { # what was sent, what one would guess, what is known to happen
	seen=$(ask "$1")
	echo
	echo "client sends:  $1"
	echo "one guesses:   $2"
	echo "server behind: $seen"
	[ "$seen" = "$3" ] || { echo "CHANGED, was:  $3"; failed=1; }
}
expect 'Forwarded: for=192.0.2.1;proto=https' \
	'Forwarded=[] X-Forwarded-For=[127.0.0.1]' \
	'Forwarded=[for=192.0.2.1;proto=https] X-Forwarded-For=[127.0.0.1]'
expect 'X-Forwarded-For:' \
	'Forwarded=[] X-Forwarded-For=[127.0.0.1]' \
	'Forwarded=[] X-Forwarded-For=[, 127.0.0.1]'
exit $failed
