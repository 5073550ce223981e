package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/handover"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/moving"
	"github.com/najahost/naja/store/remote"
)

// An inheritance is what this process has of the one whose place it takes. A nil one
// is none.
type inheritance struct {
	*handover.Predecessor
	legacies map[string]*legacy // by an application's path
}

// A legacy is an application's state that is in the old process's memory yet.
type legacy struct {
	number uint32
	client *remote.Client
	db     *moving.Backend
	used   bool // an application goes on with it
}

// errOldGone is that the old process has ended before its time.
var errOldGone = errors.New("the process whose place this one is to take has ended")

// inherit finds out whether there is an old process, and what it offers.
func inherit() (*inheritance, error) {
	before, err := handover.Inherit()
	if before == nil || err != nil {
		return nil, err
	}
	in := &inheritance{before, map[string]*legacy{}}
	var offer offered
	if err := in.expect(sayOffered, &offer); err != nil {
		return nil, errors.Join(err, in.fail(err))
	}
	for i, path := range offer.Memory {
		number := uint32(i)
		client := remote.New(remote.Config{Dial: func(context.Context) (net.Conn, error) { return before.Dial(number) }})
		in.legacies[path] = &legacy{number: number, client: client, db: moving.New(client)}
	}
	return in, nil
}

// expect waits for what the old process is to say.
func (in *inheritance) expect(kind string, body any) error {
	m, err := in.Hear()
	switch {
	case err != nil:
		return errOldGone
	case m.Kind != kind:
		return fmt.Errorf("the process before says %q in the place of %q", m.Kind, kind)
	case body == nil:
		return nil
	}
	return m.Read(body)
}

// fail tells the old process why this one doesn't start.
func (in *inheritance) fail(err error) error {
	if in == nil || err == nil {
		return nil
	}
	defer in.Close()
	return in.Say(sayFailed, oneLine(err.Error()))
}

// sockets are those that the old process listens on.
func (in *inheritance) sockets() map[string]bequest {
	all := map[string]bequest{}
	if in != nil {
		for _, s := range in.Sockets {
			all[s.Name] = bequest{s.Listener, s.Of}
		}
	}
	return all
}

// stateOf is an application's state that is in the old process's memory; nil where
// there is none.
func (in *inheritance) stateOf(path string) *legacy {
	if in == nil {
		return nil
	}
	return in.legacies[path]
}

// takeOver loads the applications, and waits until it is this process's turn.
func (in *inheritance) takeOver(ctx context.Context, apps []hosted) error {
	if in == nil {
		return nil
	}
	defer context.AfterFunc(ctx, in.Close)()
	var got ready
	for _, app := range apps {
		if _, err := app.Load(ctx); err != nil {
			return fmt.Errorf("%s: %w", app.Path(), err)
		}
		if l := in.legacies[app.Path()]; l != nil && l.used {
			got.Memory = append(got.Memory, app.Path())
		}
	}
	err := in.Say(sayReady, got)
	if err == nil {
		err = in.expect(sayServe, nil)
	}
	if err != nil {
		return cmp.Or(context.Cause(ctx), errOldGone)
	}
	for _, app := range apps {
		app.starts.goesOn(false)
	}
	return nil
}

// settle tells the old process that this one serves, and takes what is in its memory
// once nobody uses it there.
func (in *inheritance) settle(apps []hosted, log *slog.Logger) {
	if in == nil {
		return
	}
	defer in.Close()
	err := in.Say(sayServing, nil)
	if err == nil {
		err = in.expect(sayLeft, nil)
	}
	for _, app := range apps {
		if l := in.legacies[app.Path()]; l != nil && l.used { // whatever has become of the application: its end may use it
			in.take(app, l, err, log)
		}
	}
	if err == nil {
		err = in.Say(sayMoved, nil)
	}
	if err != nil {
		log.Error("the process before didn't leave well", "error", err.Error())
	}
}

// take has a state in the memory of this process. Where it is lost the application
// begins anew: it can't go on with half of it.
func (in *inheritance) take(app hosted, l *legacy, err error, log *slog.Logger) {
	if err == nil {
		err = l.db.Move(func(store.Backend) (store.Backend, error) { return in.whole(l) })
	}
	if err != nil {
		l.beginAnew(app, err, log)
	}
	_ = l.client.Close()
}

// beginAnew ends an application whose state is lost; the next request starts it.
// Requests wait meanwhile, so that none finds neither the old values nor those of
// Application_OnStart.
func (l *legacy) beginAnew(app hosted, lost error, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), anewPatience)
	defer cancel()
	held := app.Hold(ctx, host.HoldRequest{Mode: host.Park}) == nil
	log.Error("sessions and Application are lost, the application begins anew", "application", app.Path(), "error", lost.Error())
	_ = l.db.Move(func(store.Backend) (store.Backend, error) { return memory.New(), nil })
	if app.starts.memory() == store.Backend(l.db) { // it wasn't unloaded, nor does it end
		if err := app.Unload(ctx); err != nil {
			log.Error("the application doesn't begin anew", "application", app.Path(), "error", err.Error())
		}
	}
	if held {
		if err := app.ReleaseHold(ctx); err != nil {
			log.Error("the application isn't released", "application", app.Path(), "error", err.Error())
		}
	}
}

// anewPatience bounds the wait for the requests of an application that begins anew.
const anewPatience = time.Minute

// whole has a state sent.
func (in *inheritance) whole(l *legacy) (*memory.DB, error) {
	conn, err := in.Dial(l.number | wholeEstate)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(movePatience)); err != nil {
		return nil, err
	}
	return receiveEstate(conn)
}
