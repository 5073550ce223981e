#!/usr/bin/env bash
# Guess: PostgreSQL refuses the text that JScript's Date has, "Tue Jan 13 12:40:53
# UTC+0100 2026", or reads it as the moment that it is, 11:40:53 UTC: it reads
# "+0100" behind a time so, and "GMT" too. Behind letters it takes the digits as
# a zone of POSIX, which counts hours, and to the west: UTC+0100 is a hundred hours
# west of Greenwich, and the moment four days and five hours later, without an
# error. From UTC+0200 on, that is in Berlin's summer, it is an error. A column
# without a zone drops it and keeps the clock. Old pages write dates into SQL as
# "'" + new Date() + "'": in a winter of Central Europe or a summer of Britain each
# of them is stored for next week. A host gives such a date as a parameter of its own
# type, or writes it without letters before the offset.
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
ask() { PGTZ=UTC "$bin/psql" -h "$work" -U postgres -X -A -t -c "SELECT $1" 2>&1 | head -1 || true; }
seen=$(for q in "timestamptz 'Tue Jan 13 12:40:53 +0100 2026'" "timestamptz 'Tue Jan 13 12:40:53 UTC+0100 2026'" \
  "timestamptz 'Tue Jan 13 2026 12:40:53 GMT+0100'" "timestamptz 'Tue Jun 30 12:40:53 UTC+0200 2026'" "timestamp 'Tue Jan 13 12:40:53 UTC+0100 2026'"; do
  echo "$q -> $(ask "$q")"; done)
found="timestamptz 'Tue Jan 13 12:40:53 +0100 2026' -> 2026-01-13 11:40:53+00
timestamptz 'Tue Jan 13 12:40:53 UTC+0100 2026' -> 2026-01-17 16:40:53+00
timestamptz 'Tue Jan 13 2026 12:40:53 GMT+0100' -> 2026-01-17 16:40:53+00
timestamptz 'Tue Jun 30 12:40:53 UTC+0200 2026' -> ERROR:  time zone \"utc+0200\" not recognized
timestamp 'Tue Jan 13 12:40:53 UTC+0100 2026' -> 2026-01-13 12:40:53"
"$bin/postgres" --version
echo "guess: 2026-01-13 11:40:53+00 three times, or an error"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
