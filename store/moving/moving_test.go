package moving

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// again is the state in another DB, by its records.
func again(from store.Backend) (store.Backend, error) {
	var all [][]byte
	if err := from.(*memory.DB).Dump(func(record []byte) error {
		all = append(all, record)
		return nil
	}); err != nil {
		return nil, err
	}
	return memory.Restore(func() (record []byte, err error) {
		record, all = all[0], all[1:]
		return record, nil
	})
}

// A restless Backend moves before each call.
type restless struct{ *Backend }

func (r restless) Sessions() store.Sessions       { r.moves(); return r.Backend.Sessions() }
func (r restless) Application() store.Application { r.moves(); return r.Backend.Application() }
func (r restless) FinishWith(ctx context.Context, id string, claim, lock int64, c store.Changes) (int64, error) {
	r.moves()
	return r.Backend.FinishWith(ctx, id, claim, lock, c)
}

func (r restless) moves() {
	if err := r.Move(again); err != nil {
		panic(err)
	}
}

// TestBackend: what a store promises holds while its state moves, by a dump, between
// any two calls.
func TestBackend(t *testing.T) {
	storetest.RunBackend(t, storetest.Backend{
		Open: func(*testing.T) storetest.Store { return restless{New(memory.New())} },
		Wait: func(d time.Duration) { <-time.After(d) },
		Run:  synctest.Test,
	})
}

// TestStays: a move that fails changes nothing.
func TestStays(t *testing.T) {
	b := New(memory.New())
	from, failed := b.In(), errors.New("no")
	if err := b.Move(func(store.Backend) (store.Backend, error) { return nil, failed }); !errors.Is(err, failed) || b.In() != from {
		t.Errorf("%v", err)
	}
}

// TestHammer: nothing of what is counted is lost, and nobody who waits for a change
// misses one, while the state moves.
func TestHammer(t *testing.T) {
	b := New(memory.New())
	const visitors, each = 8, 200
	ctx := t.Context()
	var counting, watching sync.WaitGroup
	for range visitors {
		counting.Go(func() {
			for range each {
				for changed := false; !changed; {
					read, err := b.Application().Read(ctx, -1)
					if err != nil {
						t.Error(err)
						return
					}
					s := store.Swap{Item: store.Item{ID: "n", Key: "n"}, Compare: true}
					n := 0
					if len(read.Items) > 0 {
						s.Old = read.Items[0].Raw
						n, _ = strconv.Atoi(string(s.Old))
					}
					s.Item.Raw = strconv.AppendInt(nil, int64(n)+1, 10)
					_, err = b.Application().Swap(ctx, s)
					if err != nil && !errors.Is(err, store.ErrChanged) {
						t.Error(err)
						return
					}
					changed = err == nil
				}
			}
		})
	}
	watching.Go(func() {
		for version := int64(0); version < visitors*each; {
			var err error
			if version, err = b.Application().Wait(ctx, version); err != nil {
				t.Error(err)
				return
			}
		}
	})
	stop := make(chan struct{})
	var moving sync.WaitGroup
	moving.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if err := b.Move(again); err != nil {
					t.Error(err)
				}
			}
		}
	})
	counting.Wait()
	watching.Wait()
	close(stop)
	moving.Wait()
	read, err := b.Application().Read(ctx, -1)
	if err != nil || len(read.Items) != 1 || string(read.Items[0].Raw) != strconv.Itoa(visitors*each) {
		t.Errorf("%q, %v", read.Items, err)
	}
}
