#!/usr/bin/env bash
# Guess: comparisons in a row are taken from the left, as ECMA-262 13.10 says, so
# that 3 > 2 > 1 is false. goja's parser calls itself for the right side of
# < <= > >= instanceof and in, and takes them from the right, though +, *, ==, &
# and the others are loops. A page gets another truth without an error.
# naja regroups the syntax tree: runtime/comparison.go.
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
		"3 > 2 > 1",
		"1 < 2 < 3",
		"0 <= 5 <= 1",
		"[] instanceof Array instanceof Object",
	} {
		v, err := goja.New().RunString(source)
		if err != nil {
			fmt.Println(source, "->", err)
			continue
		}
		fmt.Println(source, "->", v)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$goja" >/dev/null 2>&1 || { echo "needs the module $goja"; exit 2; }
seen=$(go run .)
found='3 > 2 > 1 -> true
1 < 2 < 3 -> false
0 <= 5 <= 1 -> true
[] instanceof Array instanceof Object -> TypeError: Value is not an object: true at <eval>:1:1(4)'
echo "$goja"
echo "guess: false, true, true and false"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
