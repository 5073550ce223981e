package asphttp

import (
	"io"
	"sync"
)

const (
	smallArray = 4 << 10  // a hello page fits
	largeArray = 64 << 10 // what comes after it: few writes to the network, little left over
	shareFrom  = 1 << 10  // page text at least this long is referred to, not copied
)

// BufferPool keeps the memory of response buffers between requests. The engine owns one and gives it to each
// Response. The zero value is ready; any goroutine may use it.
type BufferPool struct {
	small, large sync.Pool
}

func (p *BufferPool) getSmall() *[smallArray]byte {
	if p != nil {
		if a, ok := p.small.Get().(*[smallArray]byte); ok {
			return a
		}
	}
	return new([smallArray]byte)
}

func (p *BufferPool) getLarge() *[largeArray]byte {
	if p != nil {
		if a, ok := p.large.Get().(*[largeArray]byte); ok {
			return a
		}
	}
	return new([largeArray]byte)
}

// Buffer holds a response's unsent bytes as a list of pieces: long text of the page is a reference to the compiled
// page, everything else lies in arrays of the pool. Response.Finish hands it out; whoever has it calls Release.
// One goroutine at a time may use it.
type Buffer struct {
	pool   *BufferPool
	pieces [][]byte
	room   [6][]byte // the first pieces need no allocation
	free   []byte    // what is left of the newest array
	joined bool      // the last piece ends where free begins
	small  *[smallArray]byte
	large  []*[largeArray]byte
	n      int
}

// Len is the number of bytes.
func (b *Buffer) Len() int { return b.n }

// WriteTo writes everything to w, piece by piece, and keeps it: what was buffered is given back by Release alone.
func (b *Buffer) WriteTo(w io.Writer) (int64, error) {
	var sent int64
	for _, p := range b.pieces {
		n, err := w.Write(p)
		sent += int64(n)
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// Bytes is a copy of everything, in one piece.
func (b *Buffer) Bytes() []byte {
	out := make([]byte, 0, b.n)
	for _, p := range b.pieces {
		out = append(out, p...)
	}
	return out
}

// Release gives the memory back and leaves the buffer empty. More than one call does no harm.
func (b *Buffer) Release() {
	if b.pool != nil {
		if b.small != nil {
			b.pool.small.Put(b.small)
		}
		for _, a := range b.large {
			b.pool.large.Put(a)
		}
	}
	*b = Buffer{pool: b.pool}
}

// reset empties the buffer and keeps its first array for what follows a flush.
func (b *Buffer) reset() {
	small := b.small
	b.small = nil
	b.Release()
	if b.small = small; small != nil {
		b.free = small[:]
	}
}

// copyIn appends a copy of p.
func copyIn[T string | []byte](b *Buffer, p T) {
	b.n += len(p)
	for len(p) > 0 {
		if len(b.free) == 0 {
			b.grow()
		}
		n := copy(b.free, p)
		if b.joined {
			last := &b.pieces[len(b.pieces)-1]
			*last = (*last)[:len(*last)+n]
		} else {
			b.add(b.free[:n])
			b.joined = true
		}
		b.free = b.free[n:]
		p = p[n:]
	}
}

// share appends p itself, which nobody may change any more. Short text is copied: a piece of its own would cost more.
func (b *Buffer) share(p []byte) {
	if len(p) < shareFrom {
		copyIn(b, p)
		return
	}
	b.n += len(p)
	b.add(p)
	b.joined = false
}

func (b *Buffer) add(p []byte) {
	if b.pieces == nil {
		b.pieces = b.room[:0]
	}
	b.pieces = append(b.pieces, p)
}

func (b *Buffer) grow() {
	if b.small == nil {
		b.small = b.pool.getSmall()
		b.free = b.small[:]
	} else {
		a := b.pool.getLarge()
		b.large = append(b.large, a)
		b.free = a[:]
	}
	b.joined = false
}
