package runtime

import (
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// writeText writes a literal text of the page, given its number.
func (sc *script) writeText(call goja.FunctionCall) goja.Value {
	if sc.ctx.Err() != nil && sc.leave() {
		return goja.Undefined()
	}
	texts := sc.prog.unit.Texts
	i := int(call.Argument(0).ToInteger())
	if i < 0 || i >= len(texts) || sc.env.Response == nil {
		return goja.Undefined()
	}
	sc.output(sc.env.Response.WriteText(texts[i]))
	return goja.Undefined()
}

// writeExpr is <%= expression %>.
func (sc *script) writeExpr(call goja.FunctionCall) goja.Value {
	sc.write(sc.text(call.Argument(0)))
	return goja.Undefined()
}

// writeEncoded is <%: expression %>.
func (sc *script) writeEncoded(call goja.FunctionCall) goja.Value {
	sc.write(asp.HTMLEncode(sc.text(call.Argument(0)), nil))
	return goja.Undefined()
}

// write sends text to the response.
func (sc *script) write(s string) {
	if sc.env.Response == nil {
		sc.missing("Response", "an event has no client")
	}
	if sc.ctx.Err() != nil && sc.leave() {
		return
	}
	sc.output(sc.env.Response.WriteString(s))
}

// output looks at what a write came to: a response that is closed or whose
// client is gone ends the page, anything else is thrown.
func (sc *script) output(err error) {
	if err == nil {
		return
	}
	if gone(err) {
		sc.stop(ErrClientGone)
		return
	}
	sc.throw(err)
}

// goneGrace is how long a page goes on writing to a client that is gone. A
// client that closed only its sending side looks the same until something is
// sent to it, and it still wants its page.
const goneGrace = time.Second

// leave stops the page when its client has been gone for a while.
func (sc *script) leave() bool {
	if sc.gone.IsZero() {
		sc.gone = time.Now()
		return false
	}
	if time.Since(sc.gone) < goneGrace {
		return false
	}
	sc.stop(ErrClientGone)
	return true
}
