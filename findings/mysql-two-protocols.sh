#!/usr/bin/env bash
# Guess: a column has one value and one Go type, whatever the query looks like.
# With go-sql-driver/mysql a query without arguments goes by the text protocol
# and one with an argument by the binary one, and the server writes a FLOAT as
# text with six digits: the same row gives 1234570 without and 1234567.8 with an
# argument. BIGINT UNSIGNED is uint64 without and int64 with one. Whoever shows a
# price from a FLOAT column, or switches on a value's Go type, sees another thing
# as soon as somebody adds a WHERE with a parameter.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v mariadbd >/dev/null || { echo "needs the package mariadb-server"; exit 2; }
driver=github.com/go-sql-driver/mysql@v1.10.1
work=$(mktemp -d)
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"; }
trap stop EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"
	"os"
	"strconv"

	_ "github.com/go-sql-driver/mysql"
)

func main() {
	db, err := sql.Open("mysql", "root@unix("+os.Args[1]+")/test")
	if err != nil {
		panic(err)
	}
	for _, statement := range []string{
		"CREATE TABLE goods (price FLOAT, stock BIGINT UNSIGNED)",
		"INSERT INTO goods VALUES (1234567.8, 5)",
	} {
		if _, err := db.Exec(statement); err != nil {
			panic(err)
		}
	}
	show(db, "SELECT price, stock FROM goods")
	show(db, "SELECT price, stock FROM goods WHERE stock = ?", 5)
}

func show(db *sql.DB, query string, args ...any) {
	var price, stock any
	if err := db.QueryRow(query, args...).Scan(&price, &stock); err != nil {
		panic(err)
	}
	f := float64(price.(float32))
	fmt.Printf("%s: %s, %T %v\n", query, strconv.FormatFloat(f, 'f', 1, 32), stock, stock)
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
go build -o finding .
as=$(id -un)
[ "$as" != root ] || { as=mysql; chown -R mysql .; chmod 755 .; }
mariadb-install-db --no-defaults --user="$as" --datadir="$work/data" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd --no-defaults --user="$as" --datadir="$work/data" --skip-networking --socket="$work/socket" >"$work/log" 2>&1 &
server=$!
for _ in $(seq 60); do mariadb -uroot -S "$work/socket" -e 'CREATE DATABASE IF NOT EXISTS test' 2>/dev/null && break; sleep 1; done
seen=$(./finding "$work/socket")
found='SELECT price, stock FROM goods: 1234570.0, uint64 5
SELECT price, stock FROM goods WHERE stock = ?: 1234567.8, int64 5'
echo "$driver, $(mariadbd --version)"
echo "guess: twice the same number and the same type"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
