#!/usr/bin/env bash
# Guess: Number(bigint) is the nearest double, as ECMA-262 21.1.1.1 says. goja
# takes the low 64 bits as a signed integer: from 2^63 up the number is another
# one, often negative, and 2^64 is 0. It matters where a page computes keys of a
# database (unsigned bigint) or snowflake ids with BigInts and shows a Number.
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
		"String(Number(2n ** 63n))",
		"String(Number(2n ** 64n))",
		"String(Number(12345678901234567890n))",
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
found='String(Number(2n ** 63n)) -> -9223372036854776000
String(Number(2n ** 64n)) -> 0
String(Number(12345678901234567890n)) -> -6101065172474983000'
echo "$goja"
echo "guess: 9223372036854776000, 18446744073709552000 and 12345678901234567000"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
