#!/usr/bin/env bash
# Guess: the single-byte tables of golang.org/x/text are those of browsers and of
# Windows, in which the bytes 0x80 to 0x9F that have no letter are the controls
# U+0080 to U+009F, so that any byte survives decoding and encoding (WHATWG
# Encoding, the indexes of single-byte encodings; MultiByteToWideChar). They have
# holes there: 0x81, 0x8D, 0x8F, 0x90 and 0x9D of windows-1252 become U+FFFD, with
# ISO 8859-2 and 8859-15 all 32 do, and U+0081 can't be encoded. Old pages carry bytes in texts:
# what RC4 or a compression made, written by fromCharCode and escape, came back
# from a form of IIS and doesn't come back here.
# naja gives these bytes the controls: internal/codepage, TestBytesWithoutALetter.
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v node >/dev/null || { echo "needs Node.js, for the WHATWG's tables"; exit 2; }
module=golang.org/x/text@v0.43.0
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"

	"golang.org/x/text/encoding/htmlindex"
)

func main() {
	for _, name := range []string{"windows-1250", "windows-1251", "windows-1252", "windows-1254", "iso-8859-2", "iso-8859-15"} {
		e, err := htmlindex.Get(name)
		if err != nil {
			panic(err)
		}
		lost := 0
		for b := 0x80; b <= 0x9F; b++ {
			if s, err := e.NewDecoder().String(string([]byte{byte(b)})); err != nil || s == "\uFFFD" {
				lost++
			}
		}
		fmt.Printf("%s: %d of 32 bytes are lost\n", name, lost)
	}
}
GO
cat > whatwg.js <<'JS'
for (const name of ["windows-1250", "windows-1251", "windows-1252", "windows-1254", "iso-8859-2", "iso-8859-15"]) {
	let lost = 0;
	for (let b = 0x80; b <= 0x9f; b++) if (new TextDecoder(name).decode(Uint8Array.of(b)) === "\ufffd") lost++;
	console.log(`${name}: ${lost} of 32 bytes are lost`);
}
JS
go mod init finding >/dev/null 2>&1
go get "$module" >/dev/null 2>&1 || { echo "needs the module $module"; exit 2; }
seen=$(go run .)
found='windows-1250: 5 of 32 bytes are lost
windows-1251: 1 of 32 bytes are lost
windows-1252: 5 of 32 bytes are lost
windows-1254: 7 of 32 bytes are lost
iso-8859-2: 32 of 32 bytes are lost
iso-8859-15: 32 of 32 bytes are lost'
echo "$module, Node.js $(node --version)"
echo "guess, as Node.js has it:"
node whatwg.js
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
