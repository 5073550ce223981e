#!/usr/bin/env bash
# Guess: a Date survives JSON: what toISOString writes, Date.parse reads, here and in
# a browser. From the year 10000 on ECMA-262 wants six digits, +010000 (21.4.1.32.1);
# goja writes as many as the year has, +10000-…, and browsers and Node.js make
# an invalid date of it. One doesn't have to go so far: 9999-12-31 23:59:59, which
# tables have for "never ends", is in the year 10000 of UTC for every server west
# of Greenwich, so that the same page is right in Berlin and wrong in New York.
# naja writes six digits: runtime/libdatefixes.go, TestExact (runtime).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v node >/dev/null || { echo "needs Node.js, as the browser"; exit 2; }
goja=github.com/dop251/goja@v0.0.0-20260917113740-793a2a65c13b
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	_ "time/tzdata"

	"github.com/dop251/goja"
)

func main() {
	v, err := goja.New().RunString("JSON.stringify({until: new Date(9999, 11, 31, 23, 59, 59)})")
	if err != nil {
		panic(err)
	}
	fmt.Println(v)
}
GO
go mod init finding >/dev/null 2>&1
go get "$goja" >/dev/null 2>&1 || { echo "needs the module $goja"; exit 2; }
go build -o finding .
seen=$(for zone in Europe/Berlin America/New_York; do
	answer=$(TZ=$zone ./finding)
	echo "$zone: $answer, in the browser $(node -p 'new Date(JSON.parse(process.argv[1]).until).getTime()' "$answer")"
done)
found='Europe/Berlin: {"until":"9999-12-31T22:59:59.000Z"}, in the browser 253402297199000
America/New_York: {"until":"+10000-01-01T04:59:59.000Z"}, in the browser NaN'
echo "$goja, Node.js $(node --version)"
echo 'guess: in New York {"until":"+010000-01-01T04:59:59.000Z"}, 253402318799000'
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
