#!/usr/bin/env bash
# Guess: a program that opens modernc.org/sqlite by sqlite.NewConnector needs no
# driver name, so it gets on with any other SQLite driver in the same program.
# Importing modernc.org/sqlite registers "sqlite" with database/sql all the same,
# in an init of its own, and so does github.com/glebarez/go-sqlite, which
# GORM's driver without C (glebarez/sqlite) is made of: the two together end every
# program at its start, before main. A host that keeps its sessions in SQLite can't
# choose what else its embedder imports.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
ours=modernc.org/sqlite@v1.62.0
other=github.com/glebarez/go-sqlite@v1.22.0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
mkdir one both
cat > one/main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"

	"modernc.org/sqlite"
)

func main() {
	c, err := sqlite.NewConnector("file:x?mode=memory")
	fmt.Println(sql.OpenDB(c).Ping(), err, sql.Drivers())
}
GO
sed 's|"modernc.org/sqlite"|_ "github.com/glebarez/go-sqlite"\n\t"modernc.org/sqlite"|' one/main.go > both/main.go
go mod init finding 2>/dev/null
go get "$ours" "$other" 2>/dev/null
alone=$(go run ./one)
both=$(go run ./both 2>&1 || true)
echo "$ours alone: $alone"
echo "with $other: $(head -n 1 <<<"$both")"
echo "expected by guess: no driver is registered, and both run"
[[ $alone == *"[sqlite]"* ]] || { echo "changed: nothing is registered any more"; exit 1; }
[[ $both == *"Register called twice for driver sqlite"* ]] || { echo "changed: they get on with each other"; exit 1; }
