package ecmaregexp

// node is a part of a pattern's syntax tree, one of the types below. What
// modifiers and flags change is resolved when the tree is made.
type node interface{}

type (
	// nodeChars is one character of a set.
	nodeChars struct{ set charSet }
	// nodeSeq is one after the other; of none, the empty text.
	nodeSeq struct {
		items  []node
		firsts *firsts
	}
	// nodeAlt is the first of several that leads to a match.
	nodeAlt struct {
		items  []node
		firsts *firsts
	}
	// nodeGroup captures.
	nodeGroup struct {
		index int
		body  node
	}
	// nodeRepeat is min to max times its body. The groups from first to last
	// (not included) are in the body and are forgotten in each round.
	nodeRepeat struct {
		min, max    int // max is unlimited when negative
		lazy        bool
		first, last int
		body        node
		firsts      *firsts
	}
	// nodeAssert is ^, $, \b or \B.
	nodeAssert struct{ op opcode }
	// nodeLook looks ahead or behind.
	nodeLook struct {
		behind, not bool
		body        node
	}
	// nodeBackref is the text of the group that took part, of several with
	// one name.
	nodeBackref struct {
		groups []int
		name   string // until the groups of that name are known
		fold   bool
	}
)
