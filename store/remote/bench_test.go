package remote

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// What a page pays for its session: it is taken and stored. The same store in
// this process stands beside.
func BenchmarkSession(b *testing.B) {
	b.Run("here", func(b *testing.B) { benchSession(b, memory.New().Sessions()) })
	b.Run("remote", func(b *testing.B) { benchSession(b, workOverSocket(b, memory.New()).Sessions()) })
}

func benchSession(b *testing.B, s store.Sessions) {
	ctx, cancel := context.WithTimeout(b.Context(), time.Hour)
	defer cancel()
	data := make([]byte, 500)
	token, err := s.Create(ctx, "id", store.NewSession{Data: data, Timeout: time.Hour, Lease: time.Hour})
	if err == nil {
		err = s.Release(ctx, "id", token)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		var got store.Stored
		if err == nil {
			got, err = s.Acquire(ctx, "id", time.Minute)
		}
		if err == nil {
			err = s.Commit(ctx, "id", got.Token, store.Commit{Data: data, Timeout: time.Hour})
		}
	}
	if err != nil {
		b.Fatal(fmt.Errorf("a page's calls: %w", err))
	}
}
