package runtime

import (
	"bytes"
	"fmt"

	"github.com/dop251/goja"
	"github.com/najahost/naja/value"
)

// stored are the objects that a script took out of Session or Application:
// one copy for each key and request, so that Session("cart").push(x) changes
// what the next Session("cart") sees and is stored at the end of the page.
type stored map[string]*taken

type taken struct {
	key string
	raw []byte // as it was read or written last
	obj *goja.Object
}

// take gives the value of raw under key, the request's own copy.
func (sc *script) take(in *stored, key string, raw []byte) goja.Value {
	fold := value.Fold(key)
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
func (in *stored) forget(key string) { delete(*in, value.Fold(key)) }

// changed calls put for every object that the script changed in place.
func (sc *script) changed(in stored, what string, put func(key string, raw []byte) error) error {
	for _, t := range in {
		raw, err := sc.encode(fmt.Sprintf("%s(%q)", what, t.key), t.obj)
		if err != nil {
			return err
		}
		if bytes.Equal(raw, t.raw) {
			continue
		}
		if err := put(t.key, raw); err != nil {
			return err
		}
		t.raw = raw
	}
	return nil
}

// save stores what the script changed in place in its session, on every way
// out of a page, as assignments are. A page that ended itself may have
// getters run here; one that was stopped from outside may not.
func (sc *script) save() (err error) {
	if len(sc.session) == 0 || sc.env.Session == nil {
		return nil
	}
	sc.calm()
	defer func() {
		if r := recover(); r != nil {
			err = sc.panicked(r)
		}
	}()
	if ex := sc.vm.Try(func() {
		err = sc.changed(sc.session, "Session", sc.env.Session.Set)
	}); ex != nil {
		return ex
	}
	return err
}
