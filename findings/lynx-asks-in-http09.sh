#!/usr/bin/env bash
# Guess: a client that has begun to read an answer, status and header, and whose
# connection is reset then, reports that. lynx asks again by itself, at once, and as in
# 1991: "GET /page" without a version, a Host or any other header (HTTP/0.9, "Retrying
# as HTTP0 request"), although it had read "HTTP/1.0 200 OK". A page that broke off is
# asked for a second time so, without its cookies; servers that know no HTTP/0.9 log a
# bad request for each. POST isn't repeated. Who counts bad requests, or blocks
# addresses that send them, blocks visitors whose pages broke off.
set -euo pipefail
command -v python3 >/dev/null || { echo "needs Python"; exit 2; }
command -v lynx >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends lynx; } >/dev/null || {
	echo "needs lynx, or the right to install it"
	exit 2
}
work=$(mktemp -d)
server=''
trap 'kill $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
cat > server.py <<'PY'
import socket, struct, time

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
while True:
    conn, _ = listener.accept()
    asked = conn.recv(65536).decode()
    line, *headers = asked.split("\r\n")
    print(f"{line!r} and {sum(map(bool, headers)) and 'headers' or 'no header'}", flush=True)
    conn.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>half of the page</p>")
    time.sleep(0.3)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()
PY
python3 server.py >said &
server=$!
for _ in $(seq 100); do [ -s said ] && break; sleep 0.1; done
lynx -dump "http://127.0.0.1:$(head -1 said)/page" >/dev/null 2>&1 || true
printf 'a=1\n---\n' | lynx -dump -post_data "http://127.0.0.1:$(head -1 said)/form" >/dev/null 2>&1 || true
seen=$(tail -n +2 said)
found="'GET /page HTTP/1.0' and headers
'GET /page' and no header
'POST /form HTTP/1.0' and headers"
lynx -version | head -1
echo "guess: each is asked for once"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
