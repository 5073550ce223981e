package cborvalue

import (
	"errors"
	"math"
	"unicode/utf8"
)

// An Encoder writes one value, depth first: a Begin method announces how many
// parts follow, the next calls write them, and a container is complete after
// its last part without further ado.
//
//	var e cborvalue.Encoder
//	e.BeginObject(2)
//	e.Key("n")
//	e.Number(1)
//	e.Key("list")
//	e.BeginArray(0)
//	raw, err := e.Finish()
//
// Limits act before anything is written. The first error sticks: later calls
// return it again and write nothing, so that a caller may check once, at
// [Encoder.Finish]. The zero Encoder is ready for use; it is meant to be kept
// and used again, by one goroutine at a time.
type Encoder struct {
	// MaxDepth bounds how many arrays, objects, Maps, Sets and class
	// instances lie inside one another. 0 means DefaultMaxDepth.
	MaxDepth int
	// MaxSize bounds the encoded value in bytes. 0 means DefaultMaxSize.
	MaxSize int

	buf   []byte
	stack []frame
	err   error
}

// A frame is an open container and the number of parts it still waits for.
// In an object an even number means that a key comes next.
type frame struct {
	left   int
	object bool
}

var (
	errSecondItem = errors.New("value: the value is already complete")
	errWantKey    = errors.New("value: an object's key must come next")
	errNoKey      = errors.New("value: no object's key can come next")
	errUnfinished = errors.New("value: the value is not complete")
	errCount      = errors.New("value: negative count")
	errTyped      = errors.New("value: bytes don't fill whole elements of a typed array")
)

// Reset forgets what was written and any error, and keeps the buffer.
func (e *Encoder) Reset() {
	e.buf, e.stack, e.err = e.buf[:0], e.stack[:0], nil
}

// Err is the error that stopped the encoder, or nil.
func (e *Encoder) Err() error { return e.err }

// Bytes is the value if it is complete, else nil. It belongs to the encoder
// and is valid until the next call of Reset or Finish.
func (e *Encoder) Bytes() []byte {
	if e.err != nil || len(e.buf) == 0 || len(e.stack) > 0 {
		return nil
	}
	return e.buf
}

// Finish returns the complete value in memory of its own, exactly as long as
// needed, and resets the encoder. The error is the first of any call.
func (e *Encoder) Finish() ([]byte, error) {
	defer e.Reset()
	if e.err != nil {
		return nil, e.err
	}
	b := e.Bytes()
	if b == nil {
		return nil, errUnfinished
	}
	return append(make([]byte, 0, len(b)), b...), nil
}

// fail keeps the first error.
func (e *Encoder) fail(err error) error {
	if e.err == nil {
		e.err = err
	}
	return e.err
}

// begin says whether an item of at least size bytes may be written now.
func (e *Encoder) begin(size int) error {
	if e.err != nil {
		return e.err
	}
	if n := len(e.stack); n == 0 {
		if len(e.buf) > 0 {
			return e.fail(errSecondItem)
		}
	} else if f := &e.stack[n-1]; f.object && f.left&1 == 0 {
		return e.fail(errWantKey)
	}
	return e.room(size)
}

// room says whether size more bytes stay within the limit.
func (e *Encoder) room(size int) error {
	limit := e.MaxSize
	if limit <= 0 {
		limit = DefaultMaxSize
	}
	if size > limit-len(e.buf) {
		return e.fail(&LimitError{"size", limit})
	}
	return nil
}

// end counts a finished item, and with it every container that it completes.
func (e *Encoder) end() error {
	for n := len(e.stack) - 1; n >= 0; n-- {
		f := &e.stack[n]
		if f.left--; f.left > 0 {
			return nil
		}
		e.stack = e.stack[:n]
	}
	return nil
}

// BeginArray announces an array of n items. Write holes as Undefined.
func (e *Encoder) BeginArray(n int) error {
	return e.open(0, majorArray, n, 1, false)
}

// BeginObject announces a plain object of n properties; each is a call of Key
// and then its value.
func (e *Encoder) BeginObject(n int) error {
	return e.open(0, majorMap, n, 2, true)
}

// BeginMap announces a Map of n entries; each is a key of any kind and then
// its value.
func (e *Encoder) BeginMap(n int) error {
	return e.open(tagMap, majorMap, n, 2, false)
}

// BeginSet announces a Set of n items.
func (e *Encoder) BeginSet(n int) error {
	return e.open(tagSet, majorArray, n, 1, false)
}

// Named announces an instance of a registered class or Go component; its
// state, one value, follows. The name must not be empty, "Error" or
// "DataView".
func (e *Encoder) Named(name string) error {
	switch {
	case name == nameError || name == nameDataView || name == "":
		return e.fail(ErrReservedName)
	case !utf8.ValidString(name):
		return e.fail(ErrUTF8)
	}
	if err := e.deeper(len(name) + headSize(uint64(len(name))) + 3); err != nil {
		return err
	}
	e.buf = appendHead(e.buf, majorTag, tagObject)
	e.buf = appendHead(e.buf, majorArray, 2)
	e.text(name)
	e.stack = append(e.stack, frame{left: 1})
	return nil
}

// open writes the head of a container of n parts of per items each.
func (e *Encoder) open(tag uint64, major byte, n, per int, object bool) error {
	if n < 0 {
		return e.fail(errCount)
	}
	// Every part has at least one byte, so a hopeless count is refused before
	// the caller walks that far.
	size := math.MaxInt
	if n < math.MaxInt/4 {
		size = n*per + headSize(uint64(n)) + tagSize(tag)
	}
	if err := e.deeper(size); err != nil {
		return err
	}
	if tag != 0 {
		e.buf = appendHead(e.buf, majorTag, tag)
	}
	e.buf = appendHead(e.buf, major, uint64(n))
	if n == 0 {
		return e.end()
	}
	e.stack = append(e.stack, frame{left: n * per, object: object})
	return nil
}

// tagSize is the number of bytes of a tag's head; 0 is no tag.
func tagSize(tag uint64) int {
	if tag == 0 {
		return 0
	}
	return headSize(tag)
}

// deeper says whether a container may be opened here.
func (e *Encoder) deeper(size int) error {
	if err := e.begin(size); err != nil {
		return err
	}
	limit := e.MaxDepth
	if limit <= 0 {
		limit = DefaultMaxDepth
	}
	if len(e.stack) >= limit {
		return e.fail(&LimitError{"depth", limit})
	}
	return nil
}

// Key writes the key of the next property of the innermost object.
func (e *Encoder) Key(key string) error {
	if e.err != nil {
		return e.err
	}
	n := len(e.stack)
	if n == 0 || !e.stack[n-1].object || e.stack[n-1].left&1 != 0 {
		return e.fail(errNoKey)
	}
	if !utf8.ValidString(key) {
		return e.fail(ErrUTF8)
	}
	if err := e.room(len(key) + headSize(uint64(len(key)))); err != nil {
		return err
	}
	e.text(key)
	e.stack[n-1].left--
	return nil
}

// text writes a text that was checked.
func (e *Encoder) text(s string) {
	e.buf = append(appendHead(e.buf, majorText, uint64(len(s))), s...)
}

// bytes writes a byte string that was checked.
func (e *Encoder) bytes(b []byte) {
	e.buf = append(appendHead(e.buf, majorBytes, uint64(len(b))), b...)
}
