// Package component is what an object of the host is, to any language that
// pages are written in: Request and Session are made of it as well as what
// Server.CreateObject gives. It knows values of package variant and nothing
// else: neither a script engine nor HTTP.
//
// An [Object] is a Go pointer with a [Class], the table of its members. The
// table is made once, names are folded once, and a member is a Go function with
// the object and the arguments as they are:
//
//	var counterClass = component.Make(component.Class{
//		Name: "Test.Counter",
//		Members: []component.Member{
//			component.Property("Count", "number", (*Counter).count, (*Counter).setCount),
//			component.Method("Add", "([n])", "number", (*Counter).add),
//		},
//	})
//
//	func (c *Counter) Class() *component.Class { return counterClass }
//
//	func (c *Counter) add(args component.Args) (variant.Value, error) {
//		n, err := args.Long(0, 1)
//		c.n += int64(n)
//		return variant.Int(c.n), err
//	}
//
// One pointer is one object of the script: whoever returns the same pointer again
// gives the page the same object. Members are called on the goroutine of the
// apartment whose page has the object; an object that is [Agile] may be called by
// several at once.
//
// What fails is an error: an [Error] with a number, a [variant.HRESULT], or any
// other, which is E_FAIL with its text.
package component
