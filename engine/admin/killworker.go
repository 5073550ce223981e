package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/najahost/naja/engine/host"
)

// A workerKiller is a runner whose application runs in worker processes, which
// can be ended one by one.
type workerKiller interface {
	host.Worker
	Kill(ctx context.Context, number int64) error
}

// killWorker ends one worker process at once, and says what was lost with it.
func killWorker(ctx context.Context, o *order) (Answer, error) {
	number, err := strconv.ParseInt(o.form.Get("id"), 10, 64)
	if err != nil {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("id is %q; want the number of a worker", clip(o.form.Get("id")))}
	}
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	workers, ok := runner.(workerKiller)
	if !ok {
		return Answer{}, &problem{http.StatusNotImplemented, "not available: the application runs in this process and has no workers"}
	}
	if err := workers.Kill(ctx, number); err != nil {
		return Answer{}, err
	}
	d := deathOf(workers, number)
	a := Answer{Message: fmt.Sprintf("worker %d was killed; the next request starts another", number), Result: d}
	if d.Lost == 1 {
		a.Message = fmt.Sprintf("worker %d was killed, and one request with it", number)
	} else if d.Lost > 1 {
		a.Message = fmt.Sprintf("worker %d was killed, and %d requests with it", number, d.Lost)
	}
	for _, page := range d.Pages {
		a.Details = append(a.Details, "it ran "+page)
	}
	return a, nil
}

// A death is what a status tells of the end of a worker; the rest of it is for
// people.
type death struct {
	Worker int64    `json:"worker"`
	Lost   int      `json:"lost"`
	Pages  []string `json:"pages"`
}

// deathOf looks a worker's end up in what its runner tells; it is empty when
// nothing is said of it. What a host.Worker tells has a form in JSON alone.
func deathOf(workers host.Worker, number int64) death {
	var told struct {
		Deaths []death `json:"deaths"`
	}
	if text, err := json.Marshal(workers.WorkerStatus()); err == nil {
		_ = json.Unmarshal(text, &told) // another form tells nothing
	}
	for _, d := range told.Deaths {
		if d.Worker == number {
			return d
		}
	}
	return death{Worker: number}
}
