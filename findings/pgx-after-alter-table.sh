#!/usr/bin/env bash
# Guess: somebody adds a column to a table, and a program that reads it goes on:
# what an ALTER TABLE invalidates, the driver prepares anew. pgx remembers each
# statement on each connection, and the next query of the same text fails, "cached
# plan must not change result type" (0A000); only then is it forgotten. In the mode
# that poolers need, cache_describe, where nothing stays prepared on the server,
# it fails as well, as a violation of the protocol (08P01). Only exec doesn't. Each
# connection of the pool fails once for each statement, and in a transaction all
# that was done before is lost with it. Pages say SELECT * as a matter of course, and
# a host's pools live for weeks: a harmless ALTER TABLE ADD COLUMN costs as many
# pages an error as there are connections.
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
	"context"
	"database/sql"
	"fmt"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	ctx := context.Background()
	admin := must(sql.Open("pgx", "host="+os.Args[1]+" user=postgres dbname=postgres"))
	for _, mode := range []string{"cache_statement", "cache_describe", "exec"} {
		must(admin.Exec("DROP TABLE IF EXISTS goods; CREATE TABLE goods (id integer, name text); INSERT INTO goods VALUES (1, 'lamp')"))
		db := must(sql.Open("pgx", "host="+os.Args[1]+" user=postgres dbname=postgres default_query_exec_mode="+mode))
		var pool []*sql.Conn
		for range 3 { // three pages at once, each with a connection of the pool
			pool = append(pool, must(db.Conn(ctx)))
		}
		read := func(c *sql.Conn) error {
			rows, err := c.QueryContext(ctx, "SELECT * FROM goods WHERE id = $1", 1)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		}
		for _, c := range pool {
			if err := read(c); err != nil {
				panic(err)
			}
		}
		must(admin.Exec("ALTER TABLE goods ADD COLUMN note text"))
		failed, again := 0, 0
		var last error
		for _, c := range pool {
			if err := read(c); err != nil {
				failed, last = failed+1, err
			}
		}
		for _, c := range pool {
			if read(c) != nil {
				again++
			}
		}
		fmt.Printf("%s: %d of 3 connections failed, then %d: %v\n", mode, failed, again, last)
		for _, c := range pool {
			c.Close()
		}
		db.Close()
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
found='cache_statement: 3 of 3 connections failed, then 0: ERROR: cached plan must not change result type (SQLSTATE 0A000)
cache_describe: 3 of 3 connections failed, then 0: ERROR: bind message has 2 result formats but query has 3 columns (SQLSTATE 08P01)
exec: 0 of 3 connections failed, then 0: <nil>'
echo "$driver, $("$bin/postgres" --version)"
echo "guess: none of 3 connections fails, in any mode"
echo "seen (cache_statement is the default):"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
