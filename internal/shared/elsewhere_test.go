package shared_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store/memory"
)

// The status tells who waits for a lock that another process has; it can be
// broken, and the wait's bound can be changed.
func TestALockElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memory.NewApplication()
		state, err := shared.New(t.Context(), shared.Config{Store: store, Shared: true, Name: "here"})
		if err != nil {
			t.Fatal(err)
		}
		defer state.Close()
		if _, err := store.Lock(t.Context(), "another process", time.Hour); err != nil {
			t.Fatal(err)
		}
		v := state.Begin(shared.Owner{Page: "a.asp", URL: "/a.asp"})
		defer v.End(false)
		locked := make(chan error, 1)
		go func() { locked <- v.Lock(context.Background()) }()
		time.Sleep(2 * time.Second)
		s := state.Status()
		if s.Holder != nil || s.Elsewhere == nil || s.Elsewhere.Page != "a.asp" || s.Elsewhere.Age < 2*time.Second {
			t.Errorf("%+v", s)
		}
		if holder, err := state.Break(t.Context()); err != nil || holder != "another process" {
			t.Error(holder, err)
		}
		if err := <-locked; err != nil || state.Status().Elsewhere != nil || state.Status().Holder == nil {
			t.Errorf("%v, %+v", err, state.Status())
		}
		state.SetLockTimeout(time.Second)
		other := state.Begin(shared.Owner{Page: "b.asp"})
		defer other.End(false)
		began := time.Now()
		err = other.Lock(t.Context())
		if _, late := errors.AsType[*appstate.LockTimeoutError](err); !late || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
