package mail_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/component/mail"
	"github.com/najahost/naja/engine"
)

// A page is what a site of one page answers.
type page struct {
	body string
	log  string
}

// run serves one page whose components are a Mail's. E(f) in it is what the first
// lines of components' tests are: the low word of an error's number, or "ok".
func run(t *testing.T, cfg mail.Config, script string) page {
	t.Helper()
	return runIn(t, t.Context(), cfg, engine.Config{}, script)
}

func runIn(t *testing.T, ctx context.Context, cfg mail.Config, site engine.Config, script string) page {
	t.Helper()
	m, err := mail.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	site.FS = fstest.MapFS{"p.asp": {Data: []byte(`<%
		function E(f) { try { f(); return "ok" } catch (e) { return (e.number >>> 0).toString(16) + " " + e.description } }
		function O(id) { return Server.CreateObject(id) }
		var C = "http://schemas.microsoft.com/cdo/configuration/", H = "urn:schemas:mailheader:";
		` + script + ` %>`)}}
	site.Components, site.Dev = m.Components(), true
	site.Logger = slog.New(slog.NewTextHandler(&log, nil))
	e, err := engine.New(site)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(ctx, "GET", "/p.asp", nil)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	if err := e.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	return page{strings.TrimSpace(w.Body.String()), log.String()}
}

func (p page) wants(t *testing.T, want string) {
	t.Helper()
	if p.body != want {
		t.Errorf("the page says %q, want %q\n%s", p.body, want, p.log)
	}
}

const letter = `var m = O("CDO.Message"); m.From = "shop@example.org"; m.To = "guest@example.net"; m.Subject = "Your order"; m.TextBody = "Thank you.\r\nThe shop";`

// TestSend: what pages of IIS do most often, with the relay in the place of its
// SMTP service.
func TestSend(t *testing.T) {
	box := newPostbox(t, plain)
	run(t, mail.Config{Relay: "smtp://" + box.address}, letter+`
		m.CC = '"Lamp, Oil" <oil@example.net>; chair@example.net'; m.BCC = "secret@example.net";
		m.ReplyTo = "answers@example.org"; m.Send(); Response.Write(m.Subject)`).wants(t, "Your order")
	l := box.one(t)
	if l.from != "shop@example.org" || !slices.Equal(l.to, []string{"guest@example.net", "oil@example.net", "chair@example.net", "secret@example.net"}) {
		t.Errorf("from %s to %v", l.from, l.to)
	}
	for name, want := range map[string]string{
		"From": "<shop@example.org>", "To": "<guest@example.net>", "Subject": "Your order", "Reply-To": "<answers@example.org>",
		"Cc": `"Lamp, Oil" <oil@example.net>, <chair@example.net>`, "Bcc": "", "Content-Type": "text/plain; charset=UTF-8",
	} {
		if got := l.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if l.header.Get("Message-Id") == "" || l.header.Get("Date") == "" || strings.Contains(string(l.text), "secret@") {
		t.Errorf("%s", l.text)
	}
	if l.body != "Thank you.\r\nThe shop\r\n" {
		t.Errorf("body %q", l.body)
	}
}

// TestErrors: CDO's numbers, and nothing of the machine in the words.
func TestErrors(t *testing.T) {
	box := newPostbox(t, plain, func(b *postbox) { b.reject = "gone@example.net" })
	closed := newPostbox(t, plain)
	host, port, _ := strings.Cut(box.address, ":")
	named := func(field, server string) string {
		return fmt.Sprintf(`m.Configuration.Fields(C + "sendusing") = 2; m.Configuration.Fields.Item(C + %q) = %q;
			m.Configuration.Fields(C + "smtpserverport").Value = %s; m.Configuration.Fields.Update();`, field, server, port)
	}
	relay := mail.Config{Relay: "smtp://" + box.address}
	for name, c := range map[string]struct {
		cfg          mail.Config
		script, want string
	}{
		"nobody":        {relay, `m.To = ""`, "8004020c At least one recipient is required, but none were found."},
		"by nobody":     {relay, `m.From = ""`, "8004020d At least one of the From or Sender fields is required, and neither was found."},
		"sender alone":  {relay, `m.From = ""; m.Sender = "shop@example.org"`, "ok"},
		"no address":    {relay, `m.To = "guest"`, "8004020f The server rejected one or more recipient addresses. The server response was: 501 5.1.3 Invalid Address: guest"},
		"no sender":     {relay, `m.From = "@"`, "8004020e The server rejected the sender address. The server response was: 501 5.1.3 Invalid Address: @"},
		"gone":          {relay, `m.To = "gone@example.net"`, "8004020f The server rejected one or more recipient addresses. The server response was: 550 5.1.1 nobody of that name"},
		"no relay":      {mail.Config{}, ``, `80040220 The "SendUsing" configuration value is invalid.`},
		"send using 7":  {relay, `m.Configuration.Fields(C + "sendusing") = 7`, `80040220 The "SendUsing" configuration value is invalid.`},
		"case (265527)": {relay, named("SMTPServer", host), "8004020a The SMTP server name is required, and was not found in the configuration source."},
		"not allowed":   {mail.Config{}, named("smtpserver", host), "80040213 The transport failed to connect to the server."},
		"allowed":       {mail.Config{Allow: []string{box.address}}, named("smtpserver", host), "ok"},
		"the relay":     {relay, named("smtpserver", host), "ok"},
		"unreachable":   {mail.Config{Relay: "smtp://127.0.0.1:1"}, ``, "80040213 The transport failed to connect to the server."},
		"a second line": {relay, `m.Fields.Item(H + "x-note") = "a\r\nBcc: other@example.net"`, "80070057 X-Note: a header field is one line"},
		"too many":      {mail.Config{Relay: relay.Relay, MaxRecipients: 1}, `m.CC = "b@example.net"`, "8004020f A message has 1 recipients at most."},
		"too large":     {mail.Config{Relay: relay.Relay, MaxBytes: 10}, ``, "8007000e A message has 10 bytes at most."},
		"MHTML":         {relay, `Response.Write(E(function () { m.CreateMHTMLBody("http://a") })); Response.End()`, "80004001 CreateMHTMLBody is not available: read the page and set HTMLBody"},
	} {
		t.Run(name, func(t *testing.T) {
			p := run(t, c.cfg, letter+c.script+`; Response.Write(E(function () { m.Send() }))`)
			p.wants(t, c.want)
			if strings.HasPrefix(c.want, "80040213") && (!strings.Contains(p.log, "mail was not sent") || !strings.Contains(p.log, "127.0.0.1")) {
				t.Errorf("the log says %s", p.log)
			}
		})
	}
	if n := len(closed.got()); n != 0 {
		t.Errorf("%d letters to a server that nobody named", n)
	}
}

// TestLinesAreRefused where they are set, too: a subject from a form can't add a
// recipient.
func TestLinesAreRefused(t *testing.T) {
	box := newPostbox(t, plain)
	run(t, mail.Config{Relay: "smtp://" + box.address}, letter+`
		for (var p of ["From", "Sender", "To", "CC", "BCC", "ReplyTo", "Subject", "Organization", "Keywords"])
			Response.Write(E(function () { m[p] = "x\nBcc: other@example.net" }).slice(0, 8) + " ");
		var n = O("CDONTS.NewMail");
		for (var p of ["From", "To", "Cc", "Bcc", "Subject"])
			Response.Write(E(function () { n[p] = "x\rBcc: other@example.net" }).slice(0, 8) + " ");
		Response.Write(E(function () { n.Value("X-A\nBcc") = "y" }).slice(0, 8));
	`).wants(t, strings.Repeat("80070057 ", 14)+"80070057")
}

// TestTLS: by TLS from the start, by STARTTLS, and signed in.
func TestTLS(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]secured{"smtp": starttls, "smtps": implicit} {
		t.Run(name, func(t *testing.T) {
			box := newPostbox(t, how, func(b *postbox) { b.signIn = true })
			cfg := mail.Config{Relay: name + "://lamp@" + box.address, Password: "opensesame", TLS: box.tls}
			run(t, cfg, letter+`Response.Write(E(function () { m.Send() }))`).wants(t, "ok")
			if l := box.one(t); l.user != "lamp" || !l.secure {
				t.Errorf("signed in as %q, by TLS: %v", l.user, l.secure)
			}
			cfg.Password = "wrong"
			p := run(t, cfg, letter+`Response.Write(E(function () { m.Send() }))`)
			p.wants(t, "80040217 The transport was unable to log on to the server.")
			if strings.Contains(p.log, "wrong") {
				t.Errorf("the log has the password: %s", p.log)
			}
			cfg.TLS = nil // nobody knows the certificate
			run(t, cfg, letter+`Response.Write(E(function () { m.Send() }))`).wants(t, "80040213 The transport failed to connect to the server.")
		})
	}
}

// TestPageSignsIn: with its own user, at a server that it may name; and asks for
// TLS of one that has none.
func TestPageSignsIn(t *testing.T) {
	box := newPostbox(t, plain, func(b *postbox) { b.signIn = true })
	host, port, _ := strings.Cut(box.address, ":")
	script := letter + fmt.Sprintf(`var c = O("CDO.Configuration"), f = c.Fields;
		f(C + "sendusing") = "2"; f(C + "smtpserver") = %q; f(C + "smtpserverport") = %q; f(C + "smtpauthenticate") = 1;
		f(C + "sendusername") = "lamp"; f(C + "sendpassword") = "opensesame"; f.Update();
		m.Configuration = c; Response.Write([f.Count, f(C + "sendusing") == 2, m.Configuration === c, E(function () { m.Send() })]);`, host, port)
	cfg := mail.Config{Allow: []string{box.address}}
	run(t, cfg, script).wants(t, "6,true,true,ok")
	if l := box.one(t); l.user != "lamp" {
		t.Errorf("signed in as %q", l.user)
	}
	run(t, cfg, script+`f(C + "smtpusessl") = true; Response.Write(E(function () { m.Send() }).slice(0, 8))`).wants(t, "6,true,true,ok80040213")
}

// parts are a message's texts and files, by their types.
func parts(t *testing.T, l delivered) map[string]string {
	t.Helper()
	found := make(map[string]string)
	var walk func(typ, encoding, disposition, id string, r io.Reader)
	walk = func(typ, encoding, disposition, id string, r io.Reader) {
		kind, params, err := mime.ParseMediaType(typ)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			for m := multipart.NewReader(r, params["boundary"]); ; {
				p, err := m.NextRawPart()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p.Header.Get("Content-Id"), p)
			}
		}
		switch encoding {
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, r)
		case "quoted-printable":
			r = quotedprintable.NewReader(r)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, name, _ := mime.ParseMediaType(disposition); name["filename"] != "" {
			kind += " " + name["filename"]
		}
		found[kind+params["charset"]+id] = string(data)
	}
	walk(l.header.Get("Content-Type"), l.header.Get("Content-Transfer-Encoding"), "", "", strings.NewReader(l.body))
	return found
}

var stock = fstest.MapFS{"files/price.txt": {Data: []byte("Lamp 19.50\n")}, "files/lamp.png": {Data: []byte("\x89PNG")}}

// anywhere opens files by the end of their paths.
type anywhere struct{ fs.FS }

func (a anywhere) Open(name string) (fs.File, error) {
	name = strings.ReplaceAll(name, `\`, "/")
	if i := strings.Index(name, "files/"); i >= 0 {
		return a.FS.Open(name[i:])
	}
	return nil, fs.ErrNotExist
}

// TestParts: texts in their charsets, files beside them.
func TestParts(t *testing.T) {
	box := newPostbox(t, plain)
	run(t, mail.Config{Relay: "smtp://" + box.address, Files: anywhere{stock}}, letter+`
		m.BodyPart.Charset = "windows-1252"; m.HTMLBodyPart.Charset = "utf-8"; m.Subject = "Gr\u00fc\u00dfe";
		m.TextBody = "20 \u20ac"; m.HTMLBody = "<img src='cid:lamp'> 20 \u20ac";
		var a = m.AddAttachment("c:\\site\\files\\price.txt"); m.AddRelatedBodyPart("file:///site/files/lamp.png", "lamp", 0);
		m.Fields("urn:schemas:httpmail:importance") = 2; m.Fields.Item(H + "x-shop") = "Oil"; m.Fields.Update();
		Response.Write([m.Attachments.Count, m.Attachments(1) === a, a.FileName, E(function () { m.Send() }), E(function () { m.AddAttachment("no.txt") }).slice(0, 8)])
	`).wants(t, "1,true,price.txt,ok,80004005")
	l := box.one(t)
	if subject, err := new(mime.WordDecoder).DecodeHeader(l.header.Get("Subject")); subject != "Grüße" || err != nil {
		t.Errorf("subject %q, %v", subject, err)
	}
	if l.header.Get("X-Shop") != "Oil" || l.header.Get("Importance") != "high" {
		t.Errorf("%v", l.header)
	}
	got := parts(t, l)
	for name, want := range map[string]string{
		"text/plainwindows-1252": "20 \x80", "text/htmlUTF-8": "<img src='cid:lamp'> 20 €",
		"text/plain price.txt": "Lamp 19.50\n", "image/png lamp.png<lamp>": "\x89PNG",
	} {
		found := false
		for name2, text := range got {
			found = found || strings.HasPrefix(name2, name) && text == want
		}
		if !found {
			t.Errorf("no %s %q in %q", name, want, got)
		}
	}
}

// TestNewMail is CDONTS.
func TestNewMail(t *testing.T) {
	box := newPostbox(t, plain)
	run(t, mail.Config{Relay: "smtp://" + box.address, Files: anywhere{stock}}, `
		var n = O("CDONTS.NewMail");
		n.From = "shop@example.org"; n.To = "a@example.net;b@example.net"; n.Body = "<b>hello</b>"; n.BodyFormat = 0; n.MailFormat = 0;
		n.Value("Reply-To") = "answers@example.org"; n.AttachFile("/site/files/price.txt", "list.txt");
		Response.Write([E(function () { return n.From }).slice(0, 8), E(function () { n.Send("", "c@example.net", "news", undefined, 2) }).slice(0, 8)]);
		n.From = "shop@example.org";
		Response.Write([E(function () { n.Send("other@example.org", "c@example.net", "news") }), E(function () { n.To = "d@example.net" }).slice(0, 8), E(function () { n.Send() }).slice(0, 8)])
	`).wants(t, "80020003,8004020dok,80040108,80040108")
	l := box.one(t)
	if l.from != "other@example.org" || !slices.Equal(l.to, []string{"a@example.net", "b@example.net", "c@example.net"}) || l.header.Get("Subject") != "news" || l.header.Get("Reply-To") != "<answers@example.org>" {
		t.Errorf("from %s to %v: %v", l.from, l.to, l.header)
	}
	if got := parts(t, l); got["text/htmlUTF-8"] != "<b>hello</b>" {
		t.Errorf("%q", got)
	}
	run(t, mail.Config{Relay: "smtp://" + box.address}, `O("cdonts.newmail").Send("shop@example.org", "a@example.net", "s", "plain")`).wants(t, "")
	if l := box.got()[1]; l.body != "plain\r\n" || l.header.Get("Content-Type") != "text/plain; charset=UTF-8" {
		t.Errorf("%s", l.text)
	}
}

// TestPerMinute: a page in a loop doesn't flood anybody.
func TestPerMinute(t *testing.T) {
	box := newPostbox(t, plain)
	run(t, mail.Config{Relay: "smtp://" + box.address, PerMinute: 3}, letter+`
		for (var i = 0; i < 5; i++) Response.Write(E(function () { m.Send() }).slice(0, 8) + " ")`).wants(t, "ok ok ok 80040211 80040211")
	if n := len(box.got()); n != 3 {
		t.Errorf("%d letters", n)
	}
}

// TestServerThatHangs is given up by its own timeout, and by the script's.
func TestServerThatHangs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cfg  mail.Config
		site engine.Config
		want string
	}{
		"its timeout":  {mail.Config{Timeout: 300 * time.Millisecond}, engine.Config{}, "80040212 The connection to the server was lost."},
		"the script's": {mail.Config{}, engine.Config{ScriptTimeout: time.Second}, "ASP 0113"},
	} {
		box := newPostbox(t, plain, func(b *postbox) { b.hold = make(chan struct{}) })
		c.cfg.Relay = "smtp://" + box.address
		p := runIn(t, t.Context(), c.cfg, c.site, letter+`Response.Write(E(function () { m.Send() }))`)
		if !strings.Contains(p.body, c.want) {
			t.Errorf("%s: %q\n%s", name, p.body, p.log)
		}
		close(box.hold)
	}
}

// TestOpen: what is wrong with a configuration is said, without the password.
func TestOpen(t *testing.T) {
	for relay, want := range map[string]string{
		"mail.example.org":              "smtp://USER@HOST:PORT",
		"smtp://":                       "smtp://USER@HOST:PORT",
		"ftp://mail.example.org":        `not "ftp"`,
		"smtp://lamp:opensesame@host:x": "smtp://USER@HOST:PORT",
		"smtp://mail.example.org/a":     "smtp://USER@HOST:PORT",
	} {
		if _, err := mail.Open(mail.Config{Relay: relay}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "opensesame") {
			t.Errorf("%s: %v", relay, err)
		}
	}
	if _, err := mail.Open(mail.Config{Allow: []string{"mail.example.org"}}); err == nil {
		t.Error("an address without a port is allowed")
	}
}
