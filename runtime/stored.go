package runtime

import (
	"bytes"
	"errors"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// stored are the objects that a script took out of Session or Application:
// one copy for each key and request, so that Session("cart").push(x) changes
// what the next Session("cart") sees and is stored at the end of the page.
type stored map[string]*taken

type taken struct {
	key string
	raw []byte // as it was read or written last
	obj *goja.Object

	own  bool // the script has made it, and assigned it
	bare bool // the script has a part of it whose changes no guard notices
}

// take gives the value of raw under key, the request's own copy.
func (sc *script) take(in *stored, key string, raw []byte) goja.Value {
	fold := cborvalue.Fold(key)
	if t := (*in)[fold]; t != nil && bytes.Equal(t.raw, raw) {
		return t.obj
	}
	v := sc.decode(raw)
	in.keep(fold, key, raw, v)
	return v
}

// keep remembers an object for the end of the page.
func (in *stored) keep(fold, key string, raw []byte, v goja.Value) {
	obj, ok := v.(*goja.Object)
	if !ok {
		delete(*in, fold)
		return
	}
	if *in == nil {
		*in = make(stored)
	}
	(*in)[fold] = &taken{key: key, raw: raw, obj: obj}
}

// forget drops what was taken under key, or all of it.
func (in *stored) forget(key string) { delete(*in, cborvalue.Fold(key)) }

// changed calls put for every object that the script changed in place. One
// that can't be stored doesn't keep the others from it; the error is the
// first one's.
func (sc *script) changed(in stored, encode func(string, goja.Value) ([]byte, error), put func(key string, raw []byte) error) (first error) {
	for _, t := range in {
		raw, err := encode(t.key, t.obj)
		if err == nil && !bytes.Equal(raw, t.raw) {
			if err = put(t.key, raw); err == nil {
				t.raw = raw
			}
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// save stores what the script changed in place: in its session on every way
// out of a page, as assignments are; in Application, under the lock, on every
// way that doesn't drop what was written there. A page that ended itself may
// have getters run here; one that was stopped from outside may not.
func (sc *script) save(failed bool) (err error) {
	if len(sc.session) == 0 && len(sc.appl) == 0 {
		return nil
	}
	sc.calm()
	defer func() {
		if r := recover(); r != nil {
			err = sc.panicked(r)
		}
	}()
	if ex := sc.vm.Try(func() {
		err = sc.saveSession()
		if !failed && err == nil {
			err = sc.saveApplication()
		}
	}); ex != nil {
		return ex
	}
	return err
}

// saveSession stores what the script changed in place in its session.
func (sc *script) saveSession() error {
	if len(sc.session) == 0 || sc.env.Session == nil {
		return nil
	}
	return sc.changed(sc.session, sc.encodeOwn, func(key string, raw []byte) error {
		return inPlace(intrinsics.Quoted(intrinsics.InSession, key), sc.env.Session.Set(key, raw))
	})
}

// inPlace says what could not be stored, for which no line of the page is to
// blame.
func inPlace(what string, err error) error {
	e, ok := errors.AsType[*asp.Error](err)
	if !ok {
		return err
	}
	c := *e
	c.Description = what + " was changed in place: " + e.Description
	return &c
}

// encodeOwn is encode for Session.
func (sc *script) encodeOwn(key string, v goja.Value) ([]byte, error) {
	return sc.encode(intrinsics.Quoted(intrinsics.InSession, key), v)
}
