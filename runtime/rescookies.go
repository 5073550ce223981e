package runtime

import (
	"github.com/dop251/goja"
)

// responseCookiesClass is Response.Cookies: Cookies(name) = v,
// Cookies(name)(key) = v and the attributes of Cookies(name).
var responseCookiesClass = newClass("Response.Cookies",
	itself("Item"),
	readOnly("Count", func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.Cookies().Len()) }),
	method("Key", func(h *host, args []goja.Value) goja.Value {
		name, ok := h.env.Response.Cookies().Key(h.number(arg(args, 0)))
		if !ok {
			h.outOfRange()
		}
		return h.vm.ToValue(name)
	}),
)

// responseCookieClass is one cookie of Response.Cookies; its name is self.
var responseCookieClass = newClass("Response.Cookies(name)",
	itself("Item"),
	cookieText("Domain", func(h *host, name, v string) error { return h.env.Response.Cookies().SetDomain(name, v) }),
	cookieText("Path", func(h *host, name, v string) error { return h.env.Response.Cookies().SetPath(name, v) }),
	cookieText("SameSite", func(h *host, name, v string) error { return h.env.Response.Cookies().SetSameSite(name, v) }),
	cookieFlag("Secure", func(h *host, name string, v bool) error { return h.env.Response.Cookies().SetSecure(name, v) }),
	cookieFlag("HttpOnly", func(h *host, name string, v bool) error { return h.env.Response.Cookies().SetHttpOnly(name, v) }),
	cookieFlag("Partitioned", func(h *host, name string, v bool) error {
		return h.env.Response.Cookies().SetPartitioned(name, v)
	}),
	member{name: "Expires", get: writeOnly, set: func(h *host, v goja.Value) {
		h.check(h.env.Response.Cookies().SetExpires(h.self.(string), h.time(v)))
	}},
	member{name: "MaxAge", get: writeOnly, set: func(h *host, v goja.Value) {
		h.check(h.env.Response.Cookies().SetMaxAge(h.self.(string), h.number(v)))
	}},
	readOnly("HasKeys", func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.Cookies().HasKeys(h.self.(string))) }),
)

func cookieText(name string, set func(h *host, cookie, v string) error) member {
	return member{name: name, get: writeOnly, set: func(h *host, v goja.Value) {
		h.check(set(h, h.self.(string), h.text(v)))
	}}
}

func cookieFlag(name string, set func(h *host, cookie string, v bool) error) member {
	return member{name: name, get: writeOnly, set: func(h *host, v goja.Value) {
		h.check(set(h, h.self.(string), h.plain(v).ToBoolean()))
	}}
}

// writeOnly is what reading an attribute of a cookie gives: ASP has them
// write-only.
func writeOnly(h *host) goja.Value { return goja.Undefined() }

// responseCookies makes Response.Cookies.
func (sc *script) responseCookies() goja.Value {
	return sc.once(&sc.kept.responseCookies, func() *goja.Object {
		return sc.newCallable(&host{
			class: responseCookiesClass,
			item: func(h *host, args []goja.Value) goja.Value {
				return h.responseCookie(h.text(arg(args, 0)))
			},
			put: func(h *host, args []goja.Value, v goja.Value) {
				h.check(h.env.Response.Cookies().Set(h.text(arg(args, 0)), h.text(v)))
			},
			elements: func(h *host) []goja.Value { return h.strings(h.cookieNames()) },
		})
	})
}

func (sc *script) cookieNames() []string {
	c := sc.env.Response.Cookies()
	names := make([]string, 0, c.Len())
	for i := 1; i <= c.Len(); i++ {
		name, _ := c.Key(i)
		names = append(names, name)
	}
	return names
}

// responseCookie makes Response.Cookies(name).
func (sc *script) responseCookie(name string) goja.Value {
	return sc.newCallable(&host{
		class: responseCookieClass,
		self:  name,
		item: func(h *host, args []goja.Value) goja.Value {
			return h.vm.ToValue("") // write-only, as in ASP
		},
		put: func(h *host, args []goja.Value, v goja.Value) {
			h.check(h.env.Response.Cookies().SetKey(name, h.text(arg(args, 0)), h.text(v)))
		},
		primitive: func(h *host) goja.Value { return h.vm.ToValue("") },
	})
}

// kept are the collections that a script asked for: one object each.
type kept struct {
	responseCookies, queryString, form, cookies, variables, certificate, files *goja.Object
	sessionContents, sessionObjects, applContents, applObjects                 *goja.Object
}

// once makes an object at its first use.
func (sc *script) once(slot **goja.Object, make func() *goja.Object) goja.Value {
	if *slot == nil {
		*slot = make()
	}
	return *slot
}

// strings makes script values of Go strings.
func (sc *script) strings(list []string) []goja.Value {
	out := make([]goja.Value, len(list))
	for i, s := range list {
		out[i] = sc.vm.ToValue(s)
	}
	return out
}
