package admin

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// recoverDeadLock gets an application going that waits for itself, or ends the
// one request that id names, or the worker process.
func recoverDeadLock(ctx context.Context, o *order) (Answer, error) {
	if text := o.form.Get("worker"); text != "" {
		return o.killWorker(ctx, text)
	}
	if text := o.form.Get("id"); text != "" {
		return o.interrupt(ctx, text)
	}
	found, err := o.app.Recover(ctx)
	if err != nil {
		return Answer{Details: found.Done, Result: found}, err
	}
	message := "nothing was stuck"
	if len(found.Done) > 0 {
		message = strings.Join(found.Done, "; ")
	}
	return Answer{Message: message, Details: found.Done, Result: found}, nil
}

// interrupt ends one request.
func (o *order) interrupt(ctx context.Context, text string) (Answer, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("id is %q; want the number of a request", clip(text))}
	}
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	ended, err := runner.Interrupt(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	message := fmt.Sprintf("request %d (%s %s) was ended", id, ended.Request.Method, ended.Request.URL)
	if !ended.Stopped {
		message += "; its script doesn't stop and was given up"
	}
	return Answer{Message: message, Details: ended.Lost, Result: ended}, nil
}

// endSession ends one session.
func endSession(ctx context.Context, o *order) (Answer, error) {
	id := o.form.Get("id")
	if id == "" {
		return Answer{}, &problem{http.StatusBadRequest, "id is missing; want a session's ID"}
	}
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	if err := runner.EndSession(ctx, id); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "session " + clip(id) + " has ended"}, nil
}
