package load

import (
	"context"
	"fmt"
	"io"
	"time"

	"fortio.org/fortio/periodic"
	"fortio.org/log"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/wire"
)

// A crowd is visitors of one page. They keep their connections from round to
// round. One goroutine calls its methods.
type crowd struct {
	visitors []*visitor
}

// newCrowd makes n visitors who want answers with size bytes.
func newCrowd(n int, target wire.Target, size int) *crowd {
	c := &crowd{}
	for range n {
		c.visitors = append(c.visitors, &visitor{client: wire.NewClient(target), size: int64(size)})
	}
	return c
}

func (c *crowd) close() {
	for _, v := range c.visitors {
		v.client.Close()
	}
}

// warm lets each visitor ask once, so that connections are open, pages
// compiled and sessions made, and forgets it. Its error is that of a visitor.
func (c *crowd) warm(ctx context.Context) error {
	c.run(ctx, periodic.RunnerOptions{Exactly: int64(len(c.visitors))})
	for _, v := range c.visitors {
		if v.failure != nil {
			return v.failure
		}
		v.seen = seen{}
	}
	return ctx.Err()
}

// round lets the visitors ask for some time and returns how many answers a
// second they got.
func (c *crowd) round(ctx context.Context, d time.Duration) float64 {
	before := c.answers()
	took := c.run(ctx, periodic.RunnerOptions{Duration: d})
	return float64(c.answers()-before) / took.Seconds()
}

func (c *crowd) answers() (n int) {
	for _, v := range c.visitors {
		n += len(v.last)
	}
	return n
}

// run is one run of fortio's loop, as fast as it goes. It ends with ctx.
func (c *crowd) run(ctx context.Context, options periodic.RunnerOptions) time.Duration {
	log.SetLogLevelQuiet(log.Critical) // fortio tells about each of its goroutines
	stop := periodic.NewAborter()
	defer context.AfterFunc(ctx, func() { stop.Abort(false) })()
	options.QPS, options.NumThreads, options.Out, options.Stop = -1, len(c.visitors), io.Discard, stop
	runner := periodic.NewPeriodicRunner(&options)
	for i, v := range c.visitors {
		v.ctx = ctx
		runner.Options().Runners[i] = v // the constructor drops those of its options
	}
	return runner.Run().ActualDuration
}

// figures are what the crowd has seen since it was warm.
func (c *crowd) figures() (f figures.Figures) {
	var first, last []time.Duration
	for _, v := range c.visitors {
		first, last = append(first, v.first...), append(last, v.last...)
		f.Chunks += float64(v.chunks)
		f.Wire += float64(v.wire)
		f.Connections += v.client.Dialed
		f.Failed += v.failed
		if f.Failure == "" && v.failure != nil {
			f.Failure = v.failure.Error()
		}
	}
	f.Requests = len(last)
	f.Chunks /= float64(max(f.Requests, 1))
	f.Wire /= float64(max(f.Requests, 1))
	f.FirstByte, f.LastByte = figures.QuantilesOf(first), figures.QuantilesOf(last)
	return f
}

// A visitor asks for one page again and again.
type visitor struct {
	client *wire.Client
	size   int64
	ctx    context.Context // of the run; fortio has its own, which doesn't end
	seen
}

// seen is what a visitor has seen.
type seen struct {
	first, last  []time.Duration
	chunks, wire int64
	failed       int
	failure      error // the first
}

// Run implements [periodic.Runnable]: one request.
func (v *visitor) Run(context.Context, periodic.ThreadID) (ok bool, details string) {
	a, err := v.client.Do(v.ctx)
	if err == nil && (a.Status != 200 || a.Body != v.size) {
		err = fmt.Errorf("status %d with %d bytes, want 200 with %d", a.Status, a.Body, v.size)
	}
	if err != nil {
		v.failed++
		if v.failure == nil {
			v.failure = err
		}
		return false, ""
	}
	v.first, v.last = append(v.first, a.First), append(v.last, a.Last)
	v.chunks += int64(a.Chunks)
	v.wire += a.Wire
	return true, ""
}
