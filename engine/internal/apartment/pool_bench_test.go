package apartment

import (
	"context"
	"log/slog"
	"testing"
	"time"
)

// BenchmarkHandOver is what a request pays for its apartment: acquire it, run
// a job that does nothing on its goroutine, release it.
func BenchmarkHandOver(b *testing.B) {
	bench := func(b *testing.B, size int, request func(p *Pool)) {
		p := New(size, Bounds{QueueMax: 1 << 20, Timeout: time.Minute}, slog.New(slog.DiscardHandler))
		defer p.Close(context.Background())
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				request(p)
			}
		})
	}
	job := func() {}
	request := func(p *Pool) {
		a, _, err := p.Acquire(context.Background(), Claim{})
		if err != nil {
			b.Error(err)
			return
		}
		if err := runIn(a, job); err != nil {
			b.Error(err)
		}
		p.Release(a)
	}
	b.Run("one caller", func(b *testing.B) {
		p := New(50, Bounds{}, slog.New(slog.DiscardHandler))
		defer p.Close(context.Background())
		b.ReportAllocs()
		for b.Loop() {
			request(p)
		}
	})
	b.Run("idle apartments", func(b *testing.B) { bench(b, 50, request) })
	b.Run("one apartment", func(b *testing.B) { bench(b, 1, request) })
	b.Run("50 apartments, 1000 callers", func(b *testing.B) {
		b.SetParallelism(500)
		bench(b, 50, request)
	})
	b.Run("without a job", func(b *testing.B) {
		bench(b, 50, func(p *Pool) {
			a, _, err := p.Acquire(context.Background(), Claim{})
			if err != nil {
				b.Error(err)
				return
			}
			p.Release(a)
		})
	})
}
