package isolate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// listen reads all that the process says.
func (w *worker) listen(tasks *sync.WaitGroup, ended <-chan struct{}) {
	c := w.child
	for stream, file := range map[string]interface{ Read([]byte) (int, error) }{"stdout": c.out, "stderr": c.err} {
		tasks.Go(func() {
			readLines(file, func(line string) {
				level := slog.LevelInfo
				if stream == "stderr" {
					level = slog.LevelWarn
					w.words.hear(line)
				}
				w.log.Log(context.Background(), level, "worker says", "stream", stream, "line", line)
			}, func(n int) { w.log.Warn("the worker says too much", "stream", stream, "lines_left_out", n) })
		})
	}
	tasks.Go(func() { readLog(c.log, w.log) })
	tasks.Go(func() {
		if err := w.channel.serve(context.Background()); err != nil {
			w.doom(err.Error())
		}
		w.endsWithout(ended)
	})
}

// endsWithout kills a worker that doesn't end although the control channel
// has.
func (w *worker) endsWithout(ended <-chan struct{}) {
	timer := time.NewTimer(hangUpPatience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		w.doom("it does not listen any more")
	}
}

// outPatience is how long a process's output is read after its end: somebody
// that it started may still have it open.
const outPatience = 2 * time.Second

// hearOut reads the last of what the process said.
func (w *worker) hearOut(tasks *sync.WaitGroup) {
	closing := time.AfterFunc(outPatience, func() {
		w.child.out.Close()
		w.child.err.Close()
		w.child.log.Close()
	})
	defer closing.Stop()
	tasks.Wait()
}

// heard takes what the worker says.
func (w *worker) heard(name string, body json.RawMessage) {
	switch name {
	case "ready":
		var r readiness
		err := json.Unmarshal(body, &r)
		switch {
		case err != nil:
		case r.Error != nil:
			err = r.Error.err()
		case r.Protocol != protocol:
			err = fmt.Errorf("the worker speaks protocol %d, this server %d", r.Protocol, protocol)
		}
		if err == nil {
			w.calls(r.Version)
			w.tellSuspects() // who were, or weren't, when it got its orders
			w.tellStopping()
			w.log.Info("worker ready", "number", w.number, "spare", w.spare, "version", w.version, "took", time.Since(w.began).Round(time.Millisecond))
		}
		w.ready(err)
	case "samples":
		w.observe(body)
	case "replace":
		var why string
		_ = json.Unmarshal(body, &why)
		w.s.replaceSoon(w, clip(why, 200))
	}
}

func (w *worker) observe(body json.RawMessage) {
	observer := w.s.settings.Load().Observer
	var batch sampleBatch
	if observer == nil || json.Unmarshal(body, &batch) != nil {
		return
	}
	for _, sample := range batch.Samples {
		observer.Served(sample)
	}
}

// noAnswer: a worker asks its parent nothing.
func noAnswer(context.Context, string, json.RawMessage) (any, error) { return nil, errUnknownCall }
