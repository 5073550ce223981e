package page

import "strings"

// Object is an <object runat=server>.
type Object struct {
	Position
	ID      string
	ProgID  string // one of ProgID and ClassID is there
	ClassID string
	Scope   string // "page", "session" or "application"
}

// TypeLib is a <!--METADATA TYPE="typelib"-->: the page wants the constants of
// a type library. One of File and UUID is there.
type TypeLib struct {
	Position
	File, UUID, Version string
}

func (b *builder) object(src *source, seg Segment) error {
	get := func(name string) string {
		a, _ := attr(seg.Attrs, name)
		return a.text()
	}
	o := Object{
		Position: src.position(seg.Pos),
		ID:       get("id"), ProgID: get("progid"), ClassID: get("classid"), Scope: strings.ToLower(get("scope")),
	}
	if o.Scope == "" {
		o.Scope = "page"
	}
	for _, a := range seg.Attrs {
		if a.Unclosed {
			return src.error(&fault{125, a.Pos, a.Name})
		}
	}
	if code := o.check(b.opt.Global); code != 0 {
		return src.error(&fault{code, seg.Pos, o.detail(code)})
	}
	b.unit.Objects = append(b.unit.Objects, o)
	return nil
}

// check returns the code of what is wrong with an object, or 0.
func (o *Object) check(global bool) int {
	switch {
	case o.ID == "":
		return 123
	case isIntrinsic(o.ID):
		return 136
	case o.ProgID == "" && o.ClassID == "":
		return 119
	case o.Scope != "page" && o.Scope != "session" && o.Scope != "application":
		return 217
	case global && o.Scope == "page":
		return 122
	}
	return 0
}

// detail is what stands in the sentence of an error: most name the object.
func (o *Object) detail(code int) string {
	if code == 123 || code == 217 {
		return ""
	}
	return o.ID
}

// isIntrinsic reports whether a name belongs to one of ASP's own objects.
func isIntrinsic(name string) bool {
	switch strings.ToLower(name) {
	case "request", "response", "server", "session", "application", "asperror", "objectcontext":
		return true
	}
	return false
}

func (b *builder) typeLib(src *source, seg Segment) error {
	get := func(name string) string {
		a, _ := attr(seg.Attrs, name)
		return a.text()
	}
	lib := TypeLib{Position: src.position(seg.Pos), File: get("file"), UUID: get("uuid"), Version: get("version")}
	if lib.File == "" && lib.UUID == "" {
		return src.error(&fault{222, seg.Pos, ""})
	}
	b.unit.TypeLibs = append(b.unit.TypeLibs, lib)
	return nil
}
