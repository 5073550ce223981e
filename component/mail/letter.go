package mail

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/variant"
)

// A letter is what is to be sent, of either object.
type letter struct {
	from, sender, to, cc, bcc, replyTo string
	subject, organization, importance  string
	headers                            []header // others, as they come
	text, html                         part
	attached, related                  []attachment
}

type header struct{ name, value string }

// A part is a text and how it is encoded.
type part struct{ text, charset, encoding string }

// An attachment is a file, read when it was attached.
type attachment struct {
	name, id, mediaType string
	data                []byte
}

// A composed letter has its envelope beside it.
type composed struct {
	from       string // as MAIL FROM has it
	recipients []string
	msg        *gomail.Msg
}

// compose checks a letter and makes a message of it.
func (m *Mail) compose(l *letter) (*composed, error) {
	for _, h := range append([]header{
		{"Subject", l.subject}, {"From", l.from}, {"Sender", l.sender}, {"To", l.to}, {"CC", l.cc}, {"BCC", l.bcc},
		{"Reply-To", l.replyTo}, {"Organization", l.organization}, {"Importance", l.importance}}, l.headers...) {
		if err := oneLine(h.name, h.value); err != nil {
			return nil, err
		}
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	c := &composed{msg: msg}
	if err := c.address(l, m.cfg.MaxRecipients); err != nil {
		return nil, err
	}
	size := int64(len(l.text.text) + len(l.html.text))
	for _, a := range append(l.attached, l.related...) {
		size += int64(len(a.data))
	}
	if size > m.cfg.MaxBytes {
		return nil, tooLarge(m.cfg.MaxBytes)
	}
	if l.subject != "" {
		msg.Subject(l.subject)
	}
	if l.organization != "" {
		msg.SetOrganization(l.organization)
	}
	switch l.importance {
	case "0":
		msg.SetImportance(gomail.ImportanceLow)
	case "2":
		msg.SetImportance(gomail.ImportanceHigh)
	}
	msg.SetDateWithValue(time.Now())
	msg.SetMessageIDWithValue(rand.Text() + "@" + c.domain())
	for _, h := range l.headers {
		msg.SetGenHeader(gomail.Header(h.name), h.value)
	}
	return c, c.content(l)
}

// address fills in who sends and who receives.
func (c *composed) address(l *letter, most int) error {
	for _, a := range []struct {
		list   string
		header gomail.AddrHeader
		wrong  variant.HRESULT
	}{
		{l.to, gomail.HeaderTo, recipientsRejected}, {l.cc, gomail.HeaderCc, recipientsRejected}, {l.bcc, gomail.HeaderBcc, recipientsRejected},
		{l.from, gomail.HeaderFrom, senderRejected}, {l.replyTo, gomail.HeaderReplyTo, senderRejected},
	} {
		found, err := addresses(a.list)
		if err != nil {
			return failure(a.wrong, err)
		}
		if a.wrong == recipientsRejected {
			for _, x := range found {
				c.recipients = append(c.recipients, "<"+x.Address+">")
			}
		}
		if len(found) > 0 {
			c.msg.SetAddrHeaderFromMailAddress(a.header, found...)
		}
	}
	switch {
	case len(c.recipients) == 0:
		return failure(recipientMissing, nil)
	case len(c.recipients) > most:
		return &component.Error{Number: recipientsRejected, Description: fmt.Sprintf("A message has %d recipients at most.", most)}
	}
	return c.envelope(l)
}

// envelope is who answers for the message: the Sender, else the first of From (RFC
// 5322 section 3.6.2).
func (c *composed) envelope(l *letter) error {
	by := c.msg.GetFrom()
	if sender, err := addresses(l.sender); err != nil {
		return failure(senderRejected, err)
	} else if len(sender) > 0 {
		if len(by) == 0 {
			c.msg.FromMailAddress(sender[0])
		} else {
			c.msg.SetGenHeader("Sender", sender[0].String())
		}
		by = []*mail.Address{sender[0]}
	}
	if len(by) == 0 {
		return failure(fromMissing, nil)
	}
	c.from = "<" + by[0].Address + ">"
	return nil
}

// domain is the sender's: the library's own Message-ID tells the host's name.
func (c *composed) domain() string {
	return strings.TrimSuffix(c.from[strings.LastIndexByte(c.from, '@')+1:], ">")
}

// content fills in texts and files.
func (c *composed) content(l *letter) error {
	bodies := 0
	for _, body := range []struct {
		part
		mediaType gomail.ContentType
	}{{l.text, gomail.TypeTextPlain}, {l.html, gomail.TypeTextHTML}} {
		if body.text == "" && (bodies > 0 || body.mediaType == gomail.TypeTextPlain && l.html.text != "") {
			continue
		}
		text, charset, err := body.encoded()
		if err != nil {
			return err
		}
		options := []gomail.PartOption{gomail.WithPartCharset(gomail.Charset(charset)), gomail.WithPartEncoding(body.transfer())}
		if bodies == 0 {
			c.msg.SetBodyString(body.mediaType, text, options...)
		} else {
			c.msg.AddAlternativeString(body.mediaType, text, options...)
		}
		bodies++
	}
	for _, a := range l.attached {
		if err := c.msg.AttachReader(a.name, bytes.NewReader(a.data), a.options()...); err != nil {
			return failure(sendFailed, err)
		}
	}
	for _, a := range l.related {
		if err := c.msg.EmbedReader(a.name, bytes.NewReader(a.data), append(a.options(), gomail.WithFileContentID("<"+strings.Trim(a.id, "<>")+">"))...); err != nil {
			return failure(sendFailed, err)
		}
	}
	return nil
}

func (a *attachment) options() []gomail.FileOption {
	if a.mediaType == "" {
		return nil
	}
	return []gomail.FileOption{gomail.WithFileContentType(gomail.ContentType(a.mediaType))}
}

// encoded is the text in its charset.
func (p *part) encoded() (text, charset string, err error) {
	if p.charset == "" || strings.EqualFold(p.charset, "utf-8") {
		return p.text, "UTF-8", nil
	}
	cp, ok := codepage.LookupCharset(p.charset)
	if !ok {
		return "", "", &component.Error{Number: variant.InvalidArg, Description: "the charset " + quotable(p.charset) + " is not known"}
	}
	return string(cp.Encode(nil, p.text)), p.charset, nil
}

// transfer is how the text travels.
func (p *part) transfer() gomail.Encoding {
	if strings.EqualFold(p.encoding, "base64") {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}

// attach reads a file that a page attaches, up to what a message may have.
func (m *Mail) attach(name string) (data []byte, err error) {
	if m.cfg.Files == nil {
		return nil, &component.Error{Number: variant.AccessDenied, Description: "files can't be attached here"}
	}
	f, err := m.cfg.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was read, or isn't wanted
	data, err = io.ReadAll(io.LimitReader(f, m.cfg.MaxBytes+1))
	if err != nil {
		return nil, &component.Error{Number: component.Control(3003), Description: "File could not be read.", Err: err}
	}
	if int64(len(data)) > m.cfg.MaxBytes {
		return nil, tooLarge(m.cfg.MaxBytes)
	}
	return data, nil
}

func tooLarge(most int64) error {
	return &component.Error{Number: variant.OutOfMemory, Description: fmt.Sprintf("A message has %d bytes at most.", most)}
}
