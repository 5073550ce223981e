package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/isolate"
	"github.com/najahost/naja/store/memory"
)

// asWorker is the value of childVariable in a worker, which is this program
// once more.
const asWorker = "worker"

// An isolated is the same site in a worker process, whose sessions this
// process keeps, as naja serve does.
type isolated struct {
	*isolate.Supervisor
	folder string
	start  time.Duration // from nothing to the worker being ready
}

// openIsolated starts the worker. It needs the pages as files.
func openIsolated(config engine.Config, pages []Page) (s *isolated, err error) {
	s = &isolated{}
	if s.folder, err = os.MkdirTemp("", "naja-bench"); err != nil {
		return nil, err
	}
	root := filepath.Join(s.folder, "site")
	for _, page := range pages {
		file := filepath.Join(root, filepath.FromSlash(page.Path))
		err = errors.Join(err, os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(page.Source), 0o600))
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	config.FS, config.Root, config.Path = nil, root, IsolatedPrefix
	began := time.Now()
	s.Supervisor, err = isolate.New(context.Background(), isolate.Config{
		Engine: config, Backend: memory.New(), TempDir: s.folder, Environment: []string{childVariable + "=" + asWorker},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a worker: %w", err), s.close())
	}
	s.start = time.Since(began)
	return s, nil
}

// worker is the process that serves now, a zero one if there is none.
func (s *isolated) worker() isolate.WorkerInfo {
	if s == nil {
		return isolate.WorkerInfo{}
	}
	if report, ok := s.WorkerStatus().(isolate.WorkerReport); ok {
		for _, w := range report.Workers {
			if w.Role == "current" {
				return w
			}
		}
	}
	return isolate.WorkerInfo{}
}

// cpuTime is the processor time that the worker has used.
func (s *isolated) cpuTime() (used time.Duration, ok bool) {
	w := s.worker()
	if w.PID == 0 {
		return 0, s == nil
	}
	return cpuTimeOf(w.PID)
}

func (s *isolated) close() (err error) {
	if s == nil {
		return nil
	}
	if s.Supervisor != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		err = s.Shutdown(ctx)
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}
