package runtime

import (
	"io"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// maxFileRead bounds what a page reads of an upload at once.
const maxFileRead = 64 << 20

// filesClass is Request.Files, our extension: the files of a multipart form.
var filesClass = newClass("Request.Files",
	itself("Item"),
	readOnly("Count", func(h *host) goja.Value { return h.count(len(h.self.([]*asp.File))) }),
	method("Key", func(h *host, args []goja.Value) goja.Value {
		list := h.self.([]*asp.File)
		i := h.number(arg(args, 0))
		if i < 1 || i > len(list) {
			h.outOfRange()
		}
		return h.vm.ToValue(list[i-1].Field)
	}),
)

// fileClass is one uploaded file; self is the *asp.File.
var fileClass = newClass("Uploaded file",
	readOnly("Field", func(h *host) goja.Value { return h.vm.ToValue(h.self.(*asp.File).Field) }),
	readOnly("Name", func(h *host) goja.Value { return h.vm.ToValue(h.self.(*asp.File).Name) }),
	readOnly("FileName", func(h *host) goja.Value { return h.vm.ToValue(h.self.(*asp.File).Name) }),
	readOnly("ContentType", func(h *host) goja.Value { return h.vm.ToValue(h.self.(*asp.File).ContentType) }),
	readOnly("Size", func(h *host) goja.Value { return h.vm.ToValue(h.self.(*asp.File).Size) }),
	method("Read", func(h *host, args []goja.Value) goja.Value {
		d := decoder{sc: h.script}
		return d.make("Uint8Array", d.buffer(h.readFile(args)))
	}),
	action("Text", func(h *host, _ []goja.Value) goja.Value {
		b := h.readFile(nil)
		if cp := h.codePage(); cp != nil {
			s, _ := cp.Decode(b)
			return h.vm.ToValue(s)
		}
		return h.vm.ToValue(string(b))
	}),
)

// files makes Request.Files.
func (sc *script) files() goja.Value {
	list, err := sc.env.Request.Files()
	sc.check(err)
	return sc.once(&sc.kept.files, func() *goja.Object {
		return sc.newCallable(&host{
			class: filesClass,
			self:  list,
			item: func(h *host, args []goja.Value) goja.Value {
				if i, ok := index(arg(args, 0)); ok {
					if i < 1 || i > len(list) {
						h.outOfRange()
					}
					return h.newHost(fileClass, list[i-1])
				}
				for _, f := range list {
					if f.Field == h.text(args[0]) {
						return h.newHost(fileClass, f)
					}
				}
				return goja.Undefined()
			},
			elements: func(h *host) []goja.Value {
				out := make([]goja.Value, len(list))
				for i, f := range list {
					out[i] = h.newHost(fileClass, f)
				}
				return out
			},
		})
	})
}

// readFile reads an upload, at most as many bytes as the page asks for.
func (h *host) readFile(args []goja.Value) []byte {
	f := h.self.(*asp.File)
	n := min(f.Size, maxFileRead)
	if len(args) > 0 {
		n = min(n, int64(max(h.number(args[0]), 0)))
	}
	r, err := f.Open()
	h.check(err)
	defer r.Close()
	b := make([]byte, n)
	m, err := io.ReadFull(r, b)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		h.check(err)
	}
	return b[:m]
}
