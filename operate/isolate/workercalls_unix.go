//go:build unix

package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	goruntime "runtime"

	"github.com/najahost/naja/engine"
)

// answer is what the parent gets for a call.
func (w *inWorker) answer(ctx context.Context, name string, body json.RawMessage) (any, error) {
	switch name {
	case "ping":
		return pong{w.engine.Unhealthy(), goruntime.NumGoroutine()}, nil
	case "status":
		return w.engine.Status(), nil
	case "load":
		return w.engine.Load(ctx)
	case "recover":
		return w.engine.Recover(ctx)
	case "keepalive":
		return w.engine.KeepAlive(ctx)
	case "errors":
		return w.engine.Errors(), nil
	case "generation":
		return nil, w.engine.BeginGeneration(ctx)
	case "refresh":
		return nil, w.engine.Refresh(ctx)
	case "shutdown":
		return nil, w.end(ctx, body, w.engine.Shutdown)
	case "leave":
		return nil, w.end(ctx, body, w.engine.Leave)
	}
	return w.answerWith(ctx, name, body)
}

// answerWith is answer for calls with arguments.
func (w *inWorker) answerWith(ctx context.Context, name string, body json.RawMessage) (any, error) {
	switch name {
	case "interrupt":
		return with(body, func(a interruptArgs) (any, error) { return w.engine.Interrupt(ctx, a.Request) })
	case "single":
		return with(body, func(a singleArgs) (any, error) { return nil, w.engine.Single(ctx, a.On) })
	case "sessions":
		return with(body, func(a sessionsArgs) (any, error) { return w.engine.Sessions(ctx, a.After, a.N) })
	case "session":
		return with(body, func(a sessionArgs) (any, error) { return w.engine.Session(ctx, a.ID, a.Values) })
	case "endsession":
		return with(body, func(a sessionArgs) (any, error) { return nil, w.engine.EndSession(ctx, a.ID) })
	case "reconfigure":
		return with(body, func(a configArgs) (any, error) { return w.reconfigure(ctx, a) })
	}
	return nil, fmt.Errorf("%w: %s", errUnknownCall, name)
}

func (w *inWorker) reconfigure(ctx context.Context, a configArgs) (engine.Reconfigured, error) {
	cfg, err := decodeConfig(a.Engine)
	if err != nil {
		return engine.Reconfigured{}, err
	}
	return w.engine.Reconfigure(ctx, cfg)
}

// end ends the engine; the process ends when the parent hangs up. Who comes
// second waits for the first.
func (w *inWorker) end(ctx context.Context, body json.RawMessage, how func(context.Context) error) error {
	if len(body) > 0 {
		var args endArgs
		if err := json.Unmarshal(body, &args); err != nil {
			return fmt.Errorf("reading the arguments: %w", err)
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, args.Patience)
		defer cancel()
	}
	w.ending.Lock()
	defer w.ending.Unlock()
	err := withoutCut(how(ctx))
	w.mu.Lock()
	w.settled = true
	w.mu.Unlock()
	return err
}

// withoutCut leaves out that requests were cut off: the parent has counted them.
func withoutCut(err error) error {
	switch e := err.(type) {
	case *engine.CutError:
		return nil
	case interface{ Unwrap() []error }:
		var rest []error
		for _, one := range e.Unwrap() {
			rest = append(rest, withoutCut(one))
		}
		return errors.Join(rest...)
	}
	return err
}
