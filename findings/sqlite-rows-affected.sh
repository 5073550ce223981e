#!/usr/bin/env bash
# Guess: RowsAffected is of the statement that was run, and LastInsertId of the row
# that it inserted. modernc.org/sqlite asks the connection, which knows of its last
# insert, update or delete alone: CREATE TABLE and SELECT behind an UPDATE of three
# rows have affected three, and INSERT OR IGNORE that ignored its row gives the
# id of a row that some other statement inserted, in another table. MySQL's
# driver gives 0 and 0. An ADO host hands both to pages (RecordsAffected of Execute,
# @@IDENTITY, the key of AddNew): it has to know the kind of the statement first, and
# read the id only where RowsAffected of an INSERT isn't 0.
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
	db.SetMaxOpenConns(1)
	for _, s := range []string{
		"CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
		"INSERT INTO goods (id, name) VALUES (40, 'lamp'), (41, 'rug'), (42, 'bed')",
		"UPDATE goods SET name = upper(name)",
		"CREATE TABLE visits (id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
		"SELECT name FROM goods WHERE id = 0",
		"INSERT INTO visits (name) VALUES ('ann')",
		"INSERT OR IGNORE INTO goods (name) VALUES ('LAMP')",
	} {
		r, err := db.Exec(s)
		if err != nil {
			panic(err)
		}
		rows, _ := r.RowsAffected()
		id, _ := r.LastInsertId()
		fmt.Printf("%s: %d rows, id %d\n", s, rows, id)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$driver" >/dev/null 2>&1 || { echo "needs the module $driver"; exit 2; }
seen=$(go run . | tail -n +3)
found="UPDATE goods SET name = upper(name): 3 rows, id 42
CREATE TABLE visits (id INTEGER PRIMARY KEY, name TEXT UNIQUE): 3 rows, id 42
SELECT name FROM goods WHERE id = 0: 3 rows, id 42
INSERT INTO visits (name) VALUES ('ann'): 1 rows, id 1
INSERT OR IGNORE INTO goods (name) VALUES ('LAMP'): 0 rows, id 1"
echo "$driver"
echo "guess: 0 rows behind CREATE TABLE and SELECT, no id where nothing was inserted"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
