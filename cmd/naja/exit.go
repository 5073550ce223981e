package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
)

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
