package intrinsics

import (
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// An ApplicationObject is ASP's Application; calling it reads Contents.
// Increment, CompareAndSet and Update are ours: they need no lock.
type ApplicationObject struct{ contents }

// Class is the table of Application.
func (a *ApplicationObject) Class() *component.Class { return applicationClass }

var applicationClass = component.Make(component.Class{
	Name: "Application",
	Members: []component.Member{
		component.Action("Lock", "()", (*ApplicationObject).lock),
		component.Action("Unlock", "()", (*ApplicationObject).unlock),
		component.ReadOnly("Contents", "Application.Contents", func(a *ApplicationObject) variant.Value { return a.contentsObject() }),
		component.ReadOnly("StaticObjects", "Application.StaticObjects", func(a *ApplicationObject) variant.Value { return a.staticObjects() }),
		component.Indexed("Item", "(name)", "any", (*ApplicationObject).item, (*ApplicationObject).setItem),
		component.Indexed("Value", "(name)", "any", (*ApplicationObject).item, (*ApplicationObject).setItem),
		component.Method("Increment", "(name[, n])", "number", (*ApplicationObject).increment),
		component.Method("CompareAndSet", "(name, old, new)", "boolean", (*ApplicationObject).exchange),
		component.Method("Update", "(name, fn)", "any", (*ApplicationObject).update),
	},
	Default: "Item",
	Enum:    func(o component.Object) (component.Enum, error) { return o.(*ApplicationObject).enum() },
	Keyed:   true,
})

func (a *ApplicationObject) lock(component.Args) error {
	held := a.Application.Locked()
	err := a.Application.Lock(a.Program.Waits())
	if err == nil && !held {
		a.Program.Locked()
	}
	return err
}

func (a *ApplicationObject) unlock(component.Args) error {
	if err := a.Program.Save(InApplication); err != nil {
		return err
	}
	held := a.Application.Locked()
	err := a.Application.Unlock(a.Program.Waits())
	if err == nil && held && !a.Application.Locked() {
		a.Program.Locked()
	}
	return err
}

func (a *ApplicationObject) increment(args component.Args) (variant.Value, error) {
	n := 1.0
	var err error
	if len(args) > 1 {
		if n, err = a.Program.Number(args[1]); err != nil {
			return variant.Empty, err
		}
	}
	key, err := a.text(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	a.Program.Forget(InApplication, key)
	sum, err := a.Application.Increment(a.Program.Waits(), key, n)
	return variant.Double(sum), err
}

// exchange is CompareAndSet. A missing key counts as undefined.
func (a *ApplicationObject) exchange(args component.Args) (variant.Value, error) {
	key, err := a.text(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	old, err := a.store(key, args.At(1))
	if err != nil {
		return variant.Empty, err
	}
	if len(old) == 1 && old[0] == undefinedByte {
		if _, ok := a.Application.Get(key); !ok {
			old = nil
		}
	}
	done, err := a.compareAndSet(key, old, args.At(2))
	return variant.Bool(done), err
}

// undefinedByte is the encoding of undefined (package cborvalue).
const undefinedByte = 0xf7

// compareAndSet keeps v when the stored bytes are still old; nil is nothing.
func (a *ApplicationObject) compareAndSet(key string, old []byte, v variant.Value) (bool, error) {
	raw, err := a.store(key, v)
	if err != nil {
		return false, err
	}
	a.Program.Forget(InApplication, key)
	return a.Application.CompareAndSet(a.Program.Waits(), key, old, raw)
}

// maxUpdates bounds the retries of Application.Update.
const maxUpdates = 1000

// update is Application.Update(key, fn): fn gets the value and returns the new
// one; it runs again when another page was faster.
func (a *ApplicationObject) update(args component.Args) (variant.Value, error) {
	key, err := a.text(args, 0)
	if err != nil {
		return variant.Empty, err
	}
	fn := args.At(1)
	for range maxUpdates {
		raw, ok := a.Application.Get(key)
		current := variant.Empty
		if !ok {
			raw = nil
		} else if current, err = a.Program.Copy(raw); err != nil {
			return variant.Empty, err
		}
		next, err := a.Program.Call("Application.Update", fn, current)
		if err != nil {
			return variant.Empty, err
		}
		done, err := a.compareAndSet(key, raw, next)
		if err != nil || done {
			return next, err
		}
	}
	return variant.Empty, asp.New(asp.CodeNotAllowed, "Application.Update: the value changed each time it was computed; use Lock")
}
