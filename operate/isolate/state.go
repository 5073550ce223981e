package isolate

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"

	"github.com/najahost/naja/store/remote"
)

// openState lets a worker use the state that this process keeps, over a socket
// of its own, so that what it holds is free once it is dead. closed does that,
// and is called when the worker has ended.
func (w *worker) openState() (closed func(), err error) {
	s := w.s
	if s.cfg.Backend == nil {
		return func() {}, nil
	}
	w.stateName = strconv.FormatInt(w.number, 10) + "s"
	listener, err := s.folder.listen(w.stateName, s.owner)
	if err != nil {
		return nil, fmt.Errorf("making the socket of the state: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := remote.Serve(ctx, listener, s.cfg.Backend, remote.ServerConfig{Logger: s.log}); err != nil {
			s.log.Error("the workers can't reach the state any more", "error", err.Error())
		}
	})
	return func() {
		cancel()
		serving.Wait()
		_ = os.Remove(s.folder.file(w.stateName))
	}, nil
}

// statePath is where the worker finds the state; "" when it sees to that itself.
func (w *worker) statePath() string {
	if w.stateName == "" {
		return ""
	}
	return w.s.folder.file(w.stateName)
}
