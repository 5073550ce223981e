package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/internal/outlet"
)

// outlets are between a server and the readers of its standard output and error,
// for which it never waits.
type outlets struct{ stdout, stderr *outlet.Outlet }

// openOutlets makes those of the console, whose place they take in what is
// returned. The caller calls close.
func openOutlets(out *console, settings config.Server) (*outlets, *console) {
	o := &outlets{
		stdout: outlet.New(out.stdout, settings.LogBuffer, nil),
		stderr: outlet.New(out.stderr, settings.LogBuffer, func(lost int64) []byte {
			var line bytes.Buffer
			newLogger(&line, settings).Warn("lines of the log were lost, for nobody took them", "lines", lost)
			return line.Bytes()
		}),
	}
	return o, &console{o.stdout, o.stderr}
}

// outletPatience is how long the readers may take for what is left when the
// server ends.
const outletPatience = 2 * time.Second

// close waits for the readers, for a while. What a stuck one doesn't take is lost,
// and there is nobody to tell.
func (o *outlets) close() {
	ctx, cancel := context.WithTimeout(context.Background(), outletPatience)
	defer cancel()
	_ = o.stderr.Close(ctx)
	_ = o.stdout.Close(ctx)
}

// reported is err, once it stands in standard error, which may be stuck.
func reported(stderr io.Writer, err error) error {
	if err == nil || errors.Is(err, errReported) {
		return err
	}
	sayError(stderr, err)
	return &reportedError{err}
}

// A reportedError has been said, and ends the command as it would have otherwise.
type reportedError struct{ error }

// Is says that it has been said.
func (e *reportedError) Is(target error) bool { return target == errReported }

// Unwrap gives what was said.
func (e *reportedError) Unwrap() error { return e.error }
