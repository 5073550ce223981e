package mail

import (
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// The values of BodyFormat (CdoBodyFormatHTML, CdoBodyFormatText).
const (
	formatHTML = 0
	formatText = 1
)

// A newMail is CDONTS.NewMail. Its properties are for writing, and it sends one
// message.
type newMail struct {
	mail *Mail
	env  component.Env
	sent bool

	from, to, cc, bcc, subject, body string
	importance, format               int32
	values                           []header
	attached                         *attachments
	related                          []attachment
}

func newNewMail(m *Mail, env component.Env) *newMail {
	return &newMail{mail: m, env: env, importance: 1, format: formatText, attached: &attachments{mail: m}}
}

// Class is the table of its members.
func (n *newMail) Class() *component.Class { return newMailClass }

var newMailClass = component.Make(component.Class{
	Name: "CDONTS.NewMail",
	Members: []component.Member{
		written("From", true, func(n *newMail) *string { return &n.from }),
		written("To", true, func(n *newMail) *string { return &n.to }),
		written("Cc", true, func(n *newMail) *string { return &n.cc }),
		written("Bcc", true, func(n *newMail) *string { return &n.bcc }),
		written("Subject", true, func(n *newMail) *string { return &n.subject }),
		written("Body", false, func(n *newMail) *string { return &n.body }),
		number("Importance", func(n *newMail) *int32 { return &n.importance }),
		number("BodyFormat", func(n *newMail) *int32 { return &n.format }),
		number("MailFormat", func(*newMail) *int32 { return new(int32) }), // it is MIME in any case
		written("ContentBase", true, func(*newMail) *string { return new(string) }),
		written("ContentLocation", true, func(*newMail) *string { return new(string) }),
		component.ReadOnly("Version", "text", func(*newMail) variant.Value { return variant.String("1.2.1") }),
		component.Indexed("Value", "(name)", "text", nil, (*newMail).setValue),
		component.Action("AttachFile", "(source[, name, encoding])", (*newMail).attachFile),
		component.Action("AttachURL", "(source, location[, base, encoding])", (*newMail).attachURL),
		component.Action("SetLocaleIDs", "(codepage)", nothing[*newMail]),
		component.Action("Send", "([from, to, subject, body, importance])", (*newMail).send),
	},
})

// written is a property that can't be read.
func written(name string, oneLined bool, at func(*newMail) *string) component.Member {
	return component.Property(name, "text", nil, func(n *newMail, v variant.Value) error {
		if n.sent {
			return failure(invalidObject, nil)
		}
		s, err := textOf(v)
		if err == nil && oneLined {
			err = oneLine(name, s)
		}
		if err == nil {
			*at(n) = s
		}
		return err
	})
}

func number(name string, at func(*newMail) *int32) component.Member {
	return component.Property(name, "number", nil, func(n *newMail, v variant.Value) error {
		if n.sent {
			return failure(invalidObject, nil)
		}
		v, err := component.Plain(v)
		if err == nil {
			*at(n), err = v.ToLong()
		}
		return err
	})
}

// setValue is another header field.
func (n *newMail) setValue(args component.Args, v variant.Value) error {
	if n.sent {
		return failure(invalidObject, nil)
	}
	name, err := args.Text(0)
	if err != nil {
		return err
	}
	if err := fieldName(name); err != nil {
		return err
	}
	s, err := textOf(v)
	if err != nil {
		return err
	}
	if len(n.values) == maxFields {
		return &component.Error{Number: variant.OutOfMemory, Description: "there are too many fields"}
	}
	n.values = append(n.values, header{name, s})
	return oneLine(name, s)
}

func (n *newMail) attachFile(args component.Args) error {
	if n.sent {
		return failure(invalidObject, nil)
	}
	a, err := n.mail.file(args)
	if err != nil {
		return err
	}
	if args.Given(1) {
		if a.name, err = args.Text(1); err != nil {
			return err
		}
		if err := oneLine("filename", a.name); err != nil {
			return err
		}
	}
	_, err = n.attached.add(a)
	return err
}

// attachURL attaches what the HTML of the body refers to by a location.
func (n *newMail) attachURL(args component.Args) error {
	if n.sent {
		return failure(invalidObject, nil)
	}
	a, err := n.mail.file(args)
	if err != nil {
		return err
	}
	if a.id, err = args.Text(1); err != nil {
		return err
	}
	if len(n.related) == maxAttachments {
		return tooMany
	}
	n.related = append(n.related, a)
	return oneLine("Content-ID", a.id)
}

// send delivers it with what the arguments add: another recipient, and what stands
// in the place of the properties.
func (n *newMail) send(args component.Args) error {
	if n.sent {
		return failure(invalidObject, nil)
	}
	l := &letter{
		from: n.from, to: n.to, cc: n.cc, bcc: n.bcc, subject: n.subject,
		attached: n.attached.files(), related: n.related,
	}
	body := n.body
	for i, at := range []*string{&l.from, nil, &l.subject, &body} {
		if at != nil && args.Given(i) {
			s, err := args.Text(i)
			if err != nil {
				return err
			}
			*at = s
		}
	}
	if args.Given(1) {
		more, err := args.Text(1)
		if err != nil {
			return err
		}
		l.to += ";" + more
	}
	importance, err := args.Long(4, n.importance)
	if err != nil {
		return err
	}
	if importance >= 0 && importance <= 2 {
		l.importance = string(rune('0' + importance))
	}
	if n.format == formatHTML {
		l.html.text = body
	} else {
		l.text.text = body
	}
	for _, v := range n.values {
		if err := l.field(ofHeader+v.name, v.value); err != nil {
			return err
		}
	}
	if err := n.mail.send(n.env, newConfiguration(), l); err != nil {
		return err
	}
	n.sent = true
	return nil
}
