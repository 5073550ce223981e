package ecmaregexp

// splitsPair reports whether a place lies within a pair of surrogates.
func splitsPair[T unit](in []T, pos int) bool {
	return pos < len(in) && isTrail(rune(in[pos])) && isLead(rune(in[pos-1]))
}

// pointAt is the code point at a place and its units: 0 at the end, and within
// a pair, whose halves are no characters.
func pointAt[T unit](in []T, pos int) (rune, int) {
	if pos >= len(in) {
		return 0, 0
	}
	c := rune(in[pos])
	if isLead(c) && pos+1 < len(in) && isTrail(rune(in[pos+1])) {
		return joined(c, rune(in[pos+1])), 2
	}
	if pos > 0 && isTrail(c) && isLead(rune(in[pos-1])) {
		return 0, 0
	}
	return c, 1
}

// pointBefore is the same to the left, not reaching over from.
func pointBefore[T unit](in []T, pos, from int) (rune, int) {
	if pos <= from {
		return 0, 0
	}
	c := rune(in[pos-1])
	if isTrail(c) && pos-2 >= from && isLead(rune(in[pos-2])) {
		return joined(rune(in[pos-2]), c), 2
	}
	if isLead(c) && splitsPair(in, pos) {
		return 0, 0
	}
	return c, 1
}

func hasText[T unit](in []T, pos int, text []uint16) bool {
	if len(in)-pos < len(text) {
		return false
	}
	for i, c := range text {
		if uint16(in[pos+i]) != c {
			return false
		}
	}
	return true
}

// runEnd is how far a run can get, -1 if that is too short.
func runEnd[T unit](i *inst, in []T, pos int) int {
	if i.points {
		return runEndPoints(i, in, pos)
	}
	last := len(in)
	if int(i.b) < last-pos {
		last = pos + int(i.b)
	}
	q, set := pos, i.set
	for q < last {
		c := in[q]
		if uint16(c) < 256 {
			if !set.low.has(byte(c)) {
				break
			}
		} else if !set.hasHigh(rune(c)) {
			break
		}
		q++
	}
	if q-pos < int(i.a) {
		return -1
	}
	return q
}

func runEndPoints[T unit](i *inst, in []T, pos int) int {
	n := int32(0)
	for ; n < i.b; n++ {
		c, size := pointAt(in, pos)
		if size == 0 || !i.set.has(c) {
			break
		}
		pos += size
	}
	if n < i.a {
		return -1
	}
	return pos
}

// skip goes over the least that a run must have, -1 if that isn't there.
func skip[T unit](i *inst, in []T, pos int) int {
	for range i.a {
		if pos = oneMore(i, in, pos, -1); pos < 0 {
			break
		}
	}
	return pos
}

// oneMore is where a run of n ends with another character, -1 if it can't.
func oneMore[T unit](i *inst, in []T, pos, n int) int {
	if n >= int(i.b) || pos >= len(in) {
		return -1
	}
	c, size := rune(in[pos]), 1
	if i.points {
		c, size = pointAt(in, pos)
	}
	if size == 0 || !i.set.has(c) {
		return -1
	}
	return pos + size
}

// oneLess is where a run from lo to q ends without its last character.
func oneLess[T unit](i *inst, in []T, lo, q int) int {
	if i.points {
		_, n := pointBefore(in, q, lo)
		return q - n
	}
	return q - 1
}

// backOff is the last place from lo to q where what follows the run can begin,
// -1 if there is none.
func backOff[T unit](i *inst, in []T, lo, q int) int {
	for q >= lo && !allows(i.two, in, q) {
		if q == lo {
			return -1
		}
		q = oneLess(i, in, lo, q)
	}
	return q
}

// goOn is the first place from q on, where a run has n, at which what follows
// can begin.
func goOn[T unit](i *inst, in []T, q, n int) (int, int) {
	for !allows(i.two, in, q) {
		if q = oneMore(i, in, q, n); q < 0 {
			return -1, n
		}
		n++
	}
	return q, n
}
