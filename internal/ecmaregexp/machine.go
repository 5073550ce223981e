package ecmaregexp

import (
	"errors"
	"slices"
)

// ErrTooComplex: the match needs more memory than its text's length allows.
var ErrTooComplex = errors.New("regular expression needs too much memory")

// Machine runs programs, one at a time. What it needs it keeps for the next.
// The zero value is ready.
type Machine struct {
	// Poll is asked every few thousand steps; an error ends the match, which
	// gives it. nil asks nobody.
	Poll func() error

	stack []entry
	regs  []int32
	limit int // of the stack, for this text
	steps int // until Poll is asked again
}

// entry is a way that wasn't taken yet, or a register's value to be put back
// on the way there: then pc is -1-register and a is the value. b is how far a
// run got, or -1.
type entry struct{ pc, a, b int32 }

// The stack's bound in entries of twelve bytes: some for the expression, some
// for each unit of the text, never more than a share of what V8 allows.
const (
	stackBase    = 1 << 16
	stackPerUnit = 64
	stackMost    = 1 << 22
	stackKept    = 1 << 14 // what a machine keeps between matches
	pollEvery    = 1 << 12
)

// unit is what texts are made of. A byte is a character below 256.
type unit interface{ byte | uint16 }

func (m *Machine) prepare(p *Program, length int) {
	m.limit = min(stackBase+stackPerUnit*length, stackMost)
	if cap(m.regs) < p.registers {
		m.regs = make([]int32, p.registers)
	}
	m.regs = m.regs[:p.registers]
}

// clear makes all groups those of a match that didn't begin.
func (m *Machine) clear(p *Program) {
	regs := m.regs[:2*p.groups]
	for i := range regs {
		regs[i] = -1
	}
}

// done gives a large stack back.
func (m *Machine) done() {
	if cap(m.stack) > stackKept {
		m.stack = nil
	}
}

// poll counts steps that were made, and asks whether to go on.
func (m *Machine) poll(steps int) error {
	if m.steps -= steps; m.steps > 0 || m.Poll == nil {
		return nil
	}
	m.steps = pollEvery
	return m.Poll()
}

// run tries a match at one place. On success the registers have its groups.
func run[T unit](m *Machine, p *Program, in []T, pos int) (bool, error) {
	code, regs, stack := p.code, m.regs, m.stack[:0]
	pc := 0
	for {
		switch i := &code[pc]; i.op {
		case opMatch:
			regs[1] = int32(pos)
			m.stack = stack[:0]
			return true, nil
		case opChar:
			if pos < len(in) && int32(in[pos]) == i.a {
				pos++
				pc++
				continue
			}
		case opText:
			if hasText(in, pos, i.text) {
				pos += len(i.text)
				pc++
				continue
			}
		case opSet:
			if pos < len(in) && i.set.has(rune(in[pos])) {
				pos++
				pc++
				continue
			}
		case opRun, opRunAll:
			if q := runEnd(i, in, pos); q >= 0 {
				m.steps -= (q - pos) >> 3
				if i.op == opRunAll {
					pos = q
					pc++
					continue
				}
				lo := pos + int(i.a)
				if i.points {
					lo = skip(i, in, pos)
				}
				if q = backOff(i, in, lo, q); q >= 0 {
					if q > lo {
						if len(stack) > m.limit {
							return false, ErrTooComplex
						}
						stack = append(stack, entry{int32(pc), int32(lo), int32(q)})
					}
					pos = q
					pc++
					continue
				}
			}
		case opRunLazy:
			if q := skip(i, in, pos); q >= 0 {
				n := int(i.a)
				if q, n = goOn(i, in, q, n); q >= 0 {
					m.steps -= (q - pos) >> 3
					stack = append(stack, entry{int32(pc), int32(q), int32(n)})
					pos = q
					pc++
					continue
				}
			}
		case opSplit:
			one, two := allows(i.one, in, pos), allows(i.two, in, pos)
			if one {
				if two {
					if len(stack) > m.limit {
						return false, ErrTooComplex
					}
					stack = append(stack, entry{i.b, int32(pos), -1})
				}
				pc = int(i.a)
				continue
			}
			if two {
				pc = int(i.b)
				continue
			}
		case opJump:
			if len(stack) > m.limit {
				return false, ErrTooComplex
			}
			if m.steps--; m.steps < 0 {
				if err := m.poll(0); err != nil {
					return false, err
				}
			}
			pc = int(i.a)
			continue
		case opSave, opMark:
			if len(stack) > 0 {
				stack = append(stack, entry{-1 - i.a, regs[i.a], 0})
			}
			regs[i.a] = int32(pos)
			pc++
			continue
		case opMoved:
			if int(regs[i.a]) != pos {
				pc++
				continue
			}
		case opLoop, opLoopLazy:
			next, other := i.loop(regs[i.a], pc, allows(i.one, in, pos), allows(i.two, in, pos))
			if next >= 0 {
				if other >= 0 {
					if len(stack) > m.limit {
						return false, ErrTooComplex
					}
					stack = append(stack, entry{int32(other), int32(pos), -1})
				}
				pc = next
				continue
			}
		default:
			var next int
			next, pos, stack = slow(m, p, i, in, pc, pos, stack)
			if next >= 0 {
				pc = next
				continue
			}
		}
		if m.steps--; m.steps < 0 {
			if err := m.poll(0); err != nil {
				return false, err
			}
		}
		if pc, pos, stack = back(m, p, in, stack); pc < 0 {
			m.stack = stack
			return false, nil
		}
	}
}

// back takes the last way that wasn't taken; pc is negative when there is
// none.
func back[T unit](m *Machine, p *Program, in []T, stack []entry) (pc, pos int, _ []entry) {
	for len(stack) > 0 {
		last := len(stack) - 1
		e := &stack[last]
		switch {
		case e.pc < 0:
			m.regs[-1-e.pc] = e.a
		case e.b < 0:
			return int(e.pc), int(e.a), stack[:last]
		default:
			i := &p.code[e.pc]
			if i.op == opRunLazy {
				if q := oneMore(i, in, int(e.a), int(e.b)); q >= 0 {
					was := e.a
					if q, n := goOn(i, in, q, int(e.b)+1); q >= 0 {
						e.a, e.b = int32(q), int32(n)
						m.steps -= (q - int(was)) >> 3
						return int(e.pc) + 1, q, stack
					}
				}
			} else if q := backOff(i, in, int(e.a), oneLess(i, in, int(e.a), int(e.b))); q >= 0 {
				pc := int(e.pc) + 1
				if e.b = int32(q); q == int(e.a) {
					stack = stack[:last]
				}
				return pc, q, stack
			}
		}
		stack = stack[:last]
	}
	return -1, 0, stack
}

// loop decides about another round, which begins at pc+1, and going on.
func (i *inst) loop(count int32, pc int, again, exit bool) (next, other int) {
	round, out := pc+1, int(i.d)
	switch {
	case count < i.b:
		return round, -1
	case count >= i.c:
		round = -1
	case !again:
		round = -1
	}
	if !exit {
		out = -1
	}
	switch {
	case round < 0:
		return out, -1
	case out < 0:
		return round, -1
	case i.op == opLoopLazy:
		return out, round
	}
	return round, out
}

// slow are the rarer instructions; next is negative when one fails.
func slow[T unit](m *Machine, p *Program, i *inst, in []T, pc, pos int, stack []entry) (next, at int, _ []entry) {
	regs := m.regs
	ok := true
	switch i.op {
	case opCharBack:
		if ok = pos > 0 && int32(in[pos-1]) == i.a; ok {
			pos--
		}
	case opSetBack:
		if ok = pos > 0 && i.set.has(rune(in[pos-1])); ok {
			pos--
		}
	case opPoint:
		c, n := pointAt(in, pos)
		if ok = n > 0 && i.set.has(c); ok {
			pos += n
		}
	case opPointBack:
		c, n := pointBefore(in, pos, 0)
		if ok = n > 0 && i.set.has(c); ok {
			pos -= n
		}
	case opForget:
		m.steps -= int(i.b-i.a) >> 3
		for r := i.a; r < i.b; r++ {
			if regs[r] >= 0 {
				stack = append(stack, entry{-1 - r, regs[r], 0})
				regs[r] = -1
			}
		}
	case opZero, opRound:
		if len(stack) > 0 {
			stack = append(stack, entry{-1 - i.a, regs[i.a], 0})
		}
		regs[i.a] = choose(i.op == opZero, 0, regs[i.a]+1)
	case opMovedBeyond:
		ok = int(regs[i.a]) != pos || regs[i.c] <= i.b
	case opLook:
		regs[i.a], regs[i.a+1] = int32(len(stack)), int32(pos)
		if i.b > 0 {
			stack = append(stack, entry{i.b, int32(pos), -1})
		}
	case opLookEnd:
		height := int(regs[i.a])
		kept := slices.DeleteFunc(stack[height:], func(e entry) bool { return e.pc >= 0 })
		stack, pos = stack[:height+len(kept)], int(regs[i.a+1])
	case opLookNot:
		for height := int(regs[i.a]); len(stack) > height; stack = stack[:len(stack)-1] {
			if e := stack[len(stack)-1]; e.pc < 0 {
				regs[-1-e.pc] = e.a
			}
		}
		ok = false
	case opBackref, opBackrefBack:
		pos, ok = backref(p, i, in, regs, pos)
	default:
		ok = assert(i.op, in, pos)
	}
	if !ok {
		return -1, pos, stack
	}
	return pc + 1, pos, stack
}

// assert asks about a place in the text.
func assert[T unit](op opcode, in []T, pos int) bool {
	switch op {
	case opStart:
		return pos == 0
	case opLineStart:
		return pos == 0 || isLineEnd(rune(in[pos-1]))
	case opEnd:
		return pos == len(in)
	case opLineEnd:
		return pos == len(in) || isLineEnd(rune(in[pos]))
	case opFail:
		return false
	}
	fold := op == opFoldBoundary || op == opNotFoldBoundary
	before := pos > 0 && isWord(rune(in[pos-1]), fold)
	after := pos < len(in) && isWord(rune(in[pos]), fold)
	return (before != after) == (op == opBoundary || op == opFoldBoundary)
}

// backref goes over what a group captured.
func backref[T unit](p *Program, i *inst, in []T, regs []int32, pos int) (int, bool) {
	from, to := 0, 0
	for _, g := range i.ref.groups {
		if regs[2*g] >= 0 && regs[2*g+1] >= 0 {
			from, to = int(regs[2*g]), int(regs[2*g+1])
			break
		}
	}
	n := to - from
	at, next := pos, pos+n
	if i.op == opBackrefBack {
		at, next = pos-n, pos-n
	}
	unicode := p.flags.FullUnicode()
	if at < 0 || at+n > len(in) || unicode && next > 0 && splitsPair(in, next) {
		return pos, false
	}
	if !i.ref.fold {
		return next, slices.Equal(in[from:to], in[at:at+n])
	}
	for k := 0; k < n; {
		a, b, size := rune(in[from+k]), rune(in[at+k]), 1
		if unicode {
			var other int
			a, size = pointAt(in[:to], from+k)
			if b, other = pointAt(in[:at+n], at+k); size != other {
				return pos, false
			}
		}
		if a != b && canonical(a, unicode) != canonical(b, unicode) {
			return pos, false
		}
		k += size
	}
	return next, true
}
