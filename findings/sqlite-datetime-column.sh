#!/usr/bin/env bash
# Guess: a column declared DATETIME comes through database/sql as time.Time, or as
# one other type. With modernc.org/sqlite each row is looked at by itself: what
# parses is a time.Time (of the zone that its text names, else UTC), what doesn't,
# 2024-02-30 or an empty text, is a string without an error, a number is int64 or
# float64; and the same column inside COALESCE, MIN or a UNION has lost its
# declaration and is a string. A page that orders and shows dates imported from
# Access meets all of them in one table.
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

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", "file:finding?mode=memory&cache=shared")
	if err != nil {
		panic(err)
	}
	if _, err := db.Exec(`CREATE TABLE orders (placed DATETIME);
		INSERT INTO orders VALUES ('2024-01-15 10:00:00'), ('2024-01-15 10:00:00+02:00'), ('2024-02-30 00:00:00'), (''), (1705312800), (45306.5)`); err != nil {
		panic(err)
	}
	show(db, "SELECT placed FROM orders")
	show(db, "SELECT COALESCE(placed, '') FROM orders LIMIT 1")
}

func show(db *sql.DB, query string) {
	rows, err := db.Query(query)
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			panic(err)
		}
		fmt.Printf("%T %v\n", v, v)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
seen=$(go run .)
found='time.Time 2024-01-15 10:00:00 +0000 UTC
time.Time 2024-01-15 10:00:00 +0200 +0200
string 2024-02-30 00:00:00
string 
int64 1705312800
float64 45306.5
string 2024-01-15 10:00:00'
echo "$driver"
echo "guess: one type for the column"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
