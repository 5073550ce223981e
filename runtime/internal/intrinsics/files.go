package intrinsics

import (
	"io"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// maxFileRead bounds what a page reads of an upload at once.
const maxFileRead = 64 << 20

// Files is Request.Files, our extension: the files of a multipart form.
type Files struct {
	*Page
	list []*File
}

func newFiles(p *Page, uploads []*asphttp.File) *Files {
	f := &Files{Page: p}
	for _, u := range uploads {
		f.list = append(f.list, &File{p, u})
	}
	return f
}

// Class is the table of Request.Files.
func (f *Files) Class() *component.Class { return filesClass }

func (f *Files) page() *Page { return f.Page }

func (f *Files) fields() []string {
	fields := make([]string, len(f.list))
	for i, file := range f.list {
		fields[i] = file.Field
	}
	return fields
}

var filesClass = component.Make(component.Class{
	Name: "Request.Files",
	Members: []component.Member{
		component.Indexed("Item", "(field)", "Uploaded file", (*Files).item, nil),
		countMember(func(f *Files) int { return len(f.list) }),
		placeMember((*Files).page, (*Files).fields),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		f := o.(*Files)
		return component.Walk(func(i int) (variant.Value, bool) {
			if i >= len(f.list) {
				return variant.Empty, false
			}
			return component.Of(f.list[i]), true
		}), nil
	},
})

// item is a file by its place or the field that it came in.
func (f *Files) item(args component.Args) (variant.Value, error) {
	if i, ok := f.Program.Index(args.At(0)); ok {
		if i < 1 || i > len(f.list) {
			return variant.Empty, asp.New(asp.CodeIndex, "")
		}
		return component.Of(f.list[i-1]), nil
	}
	field, err := f.text(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	for _, file := range f.list {
		if file.Field == field {
			return component.Of(file), nil
		}
	}
	return variant.Empty, nil
}

// A File is one uploaded file.
type File struct {
	*Page
	*asphttp.File
}

// Class is the table of an uploaded file.
func (f *File) Class() *component.Class { return fileClass }

var fileClass = component.Make(component.Class{Name: "Uploaded file", Members: []component.Member{
	component.ReadOnly("Field", "text", func(f *File) variant.Value { return variant.String(f.Field) }),
	component.ReadOnly("Name", "text", func(f *File) variant.Value { return variant.String(f.Name) }),
	component.ReadOnly("FileName", "text", func(f *File) variant.Value { return variant.String(f.Name) }),
	component.ReadOnly("ContentType", "text", func(f *File) variant.Value { return variant.String(f.ContentType) }),
	component.ReadOnly("Size", "number", func(f *File) variant.Value { return variant.Int(f.Size) }),
	component.Method("Read", "(n)", "bytes", func(f *File, args component.Args) (variant.Value, error) {
		b, err := f.read(args)
		return variant.Bytes(b), err
	}),
	component.Method("Text", "()", "text", (*File).text),
}})

func (f *File) text(component.Args) (variant.Value, error) {
	b, err := f.read(nil)
	if err != nil {
		return variant.Empty, err
	}
	if cp := f.codePage(); cp != nil {
		s, _ := cp.Decode(b)
		return variant.String(s), nil
	}
	return variant.String(string(b)), nil
}

// read reads an upload, at most as many bytes as the page asks for.
func (f *File) read(args component.Args) ([]byte, error) {
	n := min(f.Size, maxFileRead)
	if len(args) > 0 {
		asked, err := f.number(args[0])
		if err != nil {
			return nil, err
		}
		n = min(n, int64(max(asked, 0)))
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, n)
	m, err := io.ReadFull(r, b)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, err
	}
	return b[:m], nil
}
