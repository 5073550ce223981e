package isolate

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
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
	if len(os.Args) > 3 && os.Args[1] == "parent" {
		os.Exit(parentMain(os.Args[2], os.Args[3]))
	}
	goleak.VerifyTestMain(m)
}

// parentMain is a server with a worker, whose number it writes. It ends when
// it is killed.
func parentMain(root, temp string) int {
	cfg := Config{TempDir: temp}
	cfg.Engine.Root = root
	s, err := New(context.Background(), cfg)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(s.WorkerStatus().(WorkerReport).Workers[0].PID)
	select {}
}

func workerMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	err := Worker(ctx, WorkerConfig{
		Open: func(ctx context.Context, state string, cfg *engine.Config) (func() error, error) {
			cfg.Components = map[string]engine.Component{"Test.Worker": {New: func(context.Context) (any, error) { return deadly{}, nil }}}
			if state == "" {
				return nil, nil
			}
			db, err := sqlite.Open(ctx, sqlite.Config{Path: state})
			if err != nil {
				return nil, &engine.ConfigError{Setting: "state", Problem: err.Error()}
			}
			cfg.Backend = db
			return db.Close, nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
