#!/usr/bin/env bash
# Guess: a session that doesn't fit into its column is an error of the commit.
# mysqlstore's table has a BLOB, 65,535 bytes. A server in strict mode refuses
# more; one outside of it, as many old servers and shared hosts run, cuts the
# value off with a warning that nobody reads: Commit gives nil, and Find gives the
# first 65,535 bytes, which no codec can decode: the visitor gets an error at
# every request from then on.
# naja reads a session back that is larger than any that came back whole before,
# puts the former one back, and has the page that put the large value fail with
# its key: TestCutOff (interop/scs), TestStores (interop/stores).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v mariadbd >/dev/null || { echo "needs the package mariadb-server"; exit 2; }
modules="github.com/alexedwards/scs/mysqlstore@v0.0.0-20250417082927-ab20b3feb5e9 github.com/go-sql-driver/mysql@v1.10.1"
work=$(mktemp -d)
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"; }
trap stop EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/alexedwards/scs/mysqlstore"
	_ "github.com/go-sql-driver/mysql"
)

func main() {
	db, err := sql.Open("mysql", "root@unix("+os.Args[1]+")/test?sql_mode=%27%27")
	if err != nil {
		panic(err)
	}
	if _, err := db.Exec("CREATE TABLE sessions (token CHAR(43) PRIMARY KEY, data BLOB NOT NULL, expiry TIMESTAMP(6) NOT NULL)"); err != nil {
		panic(err)
	}
	store := mysqlstore.NewWithCleanupInterval(db, 0)
	err = store.Commit("token", bytes.Repeat([]byte("x"), 70000), time.Now().Add(time.Hour))
	got, found, _ := store.Find("token")
	fmt.Printf("committed 70000 bytes: %v; found %v, %d bytes\n", err, found, len(got))
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
mariadbd --version
echo "$modules"
echo "expected by guess: an error"
echo "seen:              $seen"
[ "$seen" = "committed 70000 bytes: <nil>; found true, 65535 bytes" ]
