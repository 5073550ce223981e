package main

import (
	"context"
	"errors"
	"io"
	"os"
	goruntime "runtime"
	"strings"
	"time"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/load"
	"github.com/najahost/naja/bench/internal/server"
)

// measure starts the server, measures what s asks for, and ends the server.
// Its log goes to log.
func measure(ctx context.Context, s settings, bar *progress, log io.Writer) (found *figures.Run, err error) {
	p := newPlan(s)
	run := &figures.Run{Started: time.Now().Truncate(time.Second), Command: s.args, Machine: machine()}
	child, err := server.Start(ctx, p.site, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, child.Close()) }()

	if w := child.Worker; w != nil {
		run.Worker = &figures.Worker{Start: figures.InMilliseconds(w.Start), Memory: float64(w.Memory) / (1 << 20)}
	}
	bar.begin(p.time())
	defer bar.end()
	for _, c := range p.cells {
		bar.show(c.Case)
		cell, err := load.Cell(ctx, child, c.Case, c.Pace)
		if err != nil {
			return nil, err
		}
		run.Cells = append(run.Cells, cell)
		bar.add(c.Time())
	}
	for _, c := range p.slow {
		bar.showSlow(c)
		slow, err := load.Slow(ctx, child, c)
		if err != nil {
			return nil, err
		}
		run.Slow = append(run.Slow, slow)
		bar.add(slowTime(c))
	}
	run.Took = figures.Seconds(time.Since(run.Started).Seconds())
	run.Machine.LoadAfter = loadAverage()
	return run, nil
}

func machine() figures.Machine {
	return figures.Machine{
		Go: goruntime.Version(), OS: goruntime.GOOS, Arch: goruntime.GOARCH, CPUs: goruntime.NumCPU(),
		LoadBefore: loadAverage(),
	}
}

// loadAverage is that of one, five and fifteen minutes, "" where the system
// doesn't tell.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return ""
	}
	return strings.Join(fields[:3], " ")
}
