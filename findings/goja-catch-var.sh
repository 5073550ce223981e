#!/usr/bin/env bash
# Guess: the name of a caught error may be declared again with var in its block, and
# is then the same variable there: catch (e) { var e = e.message }. ECMA-262 B.3.4
# allows it for old scripts, and every browser, Node.js and JScript run it. goja refuses
# the whole program with a SyntaxError, "e has already been declared", for (var e = …;
# …; …) too, which is what old pages have (e is an Enumerator), and takes for (var e
# in …) alone: one such line in an include stops each page that has it, though it
# might never be reached.
# naja makes assignments of them: runtime/catchvar.go, dialect/library.asp (runtime).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v node >/dev/null || { echo "needs Node.js, to compare with"; exit 2; }
goja=github.com/dop251/goja@v0.0.0-20260917113740-793a2a65c13b
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/dop251/goja"
)

func main() {
	v, err := goja.New().RunString(os.Args[1])
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), " at ")
		fmt.Println(message)
		return
	}
	fmt.Println(v)
}
GO
go mod init finding >/dev/null 2>&1
go get "$goja" >/dev/null 2>&1 || { echo "needs the module $goja"; exit 2; }
go build -o finding .
seen=$(for source in 'try { throw Error("x") } catch (e) { var e = e.message; e }' 'try { throw 1 } catch (e) { for (var e = 2; e < 3; e++) e }' 'if (false) try { } catch (e) { var e = 2 } "reached"'; do
	echo "$source -> goja: $(./finding "$source"), Node.js: $(node -p 'eval(process.argv[1])' "$source")"
done)
refused="SyntaxError: SyntaxError: Identifier 'e' has already been declared"
found="try { throw Error(\"x\") } catch (e) { var e = e.message; e } -> goja: $refused, Node.js: x
try { throw 1 } catch (e) { for (var e = 2; e < 3; e++) e } -> goja: $refused, Node.js: 2
if (false) try { } catch (e) { var e = 2 } \"reached\" -> goja: $refused, Node.js: reached"
echo "$goja, Node.js $(node --version)"
echo "guess: both the same"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
