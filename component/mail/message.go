package mail

import (
	"path"
	"strings"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// A message is CDO.Message.
type message struct {
	mail          *Mail
	env           component.Env
	configuration *configuration
	fields        *fields

	from, sender, to, cc, bcc, replyTo string
	subject, organization, keywords    string
	mdn                                bool
	body, text, html                   *bodyPart
	attachments                        *attachments
	related                            []attachment
}

func newMessage(m *Mail, env component.Env) *message {
	msg := &message{mail: m, env: env, configuration: newConfiguration(), fields: &fields{}, attachments: &attachments{mail: m}}
	msg.body, msg.text, msg.html = &bodyPart{}, &bodyPart{}, &bodyPart{}
	return msg
}

// Class is the table of its members.
func (m *message) Class() *component.Class { return messageClass }

var messageClass = component.Make(component.Class{
	Name: "CDO.Message",
	Members: []component.Member{
		line("From", func(m *message) *string { return &m.from }),
		line("Sender", func(m *message) *string { return &m.sender }),
		line("To", func(m *message) *string { return &m.to }),
		line("CC", func(m *message) *string { return &m.cc }),
		line("BCC", func(m *message) *string { return &m.bcc }),
		line("ReplyTo", func(m *message) *string { return &m.replyTo }),
		line("Subject", func(m *message) *string { return &m.subject }),
		line("Organization", func(m *message) *string { return &m.organization }),
		line("Keywords", func(m *message) *string { return &m.keywords }),
		text("TextBody", func(m *message) *string { return &m.text.text }),
		text("HTMLBody", func(m *message) *string { return &m.html.text }),
		flag("MDNRequested", func(m *message) *bool { return &m.mdn }),
		component.ReadOnly("BodyPart", "BodyPart", func(m *message) variant.Value { return component.Of(m.body) }),
		component.ReadOnly("TextBodyPart", "BodyPart", func(m *message) variant.Value { return component.Of(m.text) }),
		component.ReadOnly("HTMLBodyPart", "BodyPart", func(m *message) variant.Value { return component.Of(m.html) }),
		component.ReadOnly("Fields", "Fields", func(m *message) variant.Value { return component.Of(m.fields) }),
		component.ReadOnly("Attachments", "Attachments", func(m *message) variant.Value { return component.Of(m.attachments) }),
		component.Property("Configuration", "CDO.Configuration",
			func(m *message) (variant.Value, error) { return component.Of(m.configuration), nil }, (*message).setConfiguration),
		component.Method("AddAttachment", "(url[, user, password])", "BodyPart", (*message).addAttachment),
		component.Method("AddRelatedBodyPart", "(url, reference[, type, user, password])", "BodyPart", (*message).addRelated),
		component.Action("CreateMHTMLBody", "(url[, flags, user, password])", func(*message, component.Args) error {
			return &component.Error{Number: variant.NotImplemented, Description: "CreateMHTMLBody is not available: read the page and set HTMLBody"}
		}),
		component.Action("Send", "()", func(m *message, _ component.Args) error { return m.send() }),
	},
})

// line is a property that becomes a header field.
func line[T component.Object](name string, at func(T) *string) component.Member {
	return component.Property(name, "text",
		func(o T) (variant.Value, error) { return variant.String(*at(o)), nil },
		func(o T, v variant.Value) error {
			s, err := textOf(v)
			if err != nil {
				return err
			}
			if err := oneLine(name, s); err != nil {
				return err
			}
			*at(o) = s
			return nil
		})
}

// text is a property with any text.
func text[T component.Object](name string, at func(T) *string) component.Member {
	return component.Property(name, "text",
		func(o T) (variant.Value, error) { return variant.String(*at(o)), nil },
		func(o T, v variant.Value) (err error) {
			*at(o), err = textOf(v)
			return err
		})
}

func flag[T component.Object](name string, at func(T) *bool) component.Member {
	return component.Property(name, "boolean",
		func(o T) (variant.Value, error) { return variant.Bool(*at(o)), nil },
		func(o T, v variant.Value) error {
			v, err := component.Plain(v)
			if err != nil {
				return err
			}
			*at(o), err = v.ToBool()
			return err
		})
}

// textOf is a value as text; Null and Empty are none.
func textOf(v variant.Value) (string, error) {
	v, err := component.Plain(v)
	if err != nil || v.IsAbsent() || v.Kind() == variant.KindNull {
		return "", err
	}
	return v.ToString()
}

func (m *message) setConfiguration(v variant.Value) error {
	c, ok := v.Deref().Object().(*configuration)
	if !ok {
		return variant.TypeMismatch
	}
	m.configuration = c
	return nil
}

func (m *message) addAttachment(args component.Args) (variant.Value, error) {
	a, err := m.mail.file(args)
	if err != nil {
		return variant.Empty, err
	}
	return m.attachments.add(a)
}

// addRelated attaches what HTMLBody refers to, by "cid:" and the reference.
func (m *message) addRelated(args component.Args) (variant.Value, error) {
	a, err := m.mail.file(args)
	if err != nil {
		return variant.Empty, err
	}
	if a.id, err = args.Text(1); err != nil {
		return variant.Empty, err
	}
	if err := oneLine("Content-ID", a.id); err != nil {
		return variant.Empty, err
	}
	if len(m.related) == maxAttachments {
		return variant.Empty, tooMany
	}
	m.related = append(m.related, a)
	return component.Of(&bodyPart{file: path.Base(a.name)}), nil
}

// file reads the file of a first argument: a path, or one as a URL.
func (m *Mail) file(args component.Args) (attachment, error) {
	name, err := args.Text(0)
	if err != nil {
		return attachment{}, err
	}
	at := name
	if scheme, rest, ok := strings.Cut(name, "://"); ok {
		if !strings.EqualFold(scheme, "file") {
			return attachment{}, &component.Error{Number: variant.InvalidArg, Description: "only files can be attached"}
		}
		at = rest
	}
	data, err := m.attach(at)
	if err != nil {
		return attachment{}, err
	}
	a := attachment{name: path.Base(strings.ReplaceAll(at, `\`, "/")), data: data}
	return a, oneLine("filename", a.name)
}

// The namespaces of Message.Fields.
const (
	ofHeader   = "urn:schemas:mailheader:"
	ofHTTPMail = "urn:schemas:httpmail:"
)

// send delivers it. The message stays what it is, and may be sent again.
func (m *message) send() error {
	l := &letter{
		from: m.from, sender: m.sender, to: m.to, cc: m.cc, bcc: m.bcc, replyTo: m.replyTo,
		subject: m.subject, organization: m.organization,
		text: m.part(m.text), html: m.part(m.html), attached: m.attachments.files(), related: m.related,
	}
	if m.keywords != "" {
		l.headers = append(l.headers, header{"Keywords", m.keywords})
	}
	if m.mdn && m.from != "" {
		l.headers = append(l.headers, header{"Disposition-Notification-To", m.from})
	}
	for _, f := range m.fields.all {
		if err := l.field(f.name, m.fields.text(f.name)); err != nil {
			return err
		}
	}
	return m.mail.send(m.env, m.configuration, l)
}

// part is a text with its charset: its own, or the whole message's.
func (m *message) part(b *bodyPart) part {
	p := part{text: b.text, charset: b.charset, encoding: b.encoding}
	if p.charset == "" {
		p.charset = m.body.charset
	}
	if p.encoding == "" {
		p.encoding = m.body.encoding
	}
	return p
}

// field takes one of Message.Fields into the letter.
func (l *letter) field(name, value string) error {
	known := map[string]*string{
		"subject": &l.subject, "from": &l.from, "sender": &l.sender, "to": &l.to, "cc": &l.cc, "bcc": &l.bcc,
		"reply-to": &l.replyTo, "organization": &l.organization, "importance": &l.importance,
	}
	local, inHeader := strings.CutPrefix(name, ofHeader)
	if !inHeader {
		var inMail bool
		if local, inMail = strings.CutPrefix(name, ofHTTPMail); !inMail {
			return nil // of a namespace that means nothing here
		}
		known["textdescription"], known["htmldescription"] = &l.text.text, &l.html.text
	}
	local = strings.ToLower(local)
	at := known[local]
	switch {
	case local == "importance" && inHeader:
		l.importance = map[string]string{"low": "0", "high": "2"}[strings.ToLower(value)]
	case at != nil:
		*at = value
	case inHeader:
		if reserved(local) {
			return nil
		}
		if err := fieldName(local); err != nil {
			return err
		}
		l.headers = append(l.headers, header{canonical(local), value})
	}
	return nil
}

// reserved are the fields that say how a message is made up.
func reserved(name string) bool {
	return strings.HasPrefix(name, "content-") || name == "mime-version" || name == "date" || name == "message-id" || name == "received"
}

// canonical is a name with capitals, as header fields are written.
func canonical(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "-")
}
