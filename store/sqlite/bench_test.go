package sqlite

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// What a session costs a page: taking it, and storing it. fsyncs/op shows how
// many share one.
func BenchmarkPage(b *testing.B) {
	data := make([]byte, 500)
	for _, relaxed := range []bool{false, true} {
		for _, write := range []bool{true, false} {
			for _, visitors := range []int{1, 32} {
				name := fmt.Sprintf("%s/%s/%d", pick(relaxed, "relaxed", "strict"), pick(write, "writes", "reads"), visitors)
				b.Run(name, func(b *testing.B) {
					db := open(b, Config{Path: filepath.Join(b.TempDir(), "state.db"), Relaxed: relaxed})
					s := db.Sessions()
					ids := make([]string, 2*visitors)
					for i := range ids {
						ids[i] = fmt.Sprint("session", i)
						if err := s.Release(b.Context(), ids[i], mustCreate(b, db, ids[i], string(data))); err != nil {
							b.Fatal(err)
						}
					}
					c := store.Commit{Timeout: time.Hour}
					if write {
						c.Data = data
					}
					before := db.syncs.Load()
					var visitor atomic.Int64
					b.SetParallelism((visitors + 1) / 2) // for each of two processors
					b.RunParallel(func(pb *testing.PB) {
						id := ids[int(visitor.Add(1))%len(ids)]
						for pb.Next() {
							got, err := s.Acquire(b.Context(), id, time.Minute)
							if err == nil {
								err = s.Commit(b.Context(), id, got.Token, c)
							}
							if err != nil {
								b.Error(err)
								return
							}
						}
					})
					b.ReportMetric(float64(db.syncs.Load()-before)/float64(b.N), "fsyncs/op")
				})
			}
		}
	}
}

func pick(which bool, yes, no string) string {
	if which {
		return yes
	}
	return no
}
