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
	"strings"
)

func main() {
	end := awaitSignals()
	code := run(end, os.Args[1:], os.Stdout, os.Stderr)
	end.leave()
	os.Exit(code)
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
		return usageErrorf("no command; want one of %s", strings.Join(commandNames(), ", "))
	}
	if args[0] == "worker" {
		return workerCommand(ctx, out, args[1:])
	}
	if c := commandNamed(args[0]); c != nil {
		return c.run(ctx, out, args[1:])
	}
	return unknownCommand(args[0])
}
