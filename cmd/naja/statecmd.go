package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/store"
)

// stateCommand looks after the state that an application keeps on disk, while
// it is served or not.
func stateCommand(ctx context.Context, out *console, args []string) error {
	var (
		opts  config.Options
		where string
		k     stateKeeper
	)
	fs := newFlags(out, "state")
	fs.settings(&opts)
	fs.key(&opts, "state", "state", "where sessions and Application are kept, `URL`")
	fs.StringVar(&where, "application", "", "the state of the application at `PATH` (default: the only one, or /)")
	fs.BoolVar(&k.secrets, "secrets", false, "show values whose names look like secrets too")
	plain, err := fs.parse(args, 1, 2)
	if err != nil {
		return err
	}
	verb, err := stateVerbNamed(plain[0])
	if err != nil {
		return err
	}
	id := strings.Join(plain[1:], "")
	switch {
	case verb.args != "" && id == "":
		return usageErrorf("state %s: the session's ID is missing; 'naja state list' shows them", verb.name)
	case verb.args == "" && id != "":
		return usageErrorf("state %s: %q is one argument too many", verb.name, id)
	}
	cfg, err := config.Load(opts)
	if err != nil {
		return err
	}
	app, err := chosenApplication(cfg, where)
	if err != nil {
		return err
	}
	return k.with(ctx, out, app, func() error { return verb.run(&k, ctx, id) })
}

// A stateVerb is what may stand after 'naja state'.
type stateVerb struct {
	name, args string // args: what it wants, "" for nothing
	does       string
	run        func(k *stateKeeper, ctx context.Context, id string) error
}

func stateVerbs() []stateVerb {
	return []stateVerb{
		{"list", "", "a line for each session", (*stateKeeper).list},
		{"get", "ID", "one session, with its values", (*stateKeeper).get},
		{"rm", "ID", "end a session; its Session_OnEnd runs", (*stateKeeper).remove},
		{"dump", "", "Application and all sessions, a JSON object a line", (*stateKeeper).dump},
		{"compact", "", "give unused space of the file back", (*stateKeeper).compact},
	}
}

// stateVerbNamed is a verb, or says which there are.
func stateVerbNamed(name string) (stateVerb, error) {
	var names, usages []string
	for _, v := range stateVerbs() {
		if v.name == name {
			return v, nil
		}
		names = append(names, v.name)
		usages = append(usages, strings.TrimSpace(v.name+" "+v.args))
	}
	last := len(usages) - 1
	return stateVerb{}, usageErrorf("state: unknown %q; want %s or %s%s", name, strings.Join(usages[:last], ", "), usages[last], didYouMean(name, names))
}

// stateHelp lists the verbs.
func stateHelp() string {
	var text strings.Builder
	for _, v := range stateVerbs() {
		fmt.Fprintf(&text, "  %-11s %s\n", v.name+" "+v.args, v.does)
	}
	return text.String()
}

// chosenApplication is the one at path, or the only one, or the one at "/".
func chosenApplication(cfg *config.Config, path string) (config.Application, error) {
	if path == "" && len(cfg.Applications) == 1 {
		return cfg.Applications[0], nil
	}
	if path == "" {
		path = "/"
	}
	var all []string
	for _, app := range cfg.Applications {
		if app.Path == path {
			return app, nil
		}
		all = append(all, app.Path)
	}
	return config.Application{}, usageErrorf("state: there is no application at %s; want --application %s", path, strings.Join(all, " or "))
}

// A stateKeeper does what the verbs say.
type stateKeeper struct {
	out     *console
	db      tended
	store   store.Sessions
	path    string
	secrets bool
}

// with opens the state of app for do.
func (k *stateKeeper) with(ctx context.Context, out *console, app config.Application, do func() error) (err error) {
	b, at, _ := backendOf(app.State)
	if b.tend == nil {
		return usageErrorf("state: %q can't be looked at from outside; want --state %s", config.Masked(app.State),
			strings.Join(forms(func(b backend) bool { return b.tend != nil }), " or "))
	}
	db, err := b.tend(ctx, &app, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	k.out, k.db, k.store, k.path = out, db, db.Sessions(), app.Path
	return do()
}

// each calls f with every session.
func (k *stateKeeper) each(ctx context.Context, f func(store.Info) error) error {
	for after := ""; ; {
		infos, err := k.store.List(ctx, after, 1000)
		if err != nil || len(infos) == 0 {
			return err
		}
		for _, info := range infos {
			if err := f(info); err != nil {
				return err
			}
		}
		after = infos[len(infos)-1].ID
	}
}

// list writes a line for each session.
func (k *stateKeeper) list(ctx context.Context, _ string) error {
	w := tabwriter.NewWriter(k.out.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "SESSION\tCREATED\tSTATE\tBYTES")
	err := k.each(ctx, func(info store.Info) error {
		_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", sessionID(info), stamp(info.Created), stateOf(info), info.Size)
		return err
	})
	return errors.Join(err, w.Flush())
}

// sessionID is Session.SessionID, which is of no use to somebody who wants to
// be the session's owner.
func sessionID(info store.Info) string { return strconv.FormatInt(info.Serial, 10) }

func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05") }

// stateOf says what a session is about.
func stateOf(info store.Info) string {
	switch {
	case info.Ending != "" && info.Lease > 0:
		return fmt.Sprintf("is ended (%s)", info.Ending)
	case info.Ending != "":
		return fmt.Sprintf("to be ended (%s)", info.Ending)
	case info.Lease > 0:
		return fmt.Sprintf("in use, expires %s", stamp(info.Expires))
	}
	return "expires " + stamp(info.Expires)
}

// find looks for the session with a Session.SessionID.
func (k *stateKeeper) find(ctx context.Context, id string) (found store.Info, err error) {
	err = k.each(ctx, func(info store.Info) error {
		if sessionID(info) == id {
			found = info
		}
		return nil
	})
	if err == nil && found.ID == "" {
		err = fmt.Errorf("there is no session %s", id)
	}
	return found, err
}

// get writes one session whole.
func (k *stateKeeper) get(ctx context.Context, id string) error {
	info, err := k.find(ctx, id)
	if err != nil {
		return err
	}
	text, err := k.describe(ctx, info)
	if err != nil {
		return err
	}
	return k.write(text, "  ")
}

// remove makes a session one that has ended.
func (k *stateKeeper) remove(ctx context.Context, id string) error {
	info, err := k.find(ctx, id)
	if err != nil {
		return err
	}
	if err := k.store.End(ctx, info.ID, store.ReasonEvicted); errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("session %s has ended already", id)
	} else if err != nil {
		return err
	}
	_, err = fmt.Fprintf(k.out.stdout, "session %s has ended; its Session_OnEnd runs where the application is served, or when it starts\n", id)
	return err
}

// compact gives the disk back what isn't used.
func (k *stateKeeper) compact(ctx context.Context, _ string) error {
	if k.db.compact == nil {
		return usageErrorf("state compact: there is no unused space to give back where this state is kept")
	}
	said, err := k.db.compact(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(k.out.stdout, said)
	return err
}
