package runtime

import (
	"crypto/rand"
	"fmt"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// maxRandom bounds one call of getRandomValues, as the Web Cryptography API
// does.
const maxRandom = 65536

// cryptoClass is as much of the Web's crypto as pages need for tokens that
// nobody guesses: Math.random isn't made for that.
var cryptoClass = newClass("crypto",
	method("randomUUID", func(h *host, _ []goja.Value) goja.Value {
		var b [16]byte
		rand.Read(b[:]) // never fails
		b[6] = b[6]&0x0f | 0x40
		b[8] = b[8]&0x3f | 0x80
		return h.vm.ToValue(fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]))
	}),
	method("getRandomValues", func(h *host, args []goja.Value) goja.Value {
		obj, ok := arg(args, 0).(*goja.Object)
		if !ok || obj.Get("buffer") == nil || obj.Get("buffer").ExportType() != bufferType {
			h.wrongType("crypto.getRandomValues fills a typed array")
		}
		e := &encoder{sc: h.script}
		b := e.bytes(obj)
		if len(b) > maxRandom {
			h.throw(asp.New(asp.CodeNotAllowed, fmt.Sprintf("crypto.getRandomValues gives %d bytes at most", maxRandom)))
		}
		rand.Read(b)
		return obj
	}),
)
