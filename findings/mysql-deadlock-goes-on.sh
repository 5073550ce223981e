#!/usr/bin/env bash
# Guess: after an error in a transaction its end tells what became of it: Commit
# fails, or what succeeded is stored. The loser of a deadlock in MySQL and MariaDB is
# rolled back as a whole (1213; a duplicate key undoes its statement alone), and the
# sql.Tx goes on without a transaction: what is written next is stored at once, no
# Rollback takes it back, and Commit gives no error, since COMMIT without a
# transaction is none. A page that catches an error, writes it into a log table or
# tries its statement again, and commits, has stored the second half. A host has to
# end the transaction itself at 1213, and may run the page's whole turn again.
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

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	db := must(sql.Open("mysql", "root@unix("+os.Args[1]+")/test"))
	for _, end := range []string{"Commit", "Rollback"} {
		for _, s := range []string{
			"DROP TABLE IF EXISTS goods", "CREATE TABLE goods (id INT PRIMARY KEY, stock INT) ENGINE=InnoDB",
			"INSERT INTO goods SELECT seq, 0 FROM seq_1_to_100",
		} {
			must(db.Exec(s))
		}
		winner, loser := must(db.Begin()), must(db.Begin())
		must(winner.Exec("UPDATE goods SET stock = 1 WHERE id > 10")) // who wrote more wins
		must(loser.Exec("UPDATE goods SET stock = 5 WHERE id = 1"))
		done := make(chan error)
		go func() {
			_, err := winner.Exec("UPDATE goods SET stock = 1 WHERE id = 1")
			done <- err
		}()
		for waits := 0; waits == 0; { // the winner waits for the row of the loser
			time.Sleep(time.Second / 5) // the server looks anew after a tenth of a second without a question
			if err := db.QueryRow("SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'").Scan(&waits); err != nil {
				panic(err)
			}
		}
		_, err := loser.Exec("UPDATE goods SET stock = 5 WHERE id = 50")
		fmt.Println("the loser:", err)
		if err := <-done; err != nil {
			panic(err)
		}
		if err := winner.Commit(); err != nil {
			panic(err)
		}
		_, err = loser.Exec("UPDATE goods SET stock = 5 WHERE id = 2")
		fmt.Println("goes on:", err)
		if end == "Commit" {
			err = loser.Commit()
		} else {
			err = loser.Rollback()
		}
		var before, after int
		if err := db.QueryRow("SELECT (SELECT stock FROM goods WHERE id = 1), (SELECT stock FROM goods WHERE id = 2)").Scan(&before, &after); err != nil {
			panic(err)
		}
		fmt.Printf("%s: %v; of before the deadlock is stored: %t, of after it: %t\n", end, err, before == 5, after == 5)
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
seen=$(timeout 60 ./finding "$work/socket")
found='the loser: Error 1213 (40001): Deadlock found when trying to get lock; try restarting transaction
goes on: <nil>
Commit: <nil>; of before the deadlock is stored: false, of after it: true
the loser: Error 1213 (40001): Deadlock found when trying to get lock; try restarting transaction
goes on: <nil>
Rollback: <nil>; of before the deadlock is stored: false, of after it: true'
echo "$driver, $(mariadbd --version)"
echo "guess: Commit fails and nothing is stored, and nothing is after Rollback"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
