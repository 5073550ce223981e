package engine

import (
	"context"
	"log/slog"
	"testing"
	"time"
)

// BenchmarkHandOver is what a request pays for its apartment: acquire it, run
// a job that does nothing on its goroutine, release it.
func BenchmarkHandOver(b *testing.B) {
	bench := func(b *testing.B, size int, request func(p *pool)) {
		p := newPool(poolConfig{size: size, queueMax: 1 << 20, timeout: time.Minute, logger: slog.New(slog.DiscardHandler)})
		defer p.close(context.Background())
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				request(p)
			}
		})
	}
	job := func() {}
	request := func(p *pool) {
		a, _, err := p.acquire(context.Background(), claim{})
		if err != nil {
			b.Error(err)
			return
		}
		if err := a.run(job); err != nil {
			b.Error(err)
		}
		p.release(a)
	}
	b.Run("one caller", func(b *testing.B) {
		p := newPool(poolConfig{size: 50, logger: slog.New(slog.DiscardHandler)})
		defer p.close(context.Background())
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
		bench(b, 50, func(p *pool) {
			a, _, err := p.acquire(context.Background(), claim{})
			if err != nil {
				b.Error(err)
				return
			}
			p.release(a)
		})
	})
}
