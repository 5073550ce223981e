package intrinsics

import (
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// RequestCookies is Request.Cookies.
type RequestCookies struct {
	*Page
	cookies *asphttp.RequestCookies
}

// Class is the table of Request.Cookies.
func (c *RequestCookies) Class() *component.Class { return requestCookiesClass }

func (c *RequestCookies) page() *Page { return c.Page }

func (c *RequestCookies) names() []string { return upTo(c.cookies.Len(), c.cookies.Key) }

var requestCookiesClass = component.Make(component.Class{
	Name: "Request.Cookies",
	Members: []component.Member{
		component.Indexed("Item", "([name])", "Request.Cookies(name)", (*RequestCookies).item,
			func(c *RequestCookies, args component.Args, _ variant.Value) error {
				name, err := c.text(args, 0)
				return refused(name, err)
			}),
		countMember(func(c *RequestCookies) int { return c.cookies.Len() }),
		placeMember((*RequestCookies).page, (*RequestCookies).names),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		return component.Texts(o.(*RequestCookies).names()), nil
	},
	Keyed: true,
})

// refused is ASP 0162: a cookie of the request was assigned to.
func refused(name string, err error) error {
	if err != nil {
		return err
	}
	return asp.New(162, name)
}

// item is a cookie, or the raw text of all without a name.
func (c *RequestCookies) item(args component.Args) (variant.Value, error) {
	if len(args) == 0 {
		return variant.String(c.cookies.Raw()), nil
	}
	name, err := c.keyOf(args[0], c.names)
	return component.Of(&RequestCookie{c.Page, name}), err
}

// A RequestCookie is Request.Cookies(name). A missing one reads as "".
type RequestCookie struct {
	*Page
	name string
}

// Class is the table of Request.Cookies(name).
func (c *RequestCookie) Class() *component.Class { return requestCookieClass }

func (c *RequestCookie) page() *Page { return c.Page }

func (c *RequestCookie) keys() *asphttp.Values { return c.Request.Cookies().Keys(c.name) }

func (c *RequestCookie) names() []string { return listed(c.keys()) }

var requestCookieClass = component.Make(component.Class{
	Name:  "Request.Cookies(name)",
	Fresh: true,
	Members: []component.Member{
		component.Indexed("Item", "([key])", "text", (*RequestCookie).item,
			func(c *RequestCookie, _ component.Args, _ variant.Value) error { return refused(c.name, nil) }),
		counted(component.ReadOnly("HasKeys", "boolean", func(c *RequestCookie) variant.Value {
			return variant.Bool(c.Request.Cookies().HasKeys(c.name))
		})),
		countMember(func(c *RequestCookie) int { return c.keys().Len() }),
		keyMember((*RequestCookie).page, (*RequestCookie).names),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		return component.Texts(o.(*RequestCookie).names()), nil
	},
	Keyed: true,
})

// item is the text of a key, or the cookie's own without one.
func (c *RequestCookie) item(args component.Args) (variant.Value, error) {
	if len(args) == 0 {
		return variant.String(c.Request.Cookies().Get(c.name)), nil
	}
	key, err := c.keyOf(args[0], c.names)
	return variant.String(c.keys().Text(key)), err
}
