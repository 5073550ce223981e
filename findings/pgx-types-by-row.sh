#!/usr/bin/env bash
# Guess: through database/sql a column of PostgreSQL has one Go type, and a real
# prints as psql prints it. With pgx a timestamp is a time.Time, and in the row
# whose value is infinity (what PostgreSQL has for "never ends") a string; a real
# of 1.1 comes as the float64 1.100000023841858, a double precision as 1.1. A page
# that prints a price from a real column prints fifteen digits, and a type switch
# that was right for a thousand rows fails at the one that never expires.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "needs the package postgresql"; exit 2; }
driver=github.com/jackc/pgx/v5@v5.13.0
work=$(mktemp -d)
as() { if [ "$(id -un)" = root ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop() { as "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true; chmod -R u+w "$work"; rm -rf "$work"; }
trap stop EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func main() {
	db, err := sql.Open("pgx", "host="+os.Args[1]+" user=postgres dbname=postgres")
	if err != nil {
		panic(err)
	}
	rows, err := db.Query(`SELECT until, price, price::double precision, 1.1::double precision
		FROM (VALUES (timestamp '2026-01-15 10:00', 1.1::real), (timestamp 'infinity', 2.5::real)) AS licence (until, price)`)
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var until, price, widened, double any
		if err := rows.Scan(&until, &price, &widened, &double); err != nil {
			panic(err)
		}
		fmt.Printf("%T %v, %T %v, %T %v\n", until, until, price, price, double, double)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" "${driver%@*}/stdlib@${driver#*@}" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
go build -o finding .
[ "$(id -un)" != root ] || { chown postgres .; chmod 755 .; }
as "$bin/initdb" -D "$work/data" -U postgres -A trust >/dev/null
as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=''" -l "$work/log" -w start >/dev/null
seen=$(./finding "$work")
found='time.Time 2026-01-15 10:00:00 +0000 UTC, float64 1.100000023841858, float64 1.1
string infinity, float64 2.5, float64 1.1'
echo "$driver, $("$bin/postgres" --version)"
echo "guess: two values of time.Time, and 1.1 for both"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
