package runtime

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// trackRejections remembers promises that were rejected while nobody
// listened: at the end of the page they are its error.
func (sc *script) trackRejections() {
	sc.rejected = make(map[*goja.Promise]rejected)
	sc.vm.SetPromiseRejectionTracker(func(p *goja.Promise, op goja.PromiseRejectionOperation) {
		switch op {
		case goja.PromiseRejectionReject:
			sc.rejections++
			sc.rejected[p] = rejected{sc.rejections, sc.here().place}
		case goja.PromiseRejectionHandle:
			delete(sc.rejected, p)
		}
	})
}

// rejected is when and where a promise was rejected that nobody listened to.
type rejected struct {
	n  int
	at place
}

// unhandled is the error of a promise that nobody looked after: that of the
// page's own top level, or else the first.
func (sc *script) unhandled() error {
	if sc.stopped() {
		return sc.stoppedError()
	}
	if sc.top != nil && sc.top.State() == goja.PromiseStateRejected {
		return sc.rejection(sc.top.Result(), place{file: sc.prog.name})
	}
	var first *goja.Promise
	for p, r := range sc.rejected {
		if first == nil || r.n < sc.rejected[first].n {
			first = p
		}
	}
	if first == nil {
		return nil
	}
	return sc.rejection(first.Result(), sc.rejected[first].at)
}

// stoppedError is the report of a script that was stopped while it waited in
// Go, nil when it ended itself.
func (sc *script) stoppedError() error {
	switch reason := sc.Reason().(type) {
	case nil, *transfer:
		return nil
	default:
		if reason == errEnd {
			return nil
		}
		e := asp.New(asp.CodeTimeout, "")
		if reason != ErrTimeout {
			e = stoppedBy(reason)
		}
		file, line := sc.Where()
		if file == "" {
			file = sc.prog.name
		}
		return e.At(file, line, 0)
	}
}

// rejection is a promise's error as the page's: where its Error was made, or
// else where the promise was rejected.
func (sc *script) rejection(v goja.Value, from place) error {
	obj, _ := v.(*goja.Object)
	e := sc.errs[obj]
	if e == nil {
		e = &asp.Error{Category: asp.CategoryRuntime}
		e.Short, e.Number = sc.describe(v)
	}
	at := spot{place: from}
	if obj != nil {
		if made := sc.stackText(textOf(obj.Get("stack"))); made.line > 0 {
			at = made
			at.reference(e.Short)
		}
	}
	return at.mark(e)
}

// stackText reads the places out of an Error's stack property: the frames
// themselves are gone by the time a promise is looked at.
func (sc *script) stackText(stack string) spot {
	at := spot{place: place{file: sc.prog.name}}
	for line := range strings.Lines(stack) {
		_, rest, ok := strings.Cut(line, sc.prog.name+":")
		if !ok {
			continue
		}
		row, rest, _ := strings.Cut(rest, ":")
		col, _, _ := strings.Cut(rest, "(")
		r, err1 := strconv.Atoi(row)
		c, err2 := strconv.Atoi(col)
		if err1 != nil || err2 != nil {
			continue
		}
		p := sc.prog.at(r, c)
		if len(at.stack) == 0 {
			at.place = p
		}
		at.stack = append(at.stack, p.file+":"+strconv.Itoa(p.line)+":"+strconv.Itoa(p.col))
	}
	return at
}
