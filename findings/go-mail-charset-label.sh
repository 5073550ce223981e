#!/usr/bin/env bash
# Guess: a message that is made with go-mail for a charset is written in it, as CDO,
# .NET and JavaMail do: the texts are Go strings, and WithCharset(ISO-8859-1) says
# what they are to become. go-mail writes the bytes of UTF-8 and puts the name of the
# charset before them, in the subject, the body and the names of files: the
# reader sees "MÃ¼ller". (mime.QEncoding.Encode of the standard library does the
# same.) Pages set BodyPart.Charset of CDO.Message to iso-8859-1 and the like; a
# host has to encode the text itself, or to send UTF-8 and say so.
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
	m := mail.NewMsg(mail.WithCharset(mail.CharsetISO88591))
	if err := m.From("shop@example.com"); err != nil {
		panic(err)
	}
	if err := m.To("ann@example.com"); err != nil {
		panic(err)
	}
	m.Subject("Müller")
	m.SetBodyString(mail.TypeTextPlain, "Grüße")
	if _, err := m.WriteTo(os.Stdout); err != nil {
		panic(err)
	}
}
GO
cat > read.py <<'PY'
import email, email.policy, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(m.get_content_charset(), ascii(m["Subject"]), ascii(m.get_content().strip()))
PY
go mod init finding >/dev/null 2>&1
go get "$module" >/dev/null 2>&1 || { echo "needs the module $module"; exit 2; }
go build -o finding .
seen=$(./finding | python3 read.py)
found="iso-8859-1 'M\\xc3\\xbcller' 'Gr\\xc3\\xbc\\xc3\\x9fe'"
echo "$module, $(python3 --version)"
echo "guess: iso-8859-1 'M\\xfcller' 'Gr\\xfc\\xdfe'"
echo "seen:  $seen"
[ "$seen" = "$found" ] || { echo "this has changed; it was: $found"; exit 1; }
