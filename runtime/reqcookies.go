package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// requestCookiesClass is Request.Cookies; self is the *asp.RequestCookies.
var requestCookiesClass = newClass("Request.Cookies",
	itself("Item"),
	readOnly("Count", func(h *host) goja.Value { return h.count(h.self.(*asp.RequestCookies).Len()) }),
	method("Key", func(h *host, args []goja.Value) goja.Value {
		name, ok := h.self.(*asp.RequestCookies).Key(h.number(arg(args, 0)))
		if !ok {
			h.outOfRange()
		}
		return h.vm.ToValue(name)
	}),
)

// requestCookieClass is one cookie of Request.Cookies; self is its name.
var requestCookieClass = newClass("Request.Cookies(name)",
	itself("Item"),
	readOnly("HasKeys", func(h *host) goja.Value {
		return h.vm.ToValue(h.env.Request.Cookies().HasKeys(h.self.(string)))
	}),
	readOnly("Count", func(h *host) goja.Value {
		return h.count(h.env.Request.Cookies().Keys(h.self.(string)).Len())
	}),
	method("Key", func(h *host, args []goja.Value) goja.Value {
		return h.vm.ToValue(h.keyOf(func() []string { return keysOf(h.env.Request.Cookies().Keys(h.self.(string))) }, arg(args, 0)))
	}),
)

// requestCookies makes Request.Cookies.
func (sc *script) requestCookies() goja.Value {
	return sc.once(&sc.kept.cookies, func() *goja.Object {
		c := sc.env.Request.Cookies()
		names := func() []string {
			list := make([]string, 0, c.Len())
			for i := 1; i <= c.Len(); i++ {
				name, _ := c.Key(i)
				list = append(list, name)
			}
			return list
		}
		return sc.newCallable(&host{
			class: requestCookiesClass,
			self:  c,
			item: func(h *host, args []goja.Value) goja.Value {
				return h.requestCookie(h.keyOf(names, arg(args, 0)))
			},
			put:       func(h *host, args []goja.Value, _ goja.Value) { h.throw(asp.New(162, h.text(arg(args, 0)))) },
			primitive: func(h *host) goja.Value { return h.vm.ToValue(c.Raw()) },
			elements:  func(h *host) []goja.Value { return h.strings(names()) },
			keys:      func(*host) []string { return names() },
		})
	})
}

// requestCookie makes Request.Cookies(name). A missing one reads as "".
func (sc *script) requestCookie(name string) goja.Value {
	return sc.newCallable(&host{
		class: requestCookieClass,
		self:  name,
		item: func(h *host, args []goja.Value) goja.Value {
			if len(args) == 0 {
				return h.primitive(h)
			}
			keys := h.env.Request.Cookies().Keys(name)
			return h.vm.ToValue(keys.Text(h.keyOf(func() []string { return keysOf(keys) }, arg(args, 0))))
		},
		put:       func(h *host, _ []goja.Value, _ goja.Value) { h.throw(asp.New(162, name)) },
		primitive: func(h *host) goja.Value { return h.vm.ToValue(h.env.Request.Cookies().Get(name)) },
		elements:  func(h *host) []goja.Value { return h.strings(keysOf(h.env.Request.Cookies().Keys(name))) },
		keys:      func(h *host) []string { return keysOf(h.env.Request.Cookies().Keys(name)) },
	})
}
