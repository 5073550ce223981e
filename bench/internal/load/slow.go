package load

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/server"
	"github.com/najahost/naja/bench/internal/wire"
)

// visitEvery is how often the bystander asks, when nothing keeps it waiting.
const visitEvery = 10 * time.Millisecond

// Slow measures readers on slow lines, at the address with few apartments: how
// long each page holds its own, and what a bystander with a fast line feels of
// it. The child is for this measurement alone.
func Slow(ctx context.Context, child *server.Child, c figures.SlowCase) (figures.Slow, error) {
	naja, err := slowSide(ctx, child, c, server.NajaPrefix)
	if err != nil {
		return figures.Slow{}, fmt.Errorf("measure %s: %w", c, err)
	}
	plain, err := slowSide(ctx, child, c, server.PlainPrefix)
	if err != nil {
		return figures.Slow{}, fmt.Errorf("measure %s: %w", c, err)
	}
	return figures.NewSlow(c, naja, plain), nil
}

func slowSide(ctx context.Context, child *server.Child, c figures.SlowCase, prefix string) (f figures.SlowFigures, err error) {
	target := wire.Target{Addr: child.Narrow, Path: prefix + server.MatrixPath(c.Size, c.Flushes)}
	slow := target
	slow.LineRate = c.LineRate
	small := wire.Target{Addr: child.Narrow, Path: prefix + server.HelloPath, KeepAlive: true}

	readers, bystander := newCrowd(c.Readers, slow, c.Size), newCrowd(1, small, server.HelloSize())
	defer readers.close()
	defer bystander.close()
	warm := newCrowd(1, target, c.Size)
	defer warm.close()
	for _, crowd := range []*crowd{warm, bystander} {
		if err := crowd.warm(ctx); err != nil {
			return f, err
		}
	}
	if err := child.Begin(); err != nil {
		return f, err
	}
	readBeside(ctx, readers, bystander.visitors[0])
	used, err := child.End()
	if err != nil {
		return f, err
	}
	held := heldOf(used, prefix == server.PlainPrefix)
	f = slowFigures(readers, bystander)
	f.HeldPerPage, f.HeldMost = held.Mean*used.Took.Seconds()/float64(c.Readers), held.Max
	return f, ctx.Err()
}

// readBeside lets each reader read once, and the bystander visit until the
// last of them is done.
func readBeside(ctx context.Context, readers *crowd, bystander *visitor) {
	var reading, visiting sync.WaitGroup
	for _, v := range readers.visitors {
		v.ctx = ctx
		reading.Go(func() { v.Run(ctx, 0) })
	}
	done := make(chan struct{})
	visiting.Go(func() {
		tick := time.NewTicker(visitEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				bystander.Run(ctx, 0)
			}
		}
	})
	reading.Wait()
	close(done)
	visiting.Wait()
}

func slowFigures(readers, bystander *crowd) figures.SlowFigures {
	r, b := readers.figures(), bystander.figures()
	f := figures.SlowFigures{
		Failed: r.Failed + b.Failed, Failure: r.Failure,
		Reading: r.LastByte, Visit: b.LastByte, Visits: b.Requests,
	}
	if f.Failure == "" {
		f.Failure = b.Failure
	}
	for _, took := range bystander.visitors[0].last {
		f.Longest = max(f.Longest, figures.InMilliseconds(took))
	}
	return f
}
