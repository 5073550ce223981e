package host

import (
	"context"
	"net/http"
	"time"

	"github.com/najahost/naja/internal/answer"
)

// ServeHTTP hands a request to the Runner, as soon as it may.
func (a *Application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t := a.door.enter()
	if t == nil {
		var no refusal
		if t, no = a.ask(r); t == nil {
			a.refuse(w, r, no)
			return
		}
	}
	defer t.leave()
	t.runner.ServeHTTP(w, r)
}

// ask is what a request does that doesn't find the door open: it waits, for a
// bounded time in all, or is refused.
func (a *Application) ask(r *http.Request) (*tenancy, refusal) {
	timer := time.NewTimer(a.settings().HoldTimeout)
	defer timer.Stop()
	passes := false
	for {
		t, g, no := a.knock(passes)
		switch {
		case t != nil:
			return t, refusal{}
		case no == heldRefusal && !passes && a.cfg.Pass != nil && a.cfg.Pass(r):
			passes = true
			continue
		case no != refusal{}:
			return nil, no
		case g == nil:
			a.startFor(r.Context())
			continue
		}
		if t, no := a.waitFor(r.Context(), g, timer.C); t != nil || no != (refusal{}) {
			return t, no
		}
	}
}

// knock lets a request in, refuses it, or puts it in line. When it gives
// nothing at all the request is to start the application.
func (a *Application) knock(passes bool) (*tenancy, *guest, refusal) {
	d := &a.door
	d.mu.Lock()
	defer d.mu.Unlock()
	refuses := d.operator != nil && d.operator.mode == Refuse
	switch {
	case d.shut:
		return nil, nil, shutRefusal
	case refuses && !passes:
		return nil, nil, heldRefusal
	case d.own != nil, d.operator != nil && !refuses, d.starting:
	case d.tenant != nil:
		d.tenant.inside.Add(1)
		return d.tenant, nil, refusal{}
	case d.failed != nil && time.Now().Before(d.retry):
		return nil, nil, failedRefusal
	default:
		d.starting = true
		return nil, nil, refusal{}
	}
	if g := d.line(); g != nil {
		return nil, g, refusal{}
	}
	return nil, nil, fullRefusal
}

// waitFor waits in line. It gives nothing when the request has to ask again.
func (a *Application) waitFor(ctx context.Context, g *guest, late <-chan time.Time) (*tenancy, refusal) {
	select {
	case <-g.ready:
		return g.tenant, refusal{}
	case <-late:
		if t := a.door.giveUp(g); t != nil {
			return t, refusal{}
		}
		return nil, lateRefusal
	case <-ctx.Done():
		if t := a.door.giveUp(g); t != nil {
			t.leave()
		}
		return nil, goneRefusal
	}
}

// A refusal is an answer that the Runner didn't make. The zero one is none.
type refusal struct {
	why   string // for the log
	title string
	text  string
	retry time.Duration
}

var (
	heldRefusal   = refusal{"held", "Please wait", "This site is being worked on. It will be back in a moment.", 10 * time.Second}
	fullRefusal   = refusal{"too many wait", "Please wait", "This site is busy. It will be back in a moment.", 5 * time.Second}
	lateRefusal   = refusal{"waited too long", "Please wait", "This site is being worked on. It will be back in a moment.", 5 * time.Second}
	failedRefusal = refusal{"not started", "Please wait", "This site can't be started now.", 10 * time.Second}
	shutRefusal   = refusal{"shutting down", "Please wait", "This site is shutting down.", 30 * time.Second}
	goneRefusal   = refusal{why: "client gone"}
)

// refuse answers 503 with the page that asks to wait.
func (a *Application) refuse(w http.ResponseWriter, r *http.Request, no refusal) {
	a.door.mu.Lock()
	a.door.refused++
	a.door.mu.Unlock()
	a.cfg.Logger.Info("request refused", "method", r.Method, "path", r.URL.Path, "reason", no.why)
	if no == goneRefusal {
		panic(http.ErrAbortHandler) // nobody is left to be answered
	}
	body := "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>" + no.title +
		"</title></head>\n<body><h1>" + no.title + "</h1>\n<p>" + no.text + "</p>\n</body></html>\n"
	if own, ok := answer.Own(a.settings().Root, a.settings().ErrorFolder, http.StatusServiceUnavailable); ok {
		body = own
	}
	answer.RetryAfter(w.Header(), no.retry)
	answer.Text(w, r, http.StatusServiceUnavailable, answer.HTML, body)
	a.linger.Read(w, r, a.settings().LingerTimeout)
}
