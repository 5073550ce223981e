#!/usr/bin/env bash
# Guess: a moment in UTC can be an expiry at any time of the year. mysqlstore hands
# the expiry over as the digits of its UTC time, for a TIMESTAMP column, and the
# server reads such digits as the time of the connection's zone: its own, unless
# the connection says otherwise. In the zone of Berlin there is no 02:30 on the
# 28th of March 2027, so that in strict mode every commit whose session ends
# between 02:00 and 03:00 UTC that night is refused, "Incorrect datetime value",
# though the moment is as good as any. For an hour of the year nobody's session
# can be stored.
# naja can't choose the digits. docs/embedding.md says what to set: time_zone of
# the connection to '+00:00'; TestHourThatIsNot (interop/stores) has both.
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
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/alexedwards/scs/mysqlstore"
	_ "github.com/go-sql-driver/mysql"
)

func main() {
	for _, zone := range []string{"SYSTEM", "+00:00"} {
		db, err := sql.Open("mysql", "root@unix("+os.Args[1]+")/test?time_zone=%27"+map[string]string{"SYSTEM": "SYSTEM", "+00:00": "%2B00:00"}[zone]+"%27")
		if err != nil {
			panic(err)
		}
		_, _ = db.Exec("CREATE TABLE sessions (token CHAR(43) PRIMARY KEY, data BLOB NOT NULL, expiry TIMESTAMP(6) NOT NULL)")
		store := mysqlstore.NewWithCleanupInterval(db, 0)
		for _, hour := range []int{1, 2, 3} {
			err := store.Commit("token", []byte("a session"), time.Date(2027, 3, 28, hour, 30, 0, 0, time.UTC))
			fmt.Printf("time_zone %s, ends at %02d:30 UTC: stored %v\n", zone, hour, err == nil)
		}
	}
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >/dev/null 2>&1 || { echo "needs the modules $modules"; exit 2; }
go build -o finding .
as=$(id -un)
[ "$as" != root ] || { as=mysql; chown -R mysql .; chmod 755 .; }
mariadb-install-db --no-defaults --user="$as" --datadir="$work/data" --auth-root-authentication-method=normal >/dev/null 2>&1
TZ=Europe/Berlin mariadbd --no-defaults --user="$as" --datadir="$work/data" --skip-networking --socket="$work/socket" >log 2>&1 &
server=$!
for _ in $(seq 300); do mariadb --no-defaults --socket="$work/socket" --user=root -e "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
seen=$(./finding "$work/socket")
mariadbd --version
echo "$modules"
echo "expected by guess: stored at all times"
echo "seen:"
echo "$seen"
[ "$seen" = "time_zone SYSTEM, ends at 01:30 UTC: stored true
time_zone SYSTEM, ends at 02:30 UTC: stored false
time_zone SYSTEM, ends at 03:30 UTC: stored true
time_zone +00:00, ends at 01:30 UTC: stored true
time_zone +00:00, ends at 02:30 UTC: stored true
time_zone +00:00, ends at 03:30 UTC: stored true" ]
