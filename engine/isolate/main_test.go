package isolate

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/sqlite"
)

// The test binary is a worker when it is told so.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		os.Exit(workerMain())
	}
	goleak.VerifyTestMain(m)
}

func workerMain() int {
	err := Worker(context.Background(), WorkerConfig{
		Open: func(ctx context.Context, state string) (engine.Backend, func() error, error) {
			db, err := sqlite.Open(ctx, sqlite.Config{Path: state})
			if err != nil {
				return nil, nil, &engine.ConfigError{Setting: "state", Problem: err.Error()}
			}
			return db, db.Close, nil
		},
		Prepare: func(cfg engine.Config) { engine.LimitRegExp(cfg.ScriptTimeoutMax) },
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
