package sessions_test

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// What changes while requests come is in force for the next one.
func TestLimitsChangeWhileInUse(t *testing.T) {
	m, err := sessions.NewManager(sessions.Config{Store: memory.NewSessions(), StoreTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(t.Context())
	begin := func() (session.Handle, error) {
		h, err := m.Open(t.Context(), httptest.NewRequest("GET", "/", nil), session.ReadWrite)
		if err != nil {
			t.Fatal(err)
		}
		return h, h.Create(t.Context())
	}
	first, err := begin()
	if err != nil || first.Timeout() != 20*time.Minute {
		t.Fatal(first.Timeout(), err)
	}
	defer first.Discard()
	m.SetLimits(sessions.Limits{Timeout: time.Minute, Max: 1})
	if first.Timeout() != time.Minute {
		t.Error(first.Timeout())
	}
	second, err := begin()
	defer second.Discard()
	if !errors.Is(err, store.ErrFull) {
		t.Error(err)
	}
}

func TestBoundsOfTurnsChangeWhileInUse(t *testing.T) {
	turns := turn.New(turn.Config{})
	held, err := turns.Enter(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Leave()
	turns.SetBounds(-1, 0)
	if _, err := turns.Enter(t.Context(), "key"); !errors.Is(err, turn.ErrQueueFull) {
		t.Error(err)
	}
}

func TestInspect(t *testing.T) {
	m, err := sessions.NewManager(sessions.Config{Store: memory.NewSessions(), StoreTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close(t.Context())
	h, err := m.Open(t.Context(), httptest.NewRequest("GET", "/", nil), session.ReadWrite)
	if err != nil || h.Create(t.Context()) != nil {
		t.Fatal(err)
	}
	if err := h.Set("n", []byte{1}); err != nil {
		t.Fatal(err)
	}
	id := h.ID()
	if err := h.Close(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	got, err := m.Inspect(t.Context(), id)
	if err != nil || got.ID != id || got.Contents.Len() != 1 || got.Lease != 0 {
		t.Errorf("%+v, %v", got.Info, err)
	}
	if _, err := m.Inspect(t.Context(), "1"); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}
