#!/usr/bin/env bash
# Guess: a date that time.Time can't hold is an error, or a text, or the zero time,
# as 0000-00-00 is. MySQL and MariaDB store dates of which only the year or the month
# is known, 2024-02-00 and 2024-00-00; with parseTime go-sql-driver/mysql gives
# them to time.Date, which counts back: they come out as 2024-01-31 and
# 2023-11-30, in another month and another year, without an error. (With parseTime
# off they are the texts that they are.) Old tables are full of them: birthdays
# and publications of which one knew the year, imports out of strict mode.
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
	"time"

	_ "github.com/go-sql-driver/mysql"
)

func main() {
	db, err := sql.Open("mysql", "root@unix("+os.Args[1]+")/test?parseTime=true")
	if err != nil {
		panic(err)
	}
	for _, s := range []string{
		"CREATE TABLE books (published DATE)",
		"INSERT INTO books VALUES ('2024-02-29'), ('2024-02-00'), ('2024-00-00'), ('0000-00-00')", // MariaDB's default sql_mode takes them
	} {
		if _, err := db.Exec(s); err != nil {
			panic(err)
		}
	}
	rows, err := db.Query("SELECT CAST(published AS CHAR), published FROM books WHERE ? = 1", 1)
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var date time.Time
		err := rows.Scan(&text, &date)
		fmt.Println(text, "->", date.Format("2006-01-02"), err)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
go build -o finding .
as=$(id -un)
[ "$as" != root ] || { as=mysql; chown -R mysql .; chmod 755 .; }
mariadb-install-db --no-defaults --user="$as" --datadir="$work/data" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd --no-defaults --user="$as" --datadir="$work/data" --skip-networking --socket="$work/socket" >log 2>&1 &
server=$!
for _ in $(seq 300); do mariadb --no-defaults --socket="$work/socket" --user=root -e "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
seen=$(./finding "$work/socket")
found='2024-02-29 -> 2024-02-29 <nil>
2024-02-00 -> 2024-01-31 <nil>
2024-00-00 -> 2023-11-30 <nil>
0000-00-00 -> 0001-01-01 <nil>'
echo "$driver, $(mariadbd --version)"
echo "guess: an error or the zero time for the second and third"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
