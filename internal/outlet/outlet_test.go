package outlet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func lostLine(n int64) []byte { return fmt.Appendf(nil, "lost %d\n", n) }

// TestStuckReader: nobody who writes waits for a reader that is stuck; when it
// goes on, what is missing is said in its place.
func TestStuckReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		o := New(w, 100, lostLine)
		write := func(line string) {
			if n, err := io.WriteString(o, line+"\n"); n != len(line)+1 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		}
		write("first") // is being written, which lasts
		synctest.Wait()
		long := strings.Repeat("x", 40)
		write(long)
		write(long)
		write(long)              // the third has no room
		write("two\nin one pie") // nor is there for this and the line about the other
		var got bytes.Buffer
		read := make(chan struct{})
		go func() {
			defer close(read)
			_, _ = io.Copy(&got, r)
		}()
		synctest.Wait()
		write("last")
		if err := o.Close(t.Context()); err != nil {
			t.Error(err)
		}
		w.Close()
		<-read
		if want := "first\n" + long + "\n" + long + "\nlost 3\nlast\n"; got.String() != want {
			t.Errorf("%q, want %q", got.String(), want)
		}
	})
}

// TestClose: an end that nobody reads has its bound, and says what is lost.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		o := New(w, 100, nil)
		for range 3 {
			_, _ = io.WriteString(o, "a line\n")
			synctest.Wait()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := o.Close(ctx); err == nil || err.Error() != "3 lines are lost" {
			t.Errorf("it ended with %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("it took %v", took)
		}
		_, _ = io.WriteString(o, "late\n")
		r.Close()
	})
}

// brittle fails while it is told to.
type brittle struct {
	mu     sync.Mutex
	broken bool
	got    strings.Builder
	tried  int
}

func (b *brittle) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried++
	if b.broken {
		return 0, errors.New("gone")
	}
	return b.got.Write(p)
}

func (b *brittle) breaks(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = on
}

// TestReaderGone: what a reader refuses is lost like what it has no room for, and
// it isn't asked for anything but new lines.
func TestReaderGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &brittle{broken: true}
		o := New(b, 100, lostLine)
		for range 3 {
			_, _ = io.WriteString(o, "a\nb\n")
			synctest.Wait()
		}
		if b.tried != 3 {
			t.Errorf("it was asked %d times", b.tried)
		}
		b.breaks(false)
		_, _ = io.WriteString(o, "c\n")
		if err := o.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if got, want := b.got.String(), "lost 6\nc\n"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// TestHammer: every line is read or counted, once, and in its order.
func TestHammer(t *testing.T) {
	r, w := io.Pipe()
	o := New(w, 4<<10, lostLine)
	read := make(chan int64)
	go func() {
		var n, lost int64
		for lines := bufio.NewScanner(r); lines.Scan(); n++ {
			if said, _ := fmt.Sscanf(lines.Text(), "lost %d", &lost); said == 1 {
				n += lost - 1
			}
		}
		read <- n
	}()
	const writers, lines = 8, 5000
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			for n := range lines {
				fmt.Fprintf(o, "writer %d says %d\n", i, n)
			}
		})
	}
	all.Wait()
	if err := o.Close(t.Context()); err != nil {
		t.Error(err)
	}
	w.Close()
	if got := <-read; got != writers*lines {
		t.Errorf("%d lines were read or are said to be lost, of %d", got, writers*lines)
	}
}
