package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/najahost/naja/bench/internal/figures"
)

// A progress is a bar on a terminal, and nothing elsewhere.
type progress struct {
	out io.Writer
	bar *progressbar.ProgressBar
}

func newProgress(out io.Writer) *progress { return &progress{out: out} }

// begin starts the bar for what will take about t.
func (p *progress) begin(t time.Duration) {
	p.bar = progressbar.NewOptions64(max(t.Milliseconds(), 1),
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionSetVisibility(isTerminal(p.out)),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionFullWidth(),
		progressbar.OptionClearOnFinish(),
	)
}

func (p *progress) show(c figures.Case) {
	p.bar.Describe(string(c.Group) + ": " + c.Output() + ", " + c.Line())
}

func (p *progress) showSlow(c figures.SlowCase) { p.bar.Describe(c.String()) }

// A bar's errors are those of writing to the terminal.
func (p *progress) add(t time.Duration) { _ = p.bar.Add64(t.Milliseconds()) }
func (p *progress) end()                { _ = p.bar.Clear() }

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
