package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/engine/host"
)

// crew is a runner that says it has workers.
type crew struct {
	*engine.Engine
	killed []int64
}

func (c *crew) Kill(_ context.Context, number int64) error {
	if number != 7 {
		return errors.New("there is no such worker")
	}
	c.killed = append(c.killed, number)
	return nil
}

func (c *crew) WorkerStatus() any {
	return map[string]any{"deaths": []map[string]any{{"worker": 7, "lost": 2, "pages": []string{"slow.asp"}}, {"worker": 3, "lost": 9}}}
}

// TestKillWorker ends one worker, and says what went with it.
func TestKillWorker(t *testing.T) {
	workers := &crew{}
	d := newDesk(t, func(cfg *Config) {
		app, err := host.New(host.Config{Path: "/crew", Logger: cfg.Logger, Start: func(context.Context, string) (host.Runner, error) {
			var err error
			workers.Engine, err = engine.New(engine.Config{FS: testSite(), Path: "/crew", Logger: cfg.Logger})
			return workers, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { app.Shutdown(context.Background()) })
		cfg.Applications = append(cfg.Applications, app)
	})
	got := d.post("/worker/kill", "application", "/crew", "id", "7")
	if got.status != http.StatusOK || got.Message != "worker 7 was killed, and 2 requests with it" || !slices.Equal(got.Details, []string{"it ran slow.asp"}) {
		t.Errorf("%d %s", got.status, got.text)
	}
	if !slices.Equal(workers.killed, []int64{7}) {
		t.Errorf("%d were killed", workers.killed)
	}
	for _, refused := range []struct {
		app, id string
		status  int
	}{{"/crew", "8", http.StatusConflict}, {"/crew", "", http.StatusBadRequest}, {"/crew", "x", http.StatusBadRequest}, {"/", "7", http.StatusNotImplemented}} {
		if got := d.post("/worker/kill", "application", refused.app, "id", refused.id); got.status != refused.status {
			t.Errorf("%v: %d %s", refused, got.status, got.text)
		}
	}
}
