#!/usr/bin/env bash
# Guess: what is notified on a channel reaches who listens on the channel of that
# name. LISTEN and NOTIFY take a name of SQL: without quotes it is folded to small
# letters, and what is longer than 63 bytes is cut off, with a notice only. pg_notify,
# which programs use since its channel and payload can be parameters, takes the text
# as it is: LISTEN Shop never hears pg_notify('Shop', …), and a long name that
# LISTEN cut off is an error there, or is heard on the channel of another that
# begins with the same 63 bytes. And equal payloads of one transaction arrive
# once: who counts messages counts too few. A host that makes channels from the names of
# applications or nodes has to quote, and to bound or hash them itself.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "needs the package postgresql"; exit 2; }
work=$(mktemp -d)
as() { if [ "$(id -un)" = root ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop() { as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$work"; }
trap stop EXIT
cd "$work"
[ "$(id -un)" != root ] || { chown postgres .; chmod 755 .; }
as "$bin/initdb" -D "$work/data" -U postgres -A trust >/dev/null
as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=''" -l "$work/log" -w start >/dev/null
long=naja:$(printf 'a%.0s' $(seq 58))
cat > ask.sql <<SQL
LISTEN Shop;
SELECT pg_notify('Shop', 'as it is written');
SELECT pg_notify('shop', 'in small letters');
LISTEN "$long-one";
SELECT pg_notify('$long-one', 'by its name');
NOTIFY "$long-two", 'for another';
BEGIN;
NOTIFY shop, 'equal';
NOTIFY shop, 'equal';
COMMIT;
SQL
seen=$("$bin/psql" -h "$work" -U postgres -X -A -t -q -f ask.sql 2>&1 | sed -n 's/.*with payload \("[^"]*"\).*/heard \1/p; s/.*ERROR: */error: /p')
found='heard "in small letters"
error: channel name too long
heard "for another"
heard "equal"'
"$bin/postgres" --version
echo 'guess: heard "as it is written", "by its name", "equal" twice, and neither of the other two'
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
