package runtime

import (
	"errors"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// responseClass is ASP's Response.
var responseClass = newClass("Response",
	method("Write", func(h *host, args []goja.Value) goja.Value {
		h.write(h.text(arg(args, 0)))
		return nil
	}),
	method("BinaryWrite", func(h *host, args []goja.Value) goja.Value {
		h.output(h.env.Response.BinaryWrite(h.binary(arg(args, 0))))
		return nil
	}),
	action("Flush", func(h *host, _ []goja.Value) goja.Value {
		if !h.env.Response.HeadersSent() {
			h.check(h.saveSession()) // a session that is kept in a cookie goes out with the header
		}
		h.output(h.env.Response.Flush())
		return nil
	}),
	action("Clear", func(h *host, _ []goja.Value) goja.Value {
		h.check(h.env.Response.Clear())
		return nil
	}),
	action("End", func(h *host, _ []goja.Value) goja.Value {
		h.stop(errEnd)
		return nil
	}),
	method("Redirect", func(h *host, args []goja.Value) goja.Value {
		h.check(h.env.Response.Redirect(h.text(arg(args, 0))))
		h.stop(errEnd)
		return nil
	}),
	method("AddHeader", func(h *host, args []goja.Value) goja.Value {
		h.check(h.env.Response.AddHeader(h.text(arg(args, 0)), h.text(arg(args, 1))))
		return nil
	}),
	method("AppendToLog", func(h *host, args []goja.Value) goja.Value {
		h.check(h.env.Response.AppendToLog(h.text(arg(args, 0))))
		return nil
	}),
	method("PICS", func(h *host, args []goja.Value) goja.Value {
		h.check(h.env.Response.PICS(h.text(arg(args, 0))))
		return nil
	}),
	readOnly("IsClientConnected", func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.IsClientConnected()) }),
	property("Buffer",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.Buffer()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetBuffer(v.ToBoolean())) }),
	property("Status",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.Status()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetStatus(h.text(v))) }),
	property("ContentType",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.ContentType()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetContentType(h.text(v))) }),
	property("Charset",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.Charset()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetCharset(h.text(v))) }),
	property("CodePage",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.CodePage().Number()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetCodePage(h.number(v))) }),
	property("LCID",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.LCID()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetLCID(h.number(v))) }),
	property("CacheControl",
		func(h *host) goja.Value { return h.vm.ToValue(h.env.Response.CacheControl()) },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetCacheControl(h.text(v))) }),
	property("Expires",
		func(h *host) goja.Value {
			if n, ok := h.env.Response.Expires(); ok {
				return h.vm.ToValue(n)
			}
			return goja.Null()
		},
		func(h *host, v goja.Value) { h.check(h.env.Response.SetExpires(float64(h.number(v)))) }),
	property("ExpiresAbsolute",
		func(h *host) goja.Value { return h.expiresAbsolute() },
		func(h *host, v goja.Value) { h.check(h.env.Response.SetExpiresAbsolute(h.time(v))) }),
	readOnly("Cookies", func(h *host) goja.Value { return h.responseCookies() }),
)

// responseObject makes Response.
func (sc *script) responseObject() goja.Value {
	if sc.env.Response == nil {
		sc.missing("Response", "there is no client in this event")
	}
	return sc.newHost(responseClass, nil)
}

// gone tells a write that failed because nobody reads from one that the page
// did wrong.
func gone(err error) bool {
	var e *asp.Error
	return !errors.As(err, &e)
}

// binary is what BinaryWrite takes: bytes, or text as it stands.
func (sc *script) binary(v goja.Value) []byte {
	v = sc.plain(v)
	if obj, ok := v.(*goja.Object); ok {
		switch x := obj.Export().(type) {
		case goja.ArrayBuffer:
			return x.Bytes()
		case []byte:
			return x
		}
		e := &encoder{sc: sc}
		if buf := obj.Get("buffer"); buf != nil && buf.ExportType() == bufferType {
			return e.bytes(obj)
		}
	}
	if s, ok := v.(goja.String); ok {
		return []byte(s.String())
	}
	sc.wrongType("BinaryWrite takes bytes: a Uint8Array, an ArrayBuffer or what BinaryRead returned")
	return nil
}

// number is an integer argument.
func (sc *script) number(v goja.Value) int {
	v = sc.plain(v)
	f := v.ToNumber().ToFloat()
	if f != f {
		sc.wrongType("a number is expected")
	}
	return int(min(max(f, -1<<31), 1<<31-1))
}

func (sc *script) expiresAbsolute() goja.Value {
	t, ok := sc.env.Response.ExpiresAbsolute()
	if !ok {
		return goja.Null()
	}
	return sc.date(t)
}
