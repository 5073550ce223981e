package isolate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A blackBox is a piece of memory that a worker and its parent share: which
// page runs in which apartment, and which requests the worker has seen. It
// outlives the worker however that dies, as a flight recorder does. Begin, end
// and see are the worker's, the rest is the parent's, running and saw once the
// worker is gone.
type blackBox struct {
	slots int

	mu     sync.Mutex // of the parent's methods: close takes the memory away
	memory []byte
	seen   []byte // the first part of it, once it is away
}

// maxSeen is how many requests in one worker are told apart; of those past it
// it isn't known whether the worker saw them.
const maxSeen = 8192

// boxSize is the size of a record with so many apartments.
func boxSize(slots int) int64 { return maxSeen + int64(slots)*slotSize }

// The layout of a slot: whether it is in use, in four bytes; the lengths of
// page and url, two bytes each; their text.
const (
	slotSize = 512
	slotText = slotSize - 8
)

// openBox maps the file. Close is the caller's.
func openBox(file *os.File, slots int) (*blackBox, error) {
	memory, err := mapFile(file, int(boxSize(slots)))
	if err != nil {
		return nil, fmt.Errorf("mapping the record of running pages: %w", err)
	}
	return &blackBox{slots: slots, memory: memory}, nil
}

func (b *blackBox) slot(apartment int) []byte {
	if b == nil || apartment < 1 || apartment > b.slots {
		return nil
	}
	return b.memory[maxSeen+(apartment-1)*slotSize : maxSeen+apartment*slotSize]
}

// see notes that a request has come. A number that has no place isn't noted.
func (b *blackBox) see(request int64) {
	if b != nil && request > 0 && request < maxSeen {
		b.memory[request] = 1
	}
}

// expect notes that a request will be sent under a number from 1.
func (b *blackBox) expect(request int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.memory != nil && request < maxSeen {
		b.memory[request] = 0
	}
}

// saw says that the worker has seen a request, or that nobody knows.
func (b *blackBox) saw(request int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case request >= maxSeen:
		return true
	case b.memory == nil:
		return b.seen[request] != 0
	}
	return b.memory[request] != 0
}

// inUse is the slot's first four bytes, which the file's mapping aligns.
func inUse(slot []byte) *atomic.Uint32 {
	return (*atomic.Uint32)(unsafe.Pointer(&slot[0]))
}

func (b *blackBox) begin(apartment int, page, url string) {
	slot := b.slot(apartment)
	if slot == nil {
		return
	}
	inUse(slot).Store(0)
	n := copy(slot[8:], page[:min(len(page), slotText/2)])
	m := copy(slot[8+n:], url)
	binary.LittleEndian.PutUint16(slot[4:], uint16(n))
	binary.LittleEndian.PutUint16(slot[6:], uint16(m))
	inUse(slot).Store(1)
}

func (b *blackBox) end(apartment int) {
	if slot := b.slot(apartment); slot != nil {
		inUse(slot).Store(0)
	}
}

// A runningPage is what the record has of one apartment.
type runningPage struct{ page, url string }

// running lists what ran. A damaged record gives nonsense, never a panic.
func (b *blackBox) running() (all []runningPage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.slots {
		slot := b.slot(i + 1)
		if inUse(slot).Load() == 0 {
			continue
		}
		n := min(int(binary.LittleEndian.Uint16(slot[4:])), slotText)
		m := min(int(binary.LittleEndian.Uint16(slot[6:])), slotText-n)
		all = append(all, runningPage{
			strings.ToValidUTF8(string(slot[8:8+n]), "?"),
			strings.ToValidUTF8(string(slot[8+n:8+n+m]), "?"),
		})
	}
	return all
}

// close gives the memory back; what was seen stays known.
func (b *blackBox) close() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = bytes.Clone(b.memory[:maxSeen])
	unmapFile(b.memory)
	b.memory = nil
}
