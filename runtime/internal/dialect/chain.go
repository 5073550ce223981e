package dialect

// chain is an operand as far as it was read: a primary expression and the
// members, indexes and calls behind it, such as a.b(k)[i](l).
type chain struct {
	start  int // offset of its first token, a new included
	news   int // new operators that still wait for their arguments
	last   linkKind
	target int // linkCall: where the chain of the call starts, maybe inside parentheses

	// For linkMember, that member. For linkCall, the member that names the
	// callee, if one does.
	member member

	open, close int // linkCall: offsets of the parentheses
	empty       bool
	literal     int // linkNone: the offset where a text or number ends, if it is one

	optional bool // has ?. in it: never a target
	ended    bool // a postfix operator follows: no link may
	special  bool // so far nothing but super or import
	async    bool // so far nothing but async, or async and one call
}

// linkKind is how a chain ends.
type linkKind uint8

const (
	linkNone   linkKind = iota // a primary expression, a template, new with arguments
	linkMember                 // .name or [key]
	linkCall                   // (arguments), not those of new
)

// callKind says whose arguments a parenthesis holds.
type callKind uint8

const (
	callPlain callKind = iota
	callNew
	callSpecial // super(…), import(…)
)

// member is an access that can be told to the host as object and key.
type member struct {
	kind      memberKind
	at        int      // offset of the dot or of [
	name, end int      // memberName: the name; memberIndex: end is the offset of ]
	parens    [][2]int // parentheses around the access, inner ones first
}

// memberKind is the form of a member access.
type memberKind uint8

const (
	memberNone memberKind = iota // no member, or one of super, or a private one
	memberName
	memberIndex
)

// assignable reports whether the chain is a call that may be assigned to.
func (c *chain) assignable() bool {
	return c.last == linkCall && !c.optional
}

// illegal reports whether the chain is a literal, which can't be assigned to.
func (c *chain) illegal() bool {
	return c.last == linkNone && c.literal > 0 && !c.ended
}

// link notes a member as the last link.
func (c *chain) link(m member) {
	if c.special {
		m = member{}
	}
	c.last, c.member = linkMember, m
	c.special, c.async = false, false
}

// close notes the end of an argument list.
func (c *chain) closeCall(kind callKind, open, close int, empty bool) {
	if kind == callPlain && c.last == linkCall {
		c.async = false
	}
	if c.last != linkMember {
		c.member = member{}
	}
	c.last, c.special, c.literal = linkNone, false, 0
	if kind != callPlain {
		c.member = member{}
		return
	}
	c.last, c.target = linkCall, c.start
	c.open, c.close, c.empty = open, close, empty
}

// enclose takes over how the chain between a pair of parentheses ends, when
// nothing else stands there: (a.b)(k) keeps its receiver and (f(k)) = v is an
// assignment to the call.
func (c *chain) enclose(inner *chain, open, close int) {
	if inner.optional || inner.news > 0 {
		return
	}
	c.last, c.target, c.member = inner.last, inner.target, inner.member
	c.open, c.close, c.empty = inner.open, inner.close, inner.empty
	if c.last == linkMember && c.member.kind != memberNone {
		c.member.parens = append(c.member.parens, [2]int{open, close})
	}
}
