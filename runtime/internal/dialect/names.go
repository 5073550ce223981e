package dialect

// Names are the words that [Rewrite] inserts. The host binds the first two
// as global functions; the third is a property of what they return.
//
// Each must be an identifier that does not occur in the source, or the
// source could shadow it. Rewrite takes them as they are.
type Names struct {
	// Ref is called as Ref(callee, arguments…) for an assignment to
	// callee(arguments…). It evaluates nothing itself and returns an
	// object whose property Value reads and writes the element.
	Ref string

	// RefMember is called as RefMember(object, key, arguments…) for an
	// assignment to object.key(arguments…) or object[key](arguments…),
	// so that the host knows the receiver.
	RefMember string

	// Value names the accessor property of the returned object.
	Value string
}

// insertions are the texts that the names appear in.
type insertions struct {
	ref, refMember, value string
}

func (n Names) insertions() insertions {
	return insertions{n.Ref + "(", n.RefMember + "(", "." + n.Value}
}
