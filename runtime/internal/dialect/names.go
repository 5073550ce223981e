package dialect

// Names are the words that [Rewrite] inserts. The host binds all but Value as
// global functions; Value is a property of what they return.
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

	// Illegal is called as Illegal(literal) for an assignment to a literal,
	// which JScript finds wrong when it is reached. It returns an object
	// whose property Value can be neither read nor written.
	Illegal string

	// Value names the accessor property of the returned object.
	Value string
}

// insertions are the texts that the names appear in.
type insertions struct {
	ref, refMember, illegal, value string
}

func (n Names) insertions() insertions {
	return insertions{n.Ref + "(", n.RefMember + "(", n.Illegal + "(", "." + n.Value}
}
