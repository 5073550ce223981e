package sqlite

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	wall, since := time.UnixMilli(1_000_000), time.Hour
	c := newClock(func() (time.Time, time.Duration) { return wall, since })
	pass := func(real, seen time.Duration) { since += real; wall = wall.Add(seen) }
	want := func(what string, ms int64) {
		t.Helper()
		if got := c.now(); got != ms {
			t.Errorf("%s: %d, want %d", what, got, ms)
		}
	}
	want("at first", 1_000_000)
	pass(time.Second, time.Second)
	want("a second later", 1_001_000)
	pass(time.Second, -time.Hour)
	want("the host's clock is set back", 1_002_000)
	pass(10*time.Second, 10*time.Second)
	want("and goes on", 1_012_000)
	pass(0, time.Hour)
	want("and is put right, almost", 1_012_000)
	pass(time.Second, time.Hour)
	want("and jumps ahead", 1_011_000+3_600_000)
	c.atLeast(5_000_000)
	want("another process is ahead", 5_000_000)
	pass(time.Second, time.Second)
	want("and time goes on", 5_001_000)
	c.atLeast(4_000_000)
	want("what is long past changes nothing", 5_001_000)
	for _, d := range []time.Duration{0, 1, time.Millisecond, time.Millisecond + 1} {
		if got := until(100, after(100, d)); got < d || got > d+time.Millisecond {
			t.Errorf("%v becomes %v", d, got)
		}
	}
}
