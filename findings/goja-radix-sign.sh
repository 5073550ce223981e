#!/usr/bin/env bash
# Guess: (-0.75).toString(2) is "-0.11", as ECMA-262 21.1.3.6 says (V8 does so).
# goja drops the sign of a number between 0 and -1 in the bases 2, 4, 8, 16 and 32,
# and keeps it in base 10 and from -1 down. A page that writes small differences in
# hexadecimal or base 32 (ids, colours, compact coordinates) reads them back
# as their opposite.
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

	"github.com/dop251/goja"
)

func main() {
	for _, source := range []string{
		"(-0.75).toString(2)",
		"(-0.5).toString(16)",
		"(-1.5).toString(16)",
		"(-0.5).toString(10)",
	} {
		v, err := goja.New().RunString(source)
		fmt.Println(source, "->", v, err)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$goja" >/dev/null 2>&1 || { echo "needs the module $goja"; exit 2; }
seen=$(go run .)
found='(-0.75).toString(2) -> 0.11 <nil>
(-0.5).toString(16) -> 0.8 <nil>
(-1.5).toString(16) -> -1.8 <nil>
(-0.5).toString(10) -> -0.5 <nil>'
echo "$goja"
echo "guess: -0.11, -0.8, -1.8, -0.5"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
