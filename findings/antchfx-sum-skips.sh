#!/usr/bin/env bash
# Guess: sum() of XPath adds numbers as number() reads them: blanks and line ends
# around a number don't matter, and what is no number makes the sum NaN
# (XPath 1.0, 4.4). antchfx/xpath, on which xmlquery stands, leaves out of a sum
# what has a blank around it, without an error, though its number() reads the same
# text: an invoice that an indenting writer has made is too cheap by each value
# that stands on a line of its own, and one with a broken value has a total.
# Python's lxml (libxml2) gives 6 and NaN. A DOM for pages that stands on
# antchfx/xpath needs a sum of its own.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
modules="github.com/antchfx/xmlquery@v1.5.2 github.com/antchfx/xpath@v1.3.9"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"
	"strings"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
)

func main() {
	doc, err := xmlquery.Parse(strings.NewReader("<order><price>1</price><price> 2 </price><price>\n\t3\n</price><code>x</code></order>"))
	if err != nil {
		panic(err)
	}
	for _, e := range []string{"sum(//price)", "number(//price[2]) + number(//price[3])", "//price[3] = 3", "sum(//price | //code)"} {
		fmt.Println(e, "->", xpath.MustCompile(e).Evaluate(xmlquery.CreateXPathNavigator(doc)))
	}
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >/dev/null 2>&1 || { echo "needs the modules $modules"; exit 2; }
seen=$(go run .)
found='sum(//price) -> 1
number(//price[2]) + number(//price[3]) -> 5
//price[3] = 3 -> true
sum(//price | //code) -> 1'
echo "$modules"
echo "guess: 6, 5, true, NaN"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
