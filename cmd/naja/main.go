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

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
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
		sayError(stderr, err)
	}
	return exitCode(err)
}

// sayError says why a command failed.
func sayError(stderr io.Writer, err error) { fmt.Fprintf(stderr, "naja: %s\n", oneLine(err.Error())) }

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

// The exit codes of every command.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and went wrong: a page, a port in use
	exitUsage  = 2 // it couldn't be tried: a flag, an argument, a setting
	exitCut    = 3 // a server was stopped, and something was lost by it
)

// errReported ends a command with exitFailed when it has said why itself.
var errReported = errors.New("reported")

// errCutShort ends a server with exitCut that has said what was lost.
var errCutShort = fmt.Errorf("%w: something was cut short", errReported)

// A usageError is a mistake in what the command was told.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usageErrorf(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

func exitCode(err error) int {
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*config.Error](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*engine.ConfigError](err); ok {
		return exitUsage
	}
	if errors.Is(err, errCutShort) {
		return exitCut
	}
	return exitFailed
}

// oneLine keeps a message, whatever went into it, on a line of its own.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
