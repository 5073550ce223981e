#!/usr/bin/env bash
# Guess: a blank that is not ASCII around a number is no matter: isNaN, == and the
# functions of Math make a text a number by the same ToNumber as Number() does
# (ECMA-262 7.1.4.1; V8 gives 5 and equal throughout). In goja Number() and
# arithmetic take the no-break space away, isNaN, isFinite, == and Math.max do
# not. What visitors paste from a table of another page has such blanks, and
# a form is checked with isNaN and computed with *.
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
		`Number("\u00a05")`,
		`"\u00a05" * 1`,
		`isNaN("\u00a05")`,
		`"\u00a05" == 5`,
		`Math.max("\u00a05", 1)`,
	} {
		v, err := goja.New().RunString(source)
		fmt.Println(source, "->", v, err)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get "$goja" >/dev/null 2>&1 || { echo "needs the module $goja"; exit 2; }
seen=$(go run .)
found='Number("\u00a05") -> 5 <nil>
"\u00a05" * 1 -> 5 <nil>
isNaN("\u00a05") -> true <nil>
"\u00a05" == 5 -> false <nil>
Math.max("\u00a05", 1) -> NaN <nil>'
echo "$goja"
echo "guess: 5, 5, false, true, 5"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
