package mail

import (
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// maxAttachments bounds the files of one message.
const maxAttachments = 64

var tooMany = component.Errorf(variant.OutOfMemory, "A message has %d attachments at most.", maxAttachments)

// A bodyPart is CDO's object of that name: a text, or a file that was attached.
type bodyPart struct {
	text, charset, encoding string
	file, mediaType         string
}

// Class is the table of its members.
func (b *bodyPart) Class() *component.Class { return bodyPartClass }

var bodyPartClass = component.Make(component.Class{
	Name: "BodyPart",
	Members: []component.Member{
		line("Charset", func(b *bodyPart) *string { return &b.charset }),
		line("ContentTransferEncoding", func(b *bodyPart) *string { return &b.encoding }),
		line("ContentMediaType", func(b *bodyPart) *string { return &b.mediaType }),
		component.ReadOnly("FileName", "text", func(b *bodyPart) variant.Value { return variant.String(b.file) }),
	},
})

// attachments is Message.Attachments.
type attachments struct {
	mail  *Mail
	all   []attachment
	parts []*bodyPart
}

// Class is the table of its members.
func (a *attachments) Class() *component.Class { return attachmentsClass }

var attachmentsClass = component.Make(component.Class{
	Name: "Attachments",
	Members: []component.Member{
		component.Indexed("Item", "(index)", "BodyPart", (*attachments).item, nil), // from 1, as BodyParts counts
		component.ReadOnly("Count", "number", func(a *attachments) variant.Value { return variant.Int(int64(len(a.all))) }),
		component.Action("DeleteAll", "()", func(a *attachments, _ component.Args) error {
			a.all, a.parts = nil, nil
			return nil
		}),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		a := o.(*attachments)
		return component.Walk(func(i int) (variant.Value, bool) {
			if i >= len(a.parts) {
				return variant.Empty, false
			}
			return component.Of(a.parts[i]), true
		}), nil
	},
})

func (a *attachments) item(args component.Args) (variant.Value, error) {
	n, err := args.Long(0, 0)
	if err != nil {
		return variant.Empty, err
	}
	if n < 1 || int(n) > len(a.parts) {
		return variant.Empty, variant.BadIndex
	}
	return component.Of(a.parts[n-1]), nil
}

func (a *attachments) add(file attachment) (variant.Value, error) {
	if len(a.all) == maxAttachments {
		return variant.Empty, tooMany
	}
	total := int64(len(file.data))
	for _, f := range a.all {
		total += int64(len(f.data))
	}
	if total > a.mail.cfg.MaxBytes {
		return variant.Empty, tooLarge(a.mail.cfg.MaxBytes)
	}
	part := &bodyPart{file: file.name}
	a.all, a.parts = append(a.all, file), append(a.parts, part)
	return component.Of(part), nil
}

// files are what was attached, with what the page has set since.
func (a *attachments) files() []attachment {
	files := make([]attachment, len(a.all))
	for i, f := range a.all {
		f.mediaType = a.parts[i].mediaType
		files[i] = f
	}
	return files
}
