package intrinsics

import (
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/variant"
)

// ResponseCookies is Response.Cookies: Cookies(name) = v, Cookies(name)(key) = v
// and the attributes of Cookies(name).
type ResponseCookies struct{ *Page }

// Class is the table of Response.Cookies.
func (c *ResponseCookies) Class() *component.Class { return responseCookiesClass }

func (c *ResponseCookies) page() *Page { return c.Page }

func (c *ResponseCookies) cookies() *asphttp.ResponseCookies { return c.Response.Cookies() }

func (c *ResponseCookies) names() []string { return upTo(c.cookies().Len(), c.cookies().Key) }

var responseCookiesClass = component.Make(component.Class{
	Name: "Response.Cookies",
	Members: []component.Member{
		component.Indexed("Item", "(name)", "Response.Cookies(name)",
			func(c *ResponseCookies, args component.Args) (variant.Value, error) {
				name, err := c.text(args, 0)
				return component.Of(&ResponseCookie{c.Page, name}), err
			},
			func(c *ResponseCookies, args component.Args, v variant.Value) error {
				name, err := c.text(args, 0)
				if err != nil {
					return err
				}
				s, err := c.Program.Text(v)
				if err != nil {
					return err
				}
				return c.cookies().Set(name, s)
			}),
		countMember(func(c *ResponseCookies) int { return c.cookies().Len() }),
		placeMember((*ResponseCookies).page, (*ResponseCookies).names),
	},
	Default: "Item",
	Enum: func(o component.Object) (component.Enum, error) {
		return component.Texts(o.(*ResponseCookies).names()), nil
	},
})

// A ResponseCookie is one cookie of Response.Cookies.
type ResponseCookie struct {
	*Page
	name string
}

// Class is the table of Response.Cookies(name).
func (c *ResponseCookie) Class() *component.Class { return responseCookieClass }

func (c *ResponseCookie) cookies() *asphttp.ResponseCookies { return c.Response.Cookies() }

var responseCookieClass = component.Make(component.Class{
	Name:  "Response.Cookies(name)",
	Fresh: true,
	Members: []component.Member{
		component.Indexed("Item", "([key])", "text",
			func(*ResponseCookie, component.Args) (variant.Value, error) { return variant.String(""), nil }, // write-only, as in ASP
			func(c *ResponseCookie, args component.Args, v variant.Value) error {
				key, err := c.text(args, 0)
				if err != nil {
					return err
				}
				s, err := c.Program.Text(v)
				if err != nil {
					return err
				}
				return c.cookies().SetKey(c.name, key, s)
			}),
		attribute("Domain", "text", (*Page).string, (*asphttp.ResponseCookies).SetDomain),
		attribute("Path", "text", (*Page).string, (*asphttp.ResponseCookies).SetPath),
		attribute("SameSite", "text", (*Page).string, (*asphttp.ResponseCookies).SetSameSite),
		attribute("Secure", "boolean", (*Page).flag, (*asphttp.ResponseCookies).SetSecure),
		attribute("HttpOnly", "boolean", (*Page).flag, (*asphttp.ResponseCookies).SetHttpOnly),
		attribute("Partitioned", "boolean", (*Page).flag, (*asphttp.ResponseCookies).SetPartitioned),
		attribute("Expires", "date", (*Page).moment, (*asphttp.ResponseCookies).SetExpires),
		attribute("MaxAge", "number", (*Page).number, (*asphttp.ResponseCookies).SetMaxAge),
		counted(component.ReadOnly("HasKeys", "boolean", func(c *ResponseCookie) variant.Value {
			return variant.Bool(c.cookies().HasKeys(c.name))
		})),
	},
	Default: "Item",
})

// attribute is one of a cookie's, which are for writing: read, it is Empty.
func attribute[T any](name, gives string, as func(*Page, variant.Value) (T, error), set func(*asphttp.ResponseCookies, string, T) error) component.Member {
	return component.Property(name, gives,
		func(*ResponseCookie) (variant.Value, error) { return variant.Empty, nil },
		func(c *ResponseCookie, v variant.Value) error {
			x, err := as(c.Page, v)
			if err != nil {
				return err
			}
			return set(c.cookies(), c.name, x)
		})
}
