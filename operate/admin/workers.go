package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/najahost/naja/operate/host"
)

// A processes is a runner whose application runs in worker processes.
type processes interface {
	host.Runner
	host.Worker
	// Recycle puts a new worker in the place of the current one, which
	// finishes its requests.
	Recycle(ctx context.Context, why string) error
	// Kill ends a worker at once.
	Kill(ctx context.Context, number int64) error
}

// processes are the application's.
func (o *order) processes() (processes, error) {
	runner, err := o.runner()
	if err != nil {
		return nil, err
	}
	p, ok := runner.(processes)
	if !ok {
		return nil, &problem{http.StatusNotImplemented, "not available: the application runs in this process and has no workers"}
	}
	return p, nil
}

// startWorker starts a worker process, which takes over from the one before.
func startWorker(ctx context.Context, o *order) (Answer, error) {
	p, err := o.processes()
	if err != nil {
		return Answer{}, err
	}
	if err := p.Recycle(ctx, "an administrator asked for a new worker"); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "a new worker serves; the one before finishes its requests"}, nil
}

// killWorker ends one worker process, and says what was lost.
func (o *order) killWorker(ctx context.Context, text string) (Answer, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("worker is %q; want the number of a worker", clip(text))}
	}
	p, err := o.processes()
	if err != nil {
		return Answer{}, err
	}
	inside := requestsOf(p, number)
	if err := p.Kill(ctx, number); err != nil {
		return Answer{}, err
	}
	return Answer{Message: fmt.Sprintf("worker %d was ended, and %d requests with it", number, inside)}, nil
}

// requestsOf is how many requests a worker has.
func requestsOf(p processes, number int64) int {
	for _, w := range readWorkers(p.WorkerStatus()).Workers {
		if w.Number == number {
			return w.Inside
		}
	}
	return 0
}

// workerReport is what the console understands of [host.Status] Worker.
type workerReport struct {
	Workers []struct {
		Number int64 `json:"number"`
		Inside int   `json:"inside"`
		Memory int64 `json:"memory"`
	} `json:"workers"`
	Started  int64 `json:"started"`
	Crashed  int64 `json:"crashed"`
	Recycled int64 `json:"recycled"`
	Lost     int64 `json:"lost"`
}

// readWorkers reads as much of it as it can.
func readWorkers(v any) (report workerReport) {
	if text, err := json.Marshal(v); err == nil {
		_ = json.Unmarshal(text, &report)
	}
	return report
}
