#!/usr/bin/env bash
# Guess: a COMMIT that can't commit is an error. After any failed statement of a
# transaction PostgreSQL answers COMMIT with success and the tag ROLLBACK, so that
# a driver's Exec gives no error though nothing was stored. pgx tells it apart
# for a sql.Tx ("commit unexpectedly resulted in rollback") and not for BEGIN and
# COMMIT sent as text, which is how pages write transactions that were made for SQL
# Server or Access ("BEGIN TRANSACTION", conn.Execute "COMMIT"). With SQLite and
# MySQL the same page keeps what succeeded. A host has to turn such texts into
# transactions of its own, or to look at what the server says it did.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "needs the package postgresql"; exit 2; }
modules="github.com/jackc/pgx/v5@v5.13.0 github.com/jackc/pgx/v5/stdlib@v5.13.0 modernc.org/sqlite@v1.62.0"
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
	_ "modernc.org/sqlite"
)

func main() {
	ctx := context.Background()
	for _, of := range [][2]string{{"pgx", "host=" + os.Args[1] + " user=postgres dbname=postgres"}, {"sqlite", "file:finding?mode=memory"}} {
		db, err := sql.Open(of[0], of[1])
		if err != nil {
			panic(err)
		}
		c, err := db.Conn(ctx)
		if err != nil {
			panic(err)
		}
		c.ExecContext(ctx, "CREATE TABLE goods (id integer PRIMARY KEY)")
		insert := func(on interface {
			ExecContext(context.Context, string, ...any) (sql.Result, error)
		}) {
			on.ExecContext(ctx, "INSERT INTO goods VALUES (1)")
			on.ExecContext(ctx, "INSERT INTO goods VALUES (1)") // fails
		}
		count := func() (n int) {
			c.QueryRowContext(ctx, "SELECT count(*) FROM goods").Scan(&n)
			return n
		}
		c.ExecContext(ctx, "BEGIN")
		insert(c)
		_, err = c.ExecContext(ctx, "COMMIT")
		fmt.Printf("%s, as text: error %v, %d rows\n", of[0], err, count())
		c.ExecContext(ctx, "DELETE FROM goods")
		tx, err := c.BeginTx(ctx, nil)
		if err != nil {
			panic(err)
		}
		insert(tx)
		err = tx.Commit()
		fmt.Printf("%s, as a sql.Tx: error %v, %d rows\n", of[0], err, count())
	}
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >/dev/null 2>&1 || { echo "needs the modules $modules"; exit 2; }
go build -o finding .
[ "$(id -un)" != root ] || { chown postgres .; chmod 755 .; }
as "$bin/initdb" -D "$work/data" -U postgres -A trust >/dev/null
as "$bin/pg_ctl" -D "$work/data" -o "-k $work -c listen_addresses=''" -l "$work/log" -w start >/dev/null
seen=$(./finding "$work")
found='pgx, as text: error <nil>, 0 rows
pgx, as a sql.Tx: error commit unexpectedly resulted in rollback, 0 rows
sqlite, as text: error <nil>, 1 rows
sqlite, as a sql.Tx: error <nil>, 1 rows'
echo "$modules, $("$bin/postgres" --version)"
echo "guess: no error means that the row is there"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
