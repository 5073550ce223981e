#!/usr/bin/env bash
# Guess: when the time of one statement in a transaction is over, the statement is
# undone, and what follows belongs to the transaction still, or fails. SQLite rolls
# the whole transaction back when it interrupts an UPDATE in it, and says so nowhere: the
# sql.Tx of modernc.org/sqlite goes on, the next INSERT succeeds and is committed at
# once, alone, and only Commit or Rollback fails, "no transaction is active": what was
# before the timeout is gone, and what came after it stays, even through a Rollback.
# (With pgx and with the driver of MySQL the connection is gone, and all that follows fails.)
# A page that catches the timeout of one statement (CommandTimeout) and goes on
# writes half of its transaction. A host has to end the transaction itself when a
# statement of it was cancelled.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
driver=modernc.org/sqlite@v1.62.0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", "file:finding.db")
	if err != nil {
		panic(err)
	}
	if _, err := db.Exec("CREATE TABLE log (what TEXT)"); err != nil {
		panic(err)
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	_, err = tx.Exec("INSERT INTO log VALUES ('before')")
	fmt.Println("before:", err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second/2)
	defer cancel()
	_, err = tx.ExecContext(ctx, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 10000000000) UPDATE log SET what = (SELECT max(i) FROM n)")
	fmt.Println("the long one fails:", err != nil)
	_, err = tx.Exec("INSERT INTO log VALUES ('after')")
	fmt.Println("after:", err)
	fmt.Println("rollback fails:", tx.Rollback() != nil)
	rows, err := db.Query("SELECT what FROM log")
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		if err := rows.Scan(&what); err != nil {
			panic(err)
		}
		fmt.Println("found:", what)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
seen=$(go run .)
found='before: <nil>
the long one fails: true
after: <nil>
rollback fails: true
found: after'
echo "$driver"
echo "guess: Rollback succeeds, and nothing is found"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
