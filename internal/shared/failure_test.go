package shared_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

var errDisk = errors.New("disk full")

// A faulty store fails on demand, before or after it did what it was asked.
type faulty struct {
	*memory.Application
	before, after atomic.Bool
}

func (f *faulty) fault(do func() error) error {
	if f.before.Load() {
		return errDisk
	}
	err := do()
	if err == nil && f.after.Load() {
		err = errDisk
	}
	return err
}

func (f *faulty) Read(ctx context.Context, have int64) (c store.Contents, err error) {
	if f.before.Load() {
		return c, errDisk
	}
	return f.Application.Read(ctx, have)
}

func (f *faulty) Commit(ctx context.Context, token int64, c store.Changes) (version int64, err error) {
	err = f.fault(func() error { version, err = f.Application.Commit(ctx, token, c); return err })
	return version, err
}

func (f *faulty) Swap(ctx context.Context, s store.Swap) (version int64, err error) {
	err = f.fault(func() error { version, err = f.Application.Swap(ctx, s); return err })
	return version, err
}

// Whether the store failed before it stored or after, what is read next is
// what it holds, and the lock is free.
func TestStoreFails(t *testing.T) {
	for _, after := range []bool{false, true} {
		f := &faulty{Application: memory.NewApplication()}
		s := open(t, shared.Config{Store: f})
		v := begin(s, "/a.asp")
		must(t, v.Set(ctx, "a", raw(1)))
		fail := func(on bool) {
			if after {
				f.after.Store(on)
			} else {
				f.before.Store(on)
			}
		}
		fail(true)
		if err := v.Set(ctx, "a", raw(2)); !errors.Is(err, errDisk) || !strings.Contains(err.Error(), `Application("a")`) {
			t.Errorf("Set: %v", err)
		}
		fail(false)
		must(t, v.Lock(ctx))
		must(t, v.Set(ctx, "b", raw(1)))
		fail(true)
		if err := v.Unlock(ctx); !errors.Is(err, errDisk) {
			t.Errorf("Unlock: %v", err)
		}
		fail(false)
		idle(t, s)
		must(t, v.Set(ctx, "c", raw(1)))
		if after {
			want(t, v, "a=2 b=1 c=1")
		} else {
			want(t, v, "a=1 c=1")
		}
		fail(true)
		ended := begin(s, "/e.asp")
		must(t, ended.Lock(ctx))
		must(t, ended.Set(ctx, "d", raw(1)))
		if err := ended.End(true); !errors.Is(err, errDisk) {
			t.Errorf("End: %v", err)
		}
		if !after { // nothing can be read: no write may build on what is stale
			if err := v.Set(ctx, "e", raw(1)); !errors.Is(err, errDisk) {
				t.Errorf("Set while nothing can be read: %v", err)
			}
			if err := v.Lock(ctx); !errors.Is(err, errDisk) {
				t.Errorf("Lock while nothing can be read: %v", err)
			}
		}
		fail(false)
		idle(t, s)
		must(t, v.End(true))
	}
}

// The request's own end doesn't cut a commit off.
func TestCommitOutlivesRequest(t *testing.T) {
	s := open(t, shared.Config{})
	v := begin(s, "/a.asp")
	c, cancel := context.WithCancel(ctx)
	must(t, v.Lock(c))
	must(t, v.Set(c, "a", raw(1)))
	cancel()
	must(t, v.Unlock(c))
	want(t, v, "a=1")
}
