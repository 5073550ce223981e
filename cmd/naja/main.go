// Command naja serves Classic-ASP-style pages with embedded JavaScript, and
// checks and runs them. 'naja help' lists what it can do.
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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal starts the end; a second one finds no handler any more
	// and ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command: it returns the exit code. Once ctx is done, a
// server drains and returns.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := dispatch(ctx, &console{stdout, stderr}, args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if !errors.Is(err, errReported) {
		fmt.Fprintf(stderr, "naja: %s\n", oneLine(err.Error()))
	}
	return exitCode(err)
}

func dispatch(ctx context.Context, out *console, args []string) error {
	if len(args) == 0 {
		return usageErrorf("no command; want one of %s", commandNames())
	}
	if args[0] == "worker" {
		return workerCommand(ctx, out, args[1:])
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, out, args[1:])
		}
	}
	return usageErrorf("unknown command %q; want one of %s", args[0], commandNames())
}
