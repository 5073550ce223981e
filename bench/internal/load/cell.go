package load

import (
	"context"
	"fmt"
	"time"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/server"
	"github.com/najahost/naja/bench/internal/wire"
)

// A Pace says how long a case is measured.
type Pace struct {
	Rounds int           // in each naja and the plain handler follow each other
	Round  time.Duration // of each of the two
}

// Time is how long a case takes, about.
func (p Pace) Time() time.Duration { return time.Duration(2*p.Rounds) * p.Round }

// Cell measures one case. The child is for this measurement alone.
func Cell(ctx context.Context, child *server.Child, c figures.Case, pace Pace) (figures.Cell, error) {
	prefixes := [2]string{server.NajaPrefix, server.PlainPrefix}
	if c.Group == figures.Isolated {
		prefixes = [2]string{server.IsolatedPrefix, server.NajaPrefix}
	}
	naja, plain := newSide(child, prefixes[0], c), newSide(child, prefixes[1], c)
	defer naja.crowd.close()
	defer plain.crowd.close()
	sides := []*side{naja, plain}
	for _, s := range sides {
		if err := s.crowd.warm(ctx); err != nil {
			return figures.Cell{}, fmt.Errorf("measure %s, %s: %w", c.Output(), c.Line(), err)
		}
	}
	for range pace.Rounds {
		for _, s := range sides {
			if err := s.round(ctx, child, pace.Round); err != nil {
				return figures.Cell{}, fmt.Errorf("measure %s, %s: %w", c.Output(), c.Line(), err)
			}
		}
		sides[0], sides[1] = sides[1], sides[0] // neither is always first
	}
	return figures.NewCell(c, naja.figures(), plain.figures(), naja.rates, plain.rates), nil
}

// A side is naja or the plain handler in one case.
type side struct {
	crowd *crowd
	plain bool
	rates []float64 // of each round
	used  server.Usage
	held  float64 // seconds, of all that was held
	most  int
}

func newSide(child *server.Child, prefix string, c figures.Case) *side {
	target := wire.Target{Addr: child.Addr, Path: prefix + c.Name, HTTP10: c.HTTP == "1.0", KeepAlive: c.KeepAlive}
	return &side{crowd: newCrowd(c.Concurrency, target, c.Size), plain: prefix == server.PlainPrefix}
}

func (s *side) round(ctx context.Context, child *server.Child, d time.Duration) error {
	if err := child.Begin(); err != nil {
		return err
	}
	s.rates = append(s.rates, s.crowd.round(ctx, d))
	used, err := child.End()
	if err != nil {
		return err
	}
	held := heldOf(used, s.plain)
	s.used.Took, s.used.CPU = s.used.Took+used.Took, s.used.CPU+used.CPU
	s.held, s.most = s.held+held.Mean*used.Took.Seconds(), max(s.most, held.Max)
	return ctx.Err()
}

// heldOf is what a request holds: an apartment of naja; a plain handler, which
// holds nothing but itself, for comparison.
func heldOf(used server.Usage, plain bool) server.Gauge {
	if plain {
		return used.Handlers
	}
	return used.Apartments
}

func (s *side) figures() figures.Figures {
	f := s.crowd.figures()
	for _, rate := range s.rates {
		f.Rate += rate / float64(len(s.rates))
	}
	f.CPU = -1
	if s.used.CPU >= 0 && f.Requests > 0 {
		f.CPU = float64(s.used.CPU.Nanoseconds()) / 1e3 / float64(f.Requests)
	}
	if s.used.Took > 0 {
		f.Held, f.HeldMost = s.held/s.used.Took.Seconds(), s.most
	}
	return f
}
