#!/usr/bin/env bash
# Guess: a time.Time handed to a DATETIME column of SQLite is stored in a form
# that SQLite's own date functions read, as with the other SQLite drivers of Go.
# modernc.org/sqlite stores what Go's String() prints, "2024-01-15 10:00:00 +0000
# UTC": reading it back gives the same time, so that a test of the driver alone is
# happy, but date(), strftime() and julianday() of it are NULL, = with the same
# moment as text is false, and in an ORDER BY or a < between rows of either kind
# the texts are compared: of two equal moments the text is before the time, and a
# time in another zone stands where its local hour puts it. A table from Access
# has texts, and what a page adds by a parameter would be of the other kind: such a
# host hands over text, or sets _time_format=sqlite and converts zones itself.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
driver=modernc.org/sqlite@v1.62.0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"
	"time"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", "file:finding?mode=memory&cache=shared")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	utc := time.Date(2024, 1, 15, 10, 0, 0, 0, time.UTC)
	ahead := utc.Add(-time.Hour).In(time.FixedZone("CET", 3600)) // an hour before, written with the same digits
	for i, v := range []any{"2024-01-15 10:00:00", utc, ahead} {
		if _, err := db.Exec("CREATE TABLE IF NOT EXISTS orders (id INTEGER, placed DATETIME)"); err != nil {
			panic(err)
		}
		if _, err := db.Exec("INSERT INTO orders VALUES (?, ?)", i, v); err != nil {
			panic(err)
		}
	}
	rows, err := db.Query("SELECT id, CAST(placed AS TEXT), date(placed), placed = '2024-01-15 10:00:00', placed > '2024-01-15 10:00:00' FROM orders ORDER BY placed DESC")
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, equal, later int
		var text string
		var date sql.NullString
		if err := rows.Scan(&id, &text, &date, &equal, &later); err != nil {
			panic(err)
		}
		fmt.Printf("%q: date() %q, equal %d, later %d\n", text, date.String, equal, later)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
seen=$(go run .)
found='"2024-01-15 10:00:00 +0100 CET": date() "", equal 0, later 1
"2024-01-15 10:00:00 +0000 UTC": date() "", equal 0, later 1
"2024-01-15 10:00:00": date() "2024-01-15", equal 1, later 0'
echo "$driver"
echo "guess: three dates; the two in UTC are equal, the other one is before them"
echo "seen, by ORDER BY placed DESC:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
