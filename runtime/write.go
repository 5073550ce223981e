package runtime

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
)

// writeText writes the literal text that a name of the host's ends in the
// number of. A compiled page names it, and that is all: reading a variable
// costs less than calling a function, and needs none to be made (rules.go).
func (sc *script) writeText(number string) goja.Value {
	i, err := strconv.Atoi(number)
	texts := sc.runs.unit.Texts
	if err != nil || i < 0 || i >= len(texts) || sc.env.Response == nil {
		return goja.Undefined()
	}
	if sc.ctx.Err() == nil || !sc.leave() {
		sc.output(sc.env.Response.WriteText(texts[i]))
	}
	return goja.Undefined()
}

// pageOutput is where a compiled page assigns what it writes: <%= %> to
// outputRaw, <%: %> to outputEncoded.
type pageOutput struct{ *script }

// The properties of pageOutput.
const (
	outputRaw     = "r"
	outputEncoded = "h"
)

// Set writes a value.
func (o *pageOutput) Set(key string, v goja.Value) bool {
	s := o.text(v)
	if key == outputEncoded {
		s = encodeText(s)
	}
	o.write(s)
	return true
}

// encodeText encodes what <%: %> writes: safe in any attribute.
func encodeText(s string) string {
	return strings.ReplaceAll(asphttp.HTMLEncode(s, nil), "'", "&#39;")
}

// Get, Has, Delete and Keys complete a dynamic object.
func (o *pageOutput) Get(string) goja.Value { return goja.Undefined() }
func (o *pageOutput) Has(string) bool       { return true }
func (o *pageOutput) Delete(string) bool    { return false }
func (o *pageOutput) Keys() []string        { return nil }

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
func (s *State) leave() bool {
	if s.gone.IsZero() {
		s.gone = time.Now()
		return false
	}
	if time.Since(s.gone) < goneGrace {
		return false
	}
	s.stop(ErrClientGone)
	return true
}

// gone tells a write that failed because nobody reads from one that the page
// did wrong.
func gone(err error) bool {
	var e *asp.Error
	return !errors.As(err, &e)
}
