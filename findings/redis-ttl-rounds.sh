#!/usr/bin/env bash
# Guess: TTL is how many whole seconds are left, cut off or rounded up, and 0 is a
# key that has no time left. Redis rounds to the nearest second: a key that lives for
# another 1.9 s has 2, one with 1.4 s has 1, and one with 0.4 s has 0 and is still
# there, while "no key" is -2 and "no end" -1. A session store that takes 0 for
# ended (or that sets a renewed key's life from it, where EXPIRE of 0 deletes it)
# ends sessions in their last half second, and one that shows or copies the
# number gives a session half a second more than it had. PTTL is exact.
set -euo pipefail
command -v redis-server >/dev/null || { echo "needs the package redis-server"; exit 2; }
work=$(mktemp -d)
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$work"; }
trap stop EXIT
redis-server --port 0 --unixsocket "$work/socket" --save "" >"$work/log" &
server=$!
redis() { redis-cli --raw -s "$work/socket" "$@"; }
for _ in $(seq 100); do [ "$(redis ping 2>/dev/null)" = PONG ] && break; sleep 0.1; done
left() {
	redis set session value px "$1" >/dev/null
	echo "with $1 ms left: TTL $(redis ttl session), EXISTS $(redis exists session)"
}
seen=$(
	left 3900
	left 3300
	left 400
	redis set session value px 400 >/dev/null
	redis expire session "$(redis ttl session)" >/dev/null
	echo "renewed by its own TTL: EXISTS $(redis exists session)"
)
found='with 3900 ms left: TTL 4, EXISTS 1
with 3300 ms left: TTL 3, EXISTS 1
with 400 ms left: TTL 0, EXISTS 1
renewed by its own TTL: EXISTS 0'
redis-server --version
echo "guess: 3, 3 and 0 for a key that is gone, or 4, 4 and 1; and renewing keeps it"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
