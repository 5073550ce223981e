#!/usr/bin/env bash
# Guess: an interim answer, 103 with the style sheets of a page that takes its time or
# 102 while it waits, costs nothing: RFC 9110 has clients read past any 1xx, and a
# proxy hands it on or drops it. Varnish takes it for the answer, finds that none may
# look so, and gives the visitor 503, Backend fetch failed, for the whole page. Python's
# urllib and Perl's LWP take it for the answer too: the one raises HTTPError 103, the
# other has an empty page. Apache hands it on, and leaves it out for a client of
# HTTP/1.0, as it must; curl, wget, Ruby and Node.js read on. net/http offers
# WriteHeader(103) with no word of this. A host that can't know who reads its answers
# sends no interim answer of its own accord: naja sends none.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
{ command -v varnishd && command -v apache2 && command -v python3 && perl -MLWP::UserAgent -e 1; } >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends varnish apache2-bin python3 libwww-perl curl; } >/dev/null || {
	echo "needs varnish, apache2, python3 and libwww-perl, or the right to install them"
	exit 2
}
work=$(mktemp -d)
server='' varnish='' apache=''
trap 'kill $varnish $apache $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
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
		if r.URL.Path == "/hints" {
			w.Header().Set("Link", "</site.css>; rel=preload; as=style")
			w.WriteHeader(http.StatusEarlyHints)
		}
		fmt.Fprintln(w, "page")
	})))
}
GO
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
first=$((20000 + RANDOM % 20000))
varnishd -F -a "127.0.0.1:$first" -b "$(cat address)" -n "$work/varnish" -s malloc,10m >/dev/null 2>&1 &
varnish=$!
modules=/usr/lib/apache2/modules
cat > apache.conf <<CONF
ServerRoot $work
PidFile $work/pid
ErrorLog $work/log
ServerName localhost
Listen 127.0.0.1:$((first + 1))
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
ProxyPass / http://$(cat address)/
CONF
apache2 -f "$work/apache.conf" -DFOREGROUND &
apache=$!
get() { curl -s -i "$@" | tr -d '\r' | grep '^HTTP' | sed 's/HTTP[^ ]* //' | paste -sd'+'; }
for port in $first $((first + 1)); do for _ in $(seq 100); do get "http://127.0.0.1:$port/" >/dev/null && break; sleep 0.1; done; done
seen=$(
	echo "directly: $(get "http://$(cat address)/hints")"
	echo "Varnish, without: $(get "http://127.0.0.1:$first/")"
	echo "Varnish: $(get "http://127.0.0.1:$first/hints")"
	echo "Python: $(python3 -c 'import sys, urllib.request, urllib.error
try: print(urllib.request.urlopen(sys.argv[1]).status)
except urllib.error.HTTPError as e: print("HTTPError", e.code)' "http://$(cat address)/hints")"
	echo "LWP: $(perl -MLWP::UserAgent -e '$r = LWP::UserAgent->new->get($ARGV[0]); print $r->code, ", ", length $r->content, " bytes"' "http://$(cat address)/hints")"
	echo "Apache: $(get "http://127.0.0.1:$((first + 1))/hints")"
	echo "Apache, HTTP/1.0: $(get -0 "http://127.0.0.1:$((first + 1))/hints")"
)
found='directly: 103 Early Hints+200 OK
Varnish, without: 200 OK
Varnish: 503 Backend fetch failed
Python: HTTPError 103
LWP: 103, 0 bytes
Apache: 103 Early Hints+200 OK
Apache, HTTP/1.0: 200 OK'
varnishd -V 2>&1 | head -1
apache2 -v | head -1
python3 --version
perl -MLWP -e 'print "libwww-perl $LWP::VERSION\n"'
echo "guess: 200 at the end of each"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
