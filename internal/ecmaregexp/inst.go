package ecmaregexp

import "sort"

type opcode uint8

// The instructions. Those with Back go to the left, as lookbehind does. "Point"
// are those that see code points, where a set has such as take two units.
const (
	opMatch opcode = iota
	opFail

	opChar // a is the unit
	opCharBack
	opText // texts[a]
	opSet
	opSetBack
	opPoint
	opPointBack

	opRun     // as many of set as there are, from a to b, and fewer when the rest fails
	opRunAll  // as many as there are: fewer can't help
	opRunLazy // as few as it takes

	opSplit // to a, and to b when that fails; ahead is what one and two can begin with
	opJump  // to a
	opSave  // the position, in register a
	opForget
	opMark  // the position, in register a, before a round
	opMoved // fails unless the position has changed since
	opZero  // register a counts rounds from now on
	opLoop  // to the next round or to d: a counts, b is the least and c the most
	opLoopLazy
	opRound       // counts a round in a
	opMovedBeyond // opMoved with a, from round b+1 on, which c counts

	opLook    // a and a+1 keep where it began; b is where to go on if it fails, 0 for nowhere
	opLookEnd // it held: back to where it began, without the ways inside
	opLookNot // it held, but shouldn't
	opBackref // refs[a]
	opBackrefBack

	opStart
	opLineStart
	opEnd
	opLineEnd
	opBoundary
	opNotBoundary
	opFoldBoundary
	opNotFoldBoundary
)

// inst is one instruction.
type inst struct {
	op         opcode
	points     bool // a run's set is of code points
	a, b, c, d int32
	set        *class
	one, two   *firsts
	text       []uint16
	ref        *nodeBackref
}

// class is a set as the machine asks it.
type class struct {
	low  bitmap
	high charSet // from 256 on
}

func newClass(s charSet) *class {
	return &class{low: bitmapOf(s), high: s.and(setOf(256, maxRune))}
}

func (c *class) has(r rune) bool {
	if r < 256 {
		return c.low.has(byte(r))
	}
	return c.hasHigh(r)
}

func (c *class) hasHigh(r rune) bool {
	h := c.high
	if len(h) <= 6 {
		for i := 0; i+1 < len(h); i += 2 {
			if r <= h[i+1] {
				return r >= h[i]
			}
		}
		return false
	}
	i := sort.Search(len(h)/2, func(i int) bool { return h[2*i+1] >= r })
	return 2*i < len(h) && h[2*i] <= r
}
