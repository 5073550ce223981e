#!/usr/bin/env bash
# Guess: an attribute with a line end survives writing and reading: a writer of XML
# writes &#xA;, as encoding/xml and libxml2 do, since every reader makes a blank of a
# line end that stands there as it is (XML 1.0, 3.3.3). etree writes it as it is,
# and in texts the carriage return, which a reader drops. Its own reader stands on
# encoding/xml, which doesn't do what 3.3.3 says either: it gives line ends of an
# attribute as they are, so that a round trip within Go is right and every
# neighbour (libxml2, browsers, MSXML) reads "a b". An address or a note of several
# lines in an attribute comes out on one line at whomever the file is for; and a file
# that a person wrapped within an attribute has line ends in its value in Go alone.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v python3 >/dev/null || { echo "needs Python 3, as another reader"; exit 2; }
module=github.com/beevik/etree@v1.8.1
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"encoding/xml"
	"fmt"
	"os"

	"github.com/beevik/etree"
)

func main() {
	doc := etree.NewDocument()
	doc.CreateElement("order").CreateAttr("note", "a\nb")
	if err := doc.WriteToFile("etree.xml"); err != nil {
		panic(err)
	}
	again := etree.NewDocument()
	if err := again.ReadFromFile("etree.xml"); err != nil {
		panic(err)
	}
	fmt.Printf("etree, read by etree: %q\n", again.Root().SelectAttrValue("note", ""))
	standard, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"order"`
		Note    string   `xml:"note,attr"`
	}{Note: "a\nb"})
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile("standard.xml", standard, 0o600); err != nil {
		panic(err)
	}
}
GO
cat > read.py <<'PY'
import json
from xml.dom import minidom  # expat
for by in "etree", "standard":
    note = minidom.parse(by + ".xml").documentElement.getAttribute("note")
    print(by.replace("standard", "encoding/xml") + ", read by expat:", json.dumps(note))
PY
go mod init finding >/dev/null 2>&1
go get "$module" >/dev/null 2>&1 || { echo "needs the module $module"; exit 2; }
go build -o finding .
seen=$(./finding; python3 read.py)
found='etree, read by etree: "a\nb"
etree, read by expat: "a b"
encoding/xml, read by expat: "a\nb"'
echo "$module, $(go version), $(python3 --version)"
echo 'guess: "a\nb" three times'
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
