#!/usr/bin/env bash
# Guess: a local time that comes twice when summer time ends is its first one,
# as ECMA-262 21.4.1.26 says (V8 does so): 02:30 on 2024-10-27 in Berlin is
# 00:30 UTC. goja leaves it to Go's time.Date, which promises one of the two and
# not which: east of Greenwich it is the second, west of it the first. Whoever
# compares times of visitors or of a database across that night is an hour off,
# and only in one half of the world.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
goja=github.com/dop251/goja@v0.0.0-20260917113740-793a2a65c13b
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	_ "time/tzdata"

	"github.com/dop251/goja"
)

func main() {
	for _, source := range []string{
		"new Date(2024, 9, 27, 2, 30).toISOString()",
		"new Date(2024, 10, 3, 1, 30).toISOString()",
	} {
		v, err := goja.New().RunString(source)
		fmt.Println(os.Getenv("TZ"), source, "->", v, err)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$goja" >/dev/null 2>&1 || { echo "needs the module $goja"; exit 2; }
go build -o finding .
seen=$(TZ=Europe/Berlin ./finding | head -1; TZ=America/New_York ./finding | tail -1)
found='Europe/Berlin new Date(2024, 9, 27, 2, 30).toISOString() -> 2024-10-27T01:30:00.000Z <nil>
America/New_York new Date(2024, 10, 3, 1, 30).toISOString() -> 2024-11-03T05:30:00.000Z <nil>'
echo "$goja"
echo "guess: 2024-10-27T00:30:00.000Z in Berlin and 2024-11-03T05:30:00.000Z in New York, the first of the two in both"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
