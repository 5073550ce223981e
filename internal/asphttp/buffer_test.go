package asphttp

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
)

// A buffer holds what was put in, however it was cut.
func TestBufferKeepsEverything(t *testing.T) {
	pool := &BufferPool{}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		b := &Buffer{pool: pool}
		var want []byte
		for range random.IntN(60) {
			p := bytes.Repeat([]byte{byte('a' + random.IntN(26))}, random.IntN(5000))
			if random.IntN(2) == 0 {
				b.share(p)
			} else {
				copyIn(b, p)
			}
			want = append(want, p...)
			if random.IntN(40) == 0 {
				b.reset()
				want = nil
			}
		}
		var out bytes.Buffer
		n, err := b.WriteTo(&out)
		if b.Len() != len(want) || int(n) != len(want) || err != nil || !bytes.Equal(out.Bytes(), want) || !bytes.Equal(b.Bytes(), want) {
			t.Fatalf("%d bytes, want %d; %v", b.Len(), len(want), err)
		}
		b.Release()
		if b.Len() != 0 || len(b.Bytes()) != 0 {
			t.Fatal("released and not empty")
		}
	}
}

func TestLongTextIsSharedNotCopied(t *testing.T) {
	text := bytes.Repeat([]byte("x"), 100<<10)
	r := NewResponse(ResponseConfig{Buffering: true, Pool: &BufferPool{}})
	must(t, r.WriteString("<"), r.WriteText(text), r.WriteString(">"))
	body := r.Finish()
	if len(body.pieces) != 3 || &body.pieces[1][0] != &text[0] || len(body.large) != 0 {
		t.Errorf("%d pieces, %d large arrays", len(body.pieces), len(body.large))
	}
	body.Release()
}

func TestAPageOf100KBIsFewPieces(t *testing.T) {
	r := NewResponse(ResponseConfig{Buffering: true, Pool: &BufferPool{}})
	for range 5000 {
		must(t, r.WriteString("a row of about twenty"))
	}
	if n := len(r.Finish().pieces); n > 3 {
		t.Errorf("%d pieces", n)
	}
}

type failing struct{ after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, errors.New("gone")
	}
	return len(p), nil
}

func TestWriteToStopsAtAnError(t *testing.T) {
	b := &Buffer{}
	b.share(make([]byte, shareFrom))
	b.share(make([]byte, shareFrom))
	if n, err := b.WriteTo(&failing{after: 1}); n != shareFrom || err == nil {
		t.Errorf("%d, %v", n, err)
	}
}
