package runtime

import (
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// sessionClass is ASP's Session; calling it reads Contents.
var sessionClass = newClass("Session",
	readOnly("SessionID", func(h *host) goja.Value { return h.vm.ToValue(h.touched().ID()) }),
	property("Timeout",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Session.Timeout().Minutes()) },
		func(h *host, v goja.Value) {
			n := h.number(v)
			if n < 1 || n > 525600 {
				h.throw(asp.New(164, "Session.Timeout is 1 to 525600 minutes"))
			}
			h.check(h.env.Session.SetTimeout(time.Duration(n) * time.Minute))
		}),
	property("LCID",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Session.LCID()) },
		func(h *host, v goja.Value) {
			h.check(h.env.Session.SetLCID(h.number(v)))
			h.onResponse(func(r *asp.Response) error { return r.SetLCID(h.number(v)) })
		}),
	property("CodePage",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Session.CodePage()) },
		func(h *host, v goja.Value) {
			h.onResponse(func(r *asp.Response) error { return r.SetCodePage(h.number(v)) })
			h.check(h.env.Session.SetCodePage(h.number(v)))
		}),
	readOnly("Contents", func(h *host) goja.Value { return h.sessionContents() }),
	readOnly("StaticObjects", func(h *host) goja.Value {
		return h.once(&h.kept.sessionObjects, func() *goja.Object { return h.staticObjects("Session.StaticObjects", ScopeSession) })
	}),
	action("Abandon", func(h *host, _ []goja.Value) goja.Value {
		h.check(h.env.Session.Abandon())
		return nil
	}),
	action("Renew", func(h *host, _ []goja.Value) goja.Value {
		h.check(h.env.Session.Renew())
		return nil
	}),
	action("Close", func(h *host, _ []goja.Value) goja.Value {
		h.check(h.saveSession()) // and what is changed in a copy from now on is refused at the end
		h.check(h.env.Session.Close())
		return nil
	}),
	ending("EndId", func(e EndedSession) any { return e.EndID() }),
	ending("EndAttempt", func(e EndedSession) any { return e.EndAttempt() }),
	ending("EndReason", func(e EndedSession) any { return e.EndReason() }),
	itself("Item"),
	itself("Value"),
)

// ending is a property that Session has in Session_OnEnd alone; it is
// undefined elsewhere.
func ending(name string, get func(EndedSession) any) member {
	return readOnly(name, func(h *host) goja.Value {
		if e, ok := h.env.Session.(EndedSession); ok {
			return h.vm.ToValue(get(e))
		}
		return goja.Undefined()
	})
}

// sessionObject makes Session.
func (sc *script) sessionObject() goja.Value {
	if sc.env.Session == nil {
		sc.missing("Session", sc.env.NoSession)
	}
	return sc.newCallable(&host{class: sessionClass, item: sessionItem, put: putSession,
		elements: sessionElements, keys: sessionKeys})
}

// onResponse does to the response what a setting of the session means for it.
func (sc *script) onResponse(do func(*asp.Response) error) {
	if r := sc.env.Response; r != nil {
		sc.check(do(r))
	}
}

// contentsClass is Session.Contents and, by another set of callbacks,
// Application.Contents.
func contentsClass(name string, keys func(h *host) []string, remove func(h *host, key string), removeAll func(h *host)) *class {
	return newClass(name,
		itself("Item"),
		readOnly("Count", func(h *host) goja.Value { return h.count(len(keys(h))) }),
		method("Key", func(h *host, args []goja.Value) goja.Value {
			list := keys(h)
			i := h.number(arg(args, 0))
			if i < 1 || i > len(list) {
				h.outOfRange()
			}
			return h.vm.ToValue(list[i-1])
		}),
		method("Remove", func(h *host, args []goja.Value) goja.Value {
			key := h.keyOf(func() []string { return keys(h) }, arg(args, 0))
			remove(h, key)
			return nil
		}),
		action("RemoveAll", func(h *host, _ []goja.Value) goja.Value {
			removeAll(h)
			return nil
		}),
	)
}

// keyOf is a key by its name or its 1-based place.
func (sc *script) keyOf(list func() []string, v goja.Value) string {
	if i, ok := index(v); ok {
		keys := list()
		if i < 1 || i > len(keys) {
			sc.outOfRange()
		}
		return keys[i-1]
	}
	return sc.text(v)
}

var sessionContentsClass = contentsClass("Session.Contents",
	sessionKeys,
	func(h *host, key string) {
		h.session.forget(key)
		h.check(h.env.Session.Remove(key))
	},
	func(h *host) {
		h.session = nil
		h.check(h.env.Session.RemoveAll())
	},
)

// sessionContents makes Session.Contents.
func (sc *script) sessionContents() goja.Value {
	return sc.once(&sc.kept.sessionContents, func() *goja.Object {
		return sc.newCallable(&host{class: sessionContentsClass, item: sessionItem, put: putSession,
			elements: sessionElements, keys: sessionKeys})
	})
}

func sessionElements(h *host) []goja.Value { return h.strings(sessionKeys(h)) }

func sessionKeys(h *host) []string { return h.touched().Keys() }

// touched is the session, which exists from now on.
func (sc *script) touched() Session {
	if s, ok := sc.env.Session.(interface{ Touch() error }); ok {
		sc.check(s.Touch())
	}
	return sc.env.Session
}

// sessionItem reads Session("key"): undefined when it isn't there.
func sessionItem(h *host, args []goja.Value) goja.Value {
	own := h.touched()
	key := h.keyOf(own.Keys, arg(args, 0))
	if o, ok := own.Object(key); ok {
		if o == nil {
			h.throw(asp.New(asp.CodeNotAllowed, quoted("Session", key)+": "+ElsewhereText))
		}
		return h.live("Session", key, o)
	}
	raw, ok := own.Get(key)
	if !ok {
		return goja.Undefined()
	}
	return h.take(&h.script.session, key, raw)
}

// putSession assigns Session("key").
func putSession(h *host, args []goja.Value, v goja.Value) {
	key := h.keyOf(h.env.Session.Keys, arg(args, 0))
	if o := h.componentOf(v); o != nil {
		h.session.forget(key)
		h.check(h.env.Session.SetObject(key, o))
		return
	}
	raw, err := h.encodeOwn(key, v)
	h.check(err)
	h.check(h.env.Session.Set(key, raw))
	h.session.forget(key) // by value: the next read makes a copy of its own
}
