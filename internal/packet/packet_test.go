package packet

import (
	"errors"
	"math"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	var b []byte
	for _, n := range []uint64{0, 1, 127, 128, math.MaxUint64} {
		b = AppendNumber(b, n)
	}
	for _, n := range []int64{0, -1, 1, math.MinInt64, math.MaxInt64} {
		b = AppendInt(b, n)
	}
	b = AppendText(AppendText(AppendBool(append(b, 7), true), ""), []byte("text"))
	c := Read(b)
	for _, want := range []uint64{0, 1, 127, 128, math.MaxUint64} {
		if n := c.Number(); n != want {
			t.Errorf("Number: %d, want %d", n, want)
		}
	}
	for _, want := range []int64{0, -1, 1, math.MinInt64, math.MaxInt64} {
		if n := c.Int(); n != want {
			t.Errorf("Int: %d, want %d", n, want)
		}
	}
	if c.Byte() != 7 || !c.Bool() || len(c.Text()) != 0 || string(c.Text()) != "text" || c.Err() != nil {
		t.Error("the rest isn't what was written", c.Err())
	}
	if c.Byte(); !errors.Is(c.Err(), ErrDamaged) || !c.Bad() {
		t.Error("reading past the end is no error")
	}
}

// Every beginning of a payload is damaged, and no payload is read past its end.
func TestDamage(t *testing.T) {
	whole := string(AppendText(AppendText(AppendNumber(nil, 300), "ab"), "cd"))
	for n := range whole {
		c := Read(whole[:n])
		c.Number()
		c.Text()
		c.Text()
		if c.Err() == nil {
			t.Errorf("%d bytes of %d are a whole", n, len(whole))
		}
	}
	for _, long := range []string{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x05abcd"} {
		c := Read(long)
		if c.Text(); !c.Bad() {
			t.Errorf("%q was read", long)
		}
	}
	c := Read("a")
	if c.Err() == nil {
		t.Error("more than was read is no error")
	}
}
