package runtime

import (
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// pageOutput is where a compiled page writes: reading element k writes the
// literal text k, assigning to outputRaw and outputEncoded writes a value. The
// compiler makes both of calls (transform.go): a function of the engine's costs
// more to make and more to call than a whole small page.
type pageOutput struct{ *script }

// The elements that a page assigns to.
const (
	outputRaw     = -1 // <%= %>
	outputEncoded = -2 // <%: %>
)

// Get writes a literal text.
func (o *pageOutput) Get(i int) goja.Value {
	texts := o.prog.unit.Texts
	if i < 0 || i >= len(texts) || o.env.Response == nil {
		return goja.Undefined()
	}
	if o.ctx.Err() == nil || !o.leave() {
		o.output(o.env.Response.WriteText(texts[i]))
	}
	return goja.Undefined()
}

// Set writes a value.
func (o *pageOutput) Set(i int, v goja.Value) bool {
	s := o.text(v)
	if i == outputEncoded {
		s = asp.HTMLEncode(s, nil)
	}
	o.write(s)
	return true
}

// Len and SetLen complete a dynamic array.
func (o *pageOutput) Len() int        { return len(o.prog.unit.Texts) }
func (o *pageOutput) SetLen(int) bool { return false }

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
