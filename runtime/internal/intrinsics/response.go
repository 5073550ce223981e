package intrinsics

import (
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// A Response is ASP's Response.
type Response struct {
	*Page
	cookies *ResponseCookies
}

// Class is the table of Response.
func (r *Response) Class() *component.Class { return responseClass }

var responseClass = component.Make(component.Class{Name: "Response", Members: []component.Member{
	component.Action("Write", "(value)", (*Response).write),
	component.Action("BinaryWrite", "(bytes)", (*Response).binaryWrite),
	component.Action("Flush", "()", (*Response).flush),
	component.Action("Clear", "()", func(r *Response, _ component.Args) error { return r.Response.Clear() }),
	component.Action("End", "()", func(r *Response, _ component.Args) error {
		r.Program.End()
		return nil
	}),
	component.Action("Redirect", "(url)", (*Response).redirect),
	component.Action("AddHeader", "(name, value)", (*Response).addHeader),
	component.Action("AppendToLog", "(text)", func(r *Response, args component.Args) error {
		return withText(r, args, r.Response.AppendToLog)
	}),
	component.Action("PICS", "(label)", func(r *Response, args component.Args) error { return withText(r, args, r.Response.PICS) }),
	counted(component.ReadOnly("IsClientConnected", "boolean", func(r *Response) variant.Value {
		return variant.Bool(r.Response.IsClientConnected())
	})),
	component.Property("Buffer", "boolean",
		func(r *Response) (variant.Value, error) { return variant.Bool(r.Response.Buffer()), nil },
		func(r *Response, v variant.Value) error {
			on, err := r.Program.Truth(v)
			if err != nil {
				return err
			}
			return r.Response.SetBuffer(on)
		}),
	textOf("Status", func(r *Response) string { return r.Response.Status() }, func(r *Response, s string) error { return r.Response.SetStatus(s) }),
	textOf("ContentType", func(r *Response) string { return r.Response.ContentType() }, func(r *Response, s string) error { return r.Response.SetContentType(s) }),
	textOf("Charset", func(r *Response) string { return r.Response.Charset() }, func(r *Response, s string) error { return r.Response.SetCharset(s) }),
	numberOf("CodePage", func(r *Response) int { return r.Response.CodePage().Number() }, func(r *Response, n int) error { return r.Response.SetCodePage(n) }),
	numberOf("LCID", func(r *Response) int { return r.Response.LCID() }, func(r *Response, n int) error { return r.Response.SetLCID(n) }),
	textOf("CacheControl", func(r *Response) string { return r.Response.CacheControl() }, func(r *Response, s string) error { return r.Response.SetCacheControl(s) }),
	component.Property("Expires", "number", (*Response).expires, (*Response).setExpires),
	component.Property("ExpiresAbsolute", "date", (*Response).expiresAbsolute, (*Response).setExpiresAbsolute),
	component.ReadOnly("Cookies", "Response.Cookies", func(r *Response) variant.Value {
		return component.Of(once(&r.cookies, r.Page, func(p *Page) *ResponseCookies { return &ResponseCookies{Page: p} }))
	}),
}})

// counted marks a property that pages write with parentheses behind.
func counted(m component.Member) component.Member {
	m.Counted = true
	return m
}

// textOf is a text of the response's.
func textOf(name string, get func(*Response) string, set func(*Response, string) error) component.Member {
	return component.Property(name, "text",
		func(r *Response) (variant.Value, error) { return variant.String(get(r)), nil },
		func(r *Response, v variant.Value) error {
			s, err := r.Program.Text(v)
			if err != nil {
				return err
			}
			return set(r, s)
		})
}

// numberOf is a number of the response's.
func numberOf(name string, get func(*Response) int, set func(*Response, int) error) component.Member {
	return component.Property(name, "number",
		func(r *Response) (variant.Value, error) { return numbers(get(r)), nil },
		func(r *Response, v variant.Value) error {
			n, err := r.number(v)
			if err != nil {
				return err
			}
			return set(r, n)
		})
}

// withText does something with the first argument's text.
func withText(r *Response, args component.Args, do func(string) error) error {
	s, err := r.text(args, 0)
	if err != nil {
		return err
	}
	return do(s)
}

func (r *Response) write(args component.Args) error { return withText(r, args, r.Program.Write) }

func (r *Response) binaryWrite(args component.Args) error {
	b, err := r.Program.Bytes(args.At(0))
	if err != nil {
		return err
	}
	return r.Program.Output(r.Response.BinaryWrite(b))
}

func (r *Response) flush(component.Args) error {
	if !r.Response.HeadersSent() {
		if err := r.Program.Save(InSession); err != nil { // a session that is kept in a cookie goes out with the header
			return err
		}
	}
	return r.Program.Output(r.Response.Flush())
}

func (r *Response) redirect(args component.Args) error {
	err := withText(r, args, r.Response.Redirect)
	if err == nil {
		r.Program.End()
	}
	return err
}

func (r *Response) addHeader(args component.Args) error {
	name, err := r.text(args, 0)
	if err != nil {
		return err
	}
	value, err := r.text(args, 1)
	if err != nil {
		return err
	}
	return r.Response.AddHeader(name, value)
}

func (r *Response) expires() (variant.Value, error) {
	if n, ok := r.Response.Expires(); ok {
		return numbers(n), nil
	}
	return variant.Null, nil
}

func (r *Response) setExpires(v variant.Value) error {
	n, err := r.number(v)
	if err != nil {
		return err
	}
	return r.Response.SetExpires(float64(n))
}

func (r *Response) expiresAbsolute() (variant.Value, error) {
	t, ok := r.Response.ExpiresAbsolute()
	if !ok {
		return variant.Null, nil
	}
	return r.Program.Moment(t), nil
}

func (r *Response) setExpiresAbsolute(v variant.Value) error {
	t, err := r.Program.Time(v)
	if err != nil {
		return err
	}
	return r.Response.SetExpiresAbsolute(t)
}
