#!/usr/bin/env bash
# Guess: a statement whose context is cancelled stops, as it does with SQLite
# (interrupted) and pgx (which asks the server to cancel): that is how a script's
# timeout or a visitor who left reaches the database. go-sql-driver/mysql closes
# its connection, and the server, which looks at the connection only when it has
# something to send, runs the statement to its end and commits it: the caller has
# "context deadline exceeded", and the update is done all the same, seconds later.
# A page that says "nothing was changed, try again" does it twice. A host has to
# end the statement itself (KILL QUERY over another connection), or say that the
# outcome isn't known.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v mariadbd >/dev/null || { echo "needs the package mariadb-server"; exit 2; }
modules="github.com/go-sql-driver/mysql@v1.10.1 modernc.org/sqlite@v1.62.0"
work=$(mktemp -d)
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"; }
trap stop EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	_ "github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite"
)

func main() {
	run("sqlite", "file:finding.db", `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 1000000000) UPDATE goods SET stock = (SELECT max(i) FROM n)`)
	run("mysql", "root@unix("+os.Args[1]+")/test", "UPDATE goods SET stock = 1 + SLEEP(2)")
}

func run(driver, source, update string) {
	db, err := sql.Open(driver, source)
	if err != nil {
		panic(err)
	}
	for _, s := range []string{"CREATE TABLE goods (stock INT)", "INSERT INTO goods VALUES (0)"} {
		if _, err := db.Exec(s); err != nil {
			panic(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second/2)
	defer cancel()
	begin := time.Now()
	_, err = db.ExecContext(ctx, update)
	stopped := time.Since(begin) < 1900*time.Millisecond
	stock := 0
	for range 40 { // the longest that the statement could have taken, and some
		if db.QueryRow("SELECT stock FROM goods").Scan(&stock); stock != 0 {
			break
		}
		time.Sleep(time.Second / 10)
	}
	fmt.Printf("%s: error %t, before its end %t; afterwards stock is %d\n", driver, err != nil, stopped, stock)
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >/dev/null 2>&1 || { echo "needs the modules $modules"; exit 2; }
go build -o finding .
as=$(id -un)
[ "$as" != root ] || { as=mysql; chown -R mysql .; chmod 755 .; }
mariadb-install-db --no-defaults --user="$as" --datadir="$work/data" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd --no-defaults --user="$as" --datadir="$work/data" --skip-networking --socket="$work/socket" >log 2>&1 &
server=$!
for _ in $(seq 300); do mariadb --no-defaults --socket="$work/socket" --user=root -e "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
seen=$(./finding "$work/socket")
found='sqlite: error true, before its end true; afterwards stock is 0
mysql: error true, before its end true; afterwards stock is 1'
echo "$modules, $(mariadbd --version)"
echo "guess: stock stays 0 with both"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
