#!/usr/bin/env bash
# Guess: Max-Age=0 in Set-Cookie removes a cookie from every client (RFC 2109 had
# it in 1997), and so does a negative one (RFC 6265, 5.2.2). The cookie jar of Perl's
# LWP, HTTP::Cookies, reads Max-Age in Set-Cookie2 alone, which nobody sends, and
# passes over it in Set-Cookie: the cookie stays, with the empty value that was to
# remove it, and one with Max-Age=60 is sent for ever. wget takes 0 and keeps the cookie
# with -1, even with Expires in the past beside it. net/http writes Max-Age alone when
# MaxAge is set, gorilla and others both: monitors and robots of either kind stay
# logged in where they were logged out.
# Where naja's Response.Cookies(name).MaxAge removes a cookie it writes expires too,
# and never less than 0: TestSetCookieLines (asp).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
{ perl -MLWP::UserAgent -e 1 && command -v wget curl; } >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends libwww-perl wget curl; } >/dev/null || {
	echo "needs libwww-perl, wget and curl, or the right to install it"
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
		w.Header().Set("Cache-Control", "no-store")
		if how, ok := map[string]string{"/in": "", "/zero": "; Max-Age=0", "/minus": "; Max-Age=-1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}[r.URL.Path]; ok {
			w.Header().Set("Set-Cookie", "user=ann; Path=/"+how)
		}
		_, err := r.Cookie("user")
		fmt.Fprintln(w, err == nil)
	})))
}
GO
cat > visit.pl <<'PERL'
use LWP::UserAgent;
use HTTP::Cookies;
my $visitor = LWP::UserAgent->new(cookie_jar => HTTP::Cookies->new);
print $visitor->get("http://$ARGV[0]/$_")->content for ("in", $ARGV[1], "see");
PERL
go mod init finding >/dev/null 2>&1
go build -o finding .
./finding >address &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
seen=$(for how in zero minus; do
	echo "LWP, $how: $(perl visit.pl "$(cat address)" $how | tail -1)"
	echo "wget, $how: $(wget -q -O - --save-cookies=wget-jar --keep-session-cookies "http://$(cat address)/"{in,$how,see} | tail -1)"
	echo "curl, $how: $(curl -s -b '' "http://$(cat address)/"{in,$how,see} | tail -1)"
done)
found='LWP, zero: true
wget, zero: false
curl, zero: false
LWP, minus: false
wget, minus: true
curl, minus: false'
perl -MHTTP::Cookies -MLWP -e 'print "libwww-perl $LWP::VERSION, HTTP::Cookies $HTTP::Cookies::VERSION\n"'
wget --version | head -1
curl --version | head -1
echo "guess: false six times, for nobody sends a removed cookie"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
