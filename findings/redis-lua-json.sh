#!/usr/bin/env bash
# Guess: a script in Redis that decodes a session's JSON, changes one field and
# encodes it again leaves the others alone. Lua has one type for lists and objects,
# so that an empty list comes back as {}, and numbers are written with 14
# digits: [] becomes {}, an id of 16 digits becomes 1.7330317201235e+15. An
# empty cart has no push any more, and the id of a row or a time in microseconds is
# another one. Scripts that keep sessions leave the contents to the client, as bytes.
set -euo pipefail
command -v redis-server >/dev/null || { echo "needs the package redis-server"; exit 2; }
work=$(mktemp -d)
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$work"; }
trap stop EXIT
redis-server --port 0 --unixsocket "$work/socket" --save "" >"$work/log" &
server=$!
redis() { redis-cli --raw -s "$work/socket" "$@"; }
for _ in $(seq 100); do [ "$(redis ping 2>/dev/null)" = PONG ] && break; sleep 0.1; done
redis set session '{"visits":1,"cart":[],"order":1733031720123456,"price":0.1}' >/dev/null
seen=$(redis eval 'local s = cjson.decode(redis.call("GET", KEYS[1]))
s.visits = s.visits + 1
redis.call("SET", KEYS[1], cjson.encode(s))
return "visits " .. s.visits' 1 session
redis get session | grep -o '"cart":[][{}]*'
redis get session | grep -o '"order":[0-9.e+]*'
redis get session | grep -o '"price":[0-9.e+]*')
found='visits 2
"cart":{}
"order":1.7330317201235e+15
"price":0.1'
redis-server --version
echo 'guess: "cart":[] and "order":1733031720123456'
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
