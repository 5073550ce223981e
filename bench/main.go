// Command bench measures buffered against flushed output, over real sockets,
// against a server in a process of its own, and each figure beside that of a
// plain Go handler that writes the same bytes in the same run:
//
//	go run ./bench                          everything; below ten minutes
//	go run ./bench --quick                  the most telling part; below a minute
//	go run ./bench --html FILE              and a report with plots
//	go run ./bench --json FILE              and the figures, to compare
//	go run ./bench --compare A.json B.json  two runs
//
// README.md says what each figure means and what was found, NOTES.md what was
// tried.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/report"
	"github.com/najahost/naja/bench/internal/server"
)

func main() {
	if server.IsChild() {
		signal.Ignore(os.Interrupt) // it ends with its parent
		if err := server.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench: server:", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command; it returns the exit code: 1 for what went wrong, 2 for
// what bench was told and can't do.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	}
	if s.compare != nil {
		err = compare(s.compare, stdout)
	} else {
		err = bench(ctx, s, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	return 0
}

// bench measures, tells and writes what was asked for.
func bench(ctx context.Context, s settings, stdout, stderr io.Writer) error {
	measured, err := measure(ctx, s, newProgress(stderr), stderr)
	if err != nil {
		return err
	}
	err = report.Text(stdout, measured)
	if s.json != "" {
		err = errors.Join(err, measured.Write(s.json))
	}
	if s.html != "" {
		err = errors.Join(err, writeHTML(s.html, measured))
	}
	return errors.Join(err, measured.Failed())
}

func writeHTML(name string, run *figures.Run) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := errors.Join(report.HTML(f, run), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func compare(names []string, stdout io.Writer) error {
	a, err := figures.Read(names[0])
	if err != nil {
		return err
	}
	b, err := figures.Read(names[1])
	if err != nil {
		return err
	}
	return report.Comparison(stdout, a, b)
}
