package isolate

import (
	"context"
	"errors"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store"
)

// A failure is an error on its way between two processes: its text, and what
// those who look at errors want to know of it.
type failure struct {
	Text    string `json:"text"`
	Kind    string `json:"kind,omitempty"`
	Setting string `json:"setting,omitempty"` // of an *engine.ConfigError
	Problem string `json:"problem,omitempty"`
}

// kinds are the errors that keep their identity.
func kinds() map[string]error {
	return map[string]error{
		"timeout": context.DeadlineExceeded, "canceled": context.Canceled,
		"not found": store.ErrNotFound, "no request": engine.ErrNoRequest, "not ours": engine.ErrNotOurs,
		"unknown call": errUnknownCall,
	}
}

func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	f := &failure{Text: err.Error()}
	if bad, ok := errors.AsType[*engine.ConfigError](err); ok {
		f.Setting, f.Problem = bad.Setting, bad.Problem
	}
	for name, kind := range kinds() {
		if errors.Is(err, kind) {
			f.Kind = name
		}
	}
	return f
}

func (f *failure) err() error {
	if f.Setting != "" {
		return &engine.ConfigError{Setting: f.Setting, Problem: f.Problem}
	}
	return &remoteError{text: f.Text, kind: kinds()[f.Kind]}
}

// A remoteError is an error of the other process.
type remoteError struct {
	text string
	kind error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.kind }

// errUnknownCall: the other process doesn't know the call; it is of another
// version.
var errUnknownCall = errors.New("the worker doesn't know this call")
