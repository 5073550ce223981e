package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/runtime/internal/intrinsics"
	"github.com/najahost/naja/variant"
)

// Store is the form in which a value is kept.
func (c caller) Store(what string, v variant.Value) ([]byte, error) {
	return c.encode(what, c.toScript(v))
}

// Copy is a value of its own.
func (c caller) Copy(raw []byte) (variant.Value, error) { return c.fromScript(c.decode(raw)), nil }

// Load is this page's copy. Out of Application it is that of the latest commit,
// and behind a guard.
func (c caller) Load(s intrinsics.Scope, key string, raw []byte) (variant.Value, error) {
	if s == intrinsics.InSession {
		return c.fromScript(c.take(&c.session, key, raw)), nil
	}
	if err := c.forgetOld(); err != nil {
		return variant.Empty, err
	}
	if err := c.replaced(key, raw); err != nil {
		return variant.Empty, err
	}
	v := c.take(&c.appl, key, raw)
	if t := c.appl[cborvalue.Fold(key)]; t != nil {
		v = (&guard{sc: c.script, key: key, period: c.lockPeriod, of: t}).value(v)
	}
	return c.fromScript(v), nil
}

// Forget drops what was loaded under a key.
func (c caller) Forget(s intrinsics.Scope, key string) {
	if s == intrinsics.InSession {
		c.session.forget(key)
	} else {
		c.appl.forget(key)
	}
}

// Keep has an object that was assigned be the one that is read, and stored as it
// is at the end: q = Session("q") = {}; q.z = 6. What is kept in another form than
// the page's, such as an item of a Request by its text, is read as that.
func (c caller) Keep(key string, raw []byte, v variant.Value) {
	c.session.forget(key)
	obj, ok := c.toScript(v).(*goja.Object)
	if !ok || c.hosts[obj] != nil || c.guards.behind(obj) != obj {
		return
	}
	switch obj.ClassName() {
	case "Object", "Array", "Date", "Map", "Set":
		c.session.keep(cborvalue.Fold(key), key, raw, obj)
		c.session[cborvalue.Fold(key)].own = true
	}
}

// Release lets go of what was assigned: it is the page's alone again.
func (c caller) Release() {
	for key, t := range c.session {
		if t.own {
			delete(c.session, key)
		}
	}
}

// ForgetAll drops all that was loaded.
func (c caller) ForgetAll(s intrinsics.Scope) {
	if s == intrinsics.InSession {
		c.session = nil
	} else {
		c.appl = nil
	}
}

// Save stores what the script changed in place.
func (c caller) Save(s intrinsics.Scope) error {
	if s == intrinsics.InSession {
		return c.saveSession()
	}
	return c.saveApplication()
}

// Locked counts that Application.Lock was taken or given up.
func (c caller) Locked() { c.lockPeriod++ }

// LiveOf is the component that a value is. One with a value of its own, a field
// of a recordset, stands for that.
func (c caller) LiveOf(v variant.Value) *Object {
	if k := v.Kind(); k != variant.KindObject && k != variant.KindScript {
		return nil
	}
	h := c.hostOf(c.toScript(v))
	if h == nil || h.primitive != nil {
		return nil
	}
	return h.live
}

// Live is a component as a value.
func (c caller) Live(o *Object) variant.Value { return variant.Object(o) }

// Kept forgets that the component ends with the request.
func (c caller) Kept(o *Object) { c.keeps(o) }

// encodeShared is encode, with ASP's code for what Application may not hold.
func (sc *script) encodeShared(key string, v goja.Value) ([]byte, error) {
	raw, err := sc.encode(intrinsics.Quoted(intrinsics.InApplication, key), v)
	if e, ok := err.(*asp.Error); ok {
		e.Code = 197
	}
	return raw, err
}
