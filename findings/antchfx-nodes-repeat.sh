#!/usr/bin/env bash
# Guess: what an expression of XPath selects is a set: no node is in it twice,
# whatever way led to it (XPath 1.0, 3.3). antchfx/xpath gives a node once for each
# way over the parent, following, preceding and sibling axes, though not over
# ancestor::* and not in a union: //item/.. is the order once for each of its
# items, and count() counts so. A page that lists the orders with an open item lists
# some twice, and one that doubles, marks or removes what selectNodes gives does so
# twice. Python's lxml (libxml2) gives 2, 2, 2, 2.
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
	doc, err := xmlquery.Parse(strings.NewReader(`<orders><order id="1"><item/><item/><item/></order><order id="2"><item/></order></orders>`))
	if err != nil {
		panic(err)
	}
	for _, e := range []string{"//item/..", "//item/../@id", "//item/ancestor::order", "/orders/order[1]/item/following-sibling::item"} {
		nodes, err := xmlquery.QueryAll(doc, e)
		fmt.Println(e, "->", len(nodes), "nodes,", xpath.MustCompile("count("+e+")").Evaluate(xmlquery.CreateXPathNavigator(doc)), "counted", err)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >/dev/null 2>&1 || { echo "needs the modules $modules"; exit 2; }
seen=$(go run .)
found='//item/.. -> 4 nodes, 4 counted <nil>
//item/../@id -> 4 nodes, 4 counted <nil>
//item/ancestor::order -> 2 nodes, 2 counted <nil>
/orders/order[1]/item/following-sibling::item -> 3 nodes, 3 counted <nil>'
echo "$modules"
echo "guess: 2 nodes each time"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
