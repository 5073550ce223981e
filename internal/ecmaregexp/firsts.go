package ecmaregexp

// bitmap holds the units below 256.
type bitmap [4]uint64

func (b *bitmap) has(c byte) bool { return b[c>>6]>>(c&63)&1 != 0 }

// bitmapOf is the part of a set that lies below 256.
func bitmapOf(s charSet) (b bitmap) {
	for i := 0; i < len(s) && s[i] < 256; i += 2 {
		for c := s[i]; c <= min(s[i+1], 255); c++ {
			b[c>>6] |= 1 << (c & 63)
		}
	}
	return b
}

// firsts are the units with which a match of something can begin, or more:
// what isn't among them can be passed over without a try. Units from 256 on
// are all alike.
type firsts struct {
	low    bitmap
	high   bool
	end    bool // it can match where the text ends
	accept bool // nothing more is asked for: the expression has matched

	empty   bool // it can be passed without a look at the text: what follows counts, too
	guarded bool // but it asks for something else first, as \b does
	still   bool // it can match without moving
}

// anything says nothing.
func anything() firsts {
	return firsts{low: bitmap{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}, high: true, end: true}
}

func (f firsts) or(g firsts) firsts {
	for i := range f.low {
		f.low[i] |= g.low[i]
	}
	f.high, f.end, f.accept = f.high || g.high, f.end || g.end, f.accept || g.accept
	f.empty, f.guarded, f.still = f.empty || g.empty, f.guarded || g.guarded, f.still || g.still
	return f
}

// then is f with something behind it.
func (f firsts) then(g firsts) firsts {
	still := f.still && g.still
	if f.empty {
		empty, guarded := g.empty, f.guarded
		if guarded && g.accept {
			g = anything()
		}
		f = f.or(g)
		f.empty, f.guarded = empty, guarded || g.guarded
	}
	f.still = still
	return f
}

// apart reports whether no unit is among both.
func (f firsts) apart(s charSet) bool {
	low := bitmapOf(s)
	for i := range low {
		if low[i]&f.low[i] != 0 {
			return false
		}
	}
	return !(f.high && len(s) > 0 && s[len(s)-1] >= 256)
}

// allows reports whether a match can begin at a place of a text.
func allows[T unit](f *firsts, in []T, pos int) bool {
	if pos >= len(in) {
		return f.end
	}
	c := in[pos]
	if uint16(c) < 256 {
		return f.low.has(byte(c))
	}
	return f.high
}

// firstsOf looks at a node once, and keeps what it found.
func firstsOf(n node) firsts {
	switch n := n.(type) {
	case *nodeChars:
		return firsts{low: bitmapOf(n.set), high: len(n.set) > 0 && n.set[len(n.set)-1] >= 256}
	case *nodeSeq:
		return kept(&n.firsts, func() firsts {
			f := firsts{empty: true, still: true}
			for _, item := range n.items {
				f = f.then(firstsOf(item))
			}
			return f
		})
	case *nodeAlt:
		return kept(&n.firsts, func() (f firsts) {
			for _, item := range n.items {
				f = f.or(firstsOf(item))
			}
			return f
		})
	case *nodeGroup:
		return firstsOf(n.body)
	case *nodeRepeat:
		return kept(&n.firsts, func() firsts {
			f := firstsOf(n.body)
			if n.max == 0 {
				f = firsts{}
			}
			if n.min == 0 {
				f.empty, f.still = true, true
			}
			return f
		})
	case *nodeAssert:
		switch n.op {
		case opEnd:
			return firsts{end: true, still: true}
		case opLineEnd:
			return firsts{low: bitmapOf(lineEnds), high: true, end: true, still: true}
		}
	case *nodeBackref:
		f := anything()
		f.still = true
		return f
	}
	return firsts{empty: true, guarded: true, still: true}
}

func kept(place **firsts, find func() firsts) firsts {
	if *place == nil {
		f := find()
		*place = &f
	}
	return **place
}
