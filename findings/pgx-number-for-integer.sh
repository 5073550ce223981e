#!/usr/bin/env bash
# Guess: a number with a fraction for an integer parameter is refused, or rounded
# as the server itself rounds 5.9::integer to 6. pgx, through database/sql, cuts
# the fraction off before anything is sent, without an error: 5.9 is stored as
# 5, and WHERE id = $1 with 5.9 finds the row 5, which the server says isn't equal.
# All numbers of JavaScript are floats: a page that computes a quantity or a key
# (total / pages, a form's "5.9" times 1) changes or finds another row than the
# same statement with the number written into it. An ADO parameter of type
# adInteger has to be rounded or refused before the driver sees it.
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
	if _, err := db.Exec("CREATE TABLE goods (id integer, name text); INSERT INTO goods VALUES (5, 'lamp')"); err != nil {
		panic(err)
	}
	show := func(query string, args ...any) {
		var got any
		err := db.QueryRow(query, args...).Scan(&got)
		fmt.Println(query, args, "->", got, err)
	}
	show("SELECT 5.9::integer")
	show("SELECT $1::integer", 5.9)
	show("SELECT $1::bigint", -0.9)
	show("SELECT name FROM goods WHERE id = 5.9")
	show("SELECT name FROM goods WHERE id = $1", 5.9)
	show("INSERT INTO goods VALUES (6.9, 'rug') RETURNING id")
	show("INSERT INTO goods VALUES ($1, 'rug') RETURNING id", 6.9)
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" "${driver%@*}/stdlib@${driver#*@}" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
go build -o finding .
[ "$(id -un)" != root ] || { chown postgres .; chmod 755 .; }
as "$bin/initdb" -D "$work/data" -U postgres -A trust >/dev/null
as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=''" -l "$work/log" -w start >/dev/null
seen=$(./finding "$work")
found='SELECT 5.9::integer [] -> 6 <nil>
SELECT $1::integer [5.9] -> 5 <nil>
SELECT $1::bigint [-0.9] -> 0 <nil>
SELECT name FROM goods WHERE id = 5.9 [] -> <nil> sql: no rows in result set
SELECT name FROM goods WHERE id = $1 [5.9] -> lamp <nil>
INSERT INTO goods VALUES (6.9, '\''rug'\'') RETURNING id [] -> 7 <nil>
INSERT INTO goods VALUES ($1, '\''rug'\'') RETURNING id [6.9] -> 6 <nil>'
echo "$driver, $("$bin/postgres" --version)"
echo "guess: the same with a parameter as with the number in the statement, or an error"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
