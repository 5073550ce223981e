#!/usr/bin/env bash
# Guess: go-mail's EncodingUSASCII, which is labelled 7bit, sends a text of ASCII as
# it is; that is what 7bit says (RFC 2045, 2.7). go-mail encodes the body as
# quoted-printable and labels it 7bit, so that no reader decodes it: every "=" arrives
# as "=3D", long lines are broken with a "=" at their end, and links with a
# query (http://shop/?id=1) lead elsewhere. It is the encoding that one chooses for
# CDO's ContentTransferEncoding "7bit", and for plain mail to old systems.
# NoEncoding, 8bit, leaves the text alone.
# (0.8.2 needs a newer Go and has the same lines.)
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v python3 >/dev/null || { echo "needs Python 3, as the reader of the mail"; exit 2; }
module=github.com/wneessen/go-mail@v0.8.1
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"os"

	"github.com/wneessen/go-mail"
)

func main() {
	encoding := map[string]mail.Encoding{"7bit": mail.EncodingUSASCII, "8bit": mail.NoEncoding, "quoted-printable": mail.EncodingQP}[os.Args[1]]
	m := mail.NewMsg(mail.WithEncoding(encoding), mail.WithCharset(mail.CharsetASCII))
	if err := m.From("shop@example.com"); err != nil {
		panic(err)
	}
	if err := m.To("ann@example.com"); err != nil {
		panic(err)
	}
	m.Subject("Your order")
	m.SetBodyString(mail.TypeTextPlain, "http://shop.example/?id=1")
	if _, err := m.WriteTo(os.Stdout); err != nil {
		panic(err)
	}
}
GO
cat > read.py <<'PY'
import email, email.policy, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(m["Content-Transfer-Encoding"], m.get_content().strip())
PY
go mod init finding >/dev/null 2>&1
go get "$module" >/dev/null 2>&1 || { echo "needs the module $module"; exit 2; }
go build -o finding .
seen=$(for encoding in 7bit 8bit quoted-printable; do ./finding $encoding | python3 read.py; done)
found='7bit http://shop.example/?id=3D1
8bit http://shop.example/?id=1
quoted-printable http://shop.example/?id=1'
echo "$module, $(python3 --version)"
echo "guess: the same address three times"
echo "seen:"
echo "$seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was:"; echo "$found"; exit 1; }
