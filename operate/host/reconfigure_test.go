package host

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/engine"
)

func TestReconfigure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, f := newFake(t, Config{Root: "site"})
		r, err := a.Reconfigure(t.Context(), engine.Config{Root: "x"}, Config{
			HoldQueueMax: 1, HoldTimeout: time.Second, KeepAliveInterval: time.Minute, UpdateSource: "incoming", UpdateDelete: true, Preload: true,
		})
		if err != nil || !slices.Equal(r.Changed, []string{
			"hold_queue_max", "hold_timeout", "keepalive_interval", "preload", "script_timeout", "update_delete", "update_source",
		}) {
			t.Errorf("%+v, %v", r, err)
		}
		if s := a.Status(); !s.Updates {
			t.Error("updates are still unavailable")
		}
		time.Sleep(time.Minute + time.Second)
		if !f.last().has("keepalive") {
			t.Error("it isn't exercised")
		}
		if err := a.Hold(t.Context(), HoldRequest{Mode: Park}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		one, two := ask(a, "/"), ask(a, "/")
		if x, y := <-one, <-two; x.Code != 503 || y.Code != 503 || time.Since(began) != time.Second {
			t.Error(x.Code, y.Code, time.Since(began))
		}
	})
}

func TestReconfigureOfWhatIsNotLoaded(t *testing.T) {
	a, _ := newFake(t, Config{})
	if err := a.Unload(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := a.Reconfigure(t.Context(), engine.Config{Root: "x", LCID: -1}, Config{HoldTimeout: time.Hour})
	if _, ok := errors.AsType[*engine.ConfigError](err); !ok || a.settings().HoldTimeout == time.Hour {
		t.Errorf("%v, %v", err, a.settings().HoldTimeout)
	}
	if r, err := a.Reconfigure(t.Context(), engine.Config{Root: "x"}, Config{HoldTimeout: time.Hour}); err != nil || !slices.Equal(r.Changed, []string{"hold_timeout"}) {
		t.Errorf("%+v, %v", r, err)
	}
}
