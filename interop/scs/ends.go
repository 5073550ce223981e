package scsstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// endings know where sessions end: in their store, if that is a Store, and in
// an index beside it otherwise, from when an engine asks for it.
type endings struct {
	g      *guard
	own    bool
	index  *bridge.Records
	wanted atomic.Bool
	log    *slog.Logger
}

func (e *endings) init(g *guard, cfg Config) {
	e.g, e.log = g, cfg.Logger
	switch {
	case g.own != nil:
		e.own, e.index = true, g.own.records
		e.wanted.Store(true)
	case cfg.NoEnds:
	case cfg.Ends != nil:
		e.index = bridge.NewRecords(cfg.Ends, indexKind, 0)
	default:
		e.index = bridge.NewRecords(memory.NewSessions(), indexKind, 0)
	}
}

// indexKind tells the notes about sessions from sessions.
const indexKind = "scs-end"

// grace is how much later the index has a session end than its store, which
// may tell the time in whole seconds.
const grace = time.Second

// in is where sessions end, nil where nobody wants to know.
func (e *endings) in() *bridge.Records {
	if !e.wanted.Load() {
		return nil
	}
	return e.index
}

// note brings the index up to date after its session was stored. A failure
// costs a Session_OnEnd, at the most, and is logged.
func (e *endings) note(ctx context.Context, v *visit, token string, b []byte, expiry time.Time) {
	in := e.in()
	if in == nil || e.own {
		return
	}
	data, expiry := noted(token, b), expiry.Add(grace)
	err := e.g.keep(ctx, in, v, token, data, expiry, 0)
	if errors.Is(err, store.ErrLost) { // the index doesn't know it yet
		err = in.Put(ctx, token, data, time.Until(expiry))
	}
	if err != nil {
		e.complain(err)
	}
}

// over notes that a session was ended.
func (e *endings) over(ctx context.Context, token string) {
	if in := e.in(); in != nil && !e.own {
		if err := in.End(ctx, token); err != nil {
			e.complain(err)
		}
	}
}

func (e *endings) complain(err error) {
	e.log.Error("scsstore: the end of a session can't be noted, its Session_OnEnd may not run in time", "error", err.Error())
}

// noted is what the index keeps: the length of the token, the token, and the
// session as the manager's codec encoded it.
func noted(token string, b []byte) []byte {
	data := binary.AppendUvarint(make([]byte, 0, len(token)+len(b)+2), uint64(len(token)))
	return append(append(data, token...), b...)
}

// fromNoted is the inverse of noted.
func fromNoted(data []byte) (token string, b []byte, err error) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n > uint64(len(data)-size) {
		return "", nil, errors.New("scsstore: it is no note about a session")
	}
	return string(data[size : size+int(n)]), bytes.Clone(data[size+int(n):]), nil
}

// Ends implements [session.Ending]: with a [Store] the sessions themselves,
// otherwise the notes about them. Those that a store can list are noted by
// Ends.List, others when they are stored for the first time.
func (p *Provider) Ends() *session.Ends {
	e := &p.guard.ends
	if e.index == nil {
		return nil
	}
	if e.own {
		_ = p.guard.own.Close() // somebody else removes what expired
		return &session.Ends{Store: e.index.Store(), Read: p.read, Volatile: p.cfg.Volatile}
	}
	e.wanted.Store(true)
	return &session.Ends{Store: &watched{e.index.Store(), e, p}, Read: p.read, Volatile: p.cfg.Volatile, List: p.noteAll}
}

// read implements [session.Ends.Read].
func (p *Provider) read(c *store.Claimed) (err error) {
	return Read(p.cfg.Manager.Codec, c)
}

// Read makes the contents of a session that a [Store] keeps, or of a note about
// one (see [Config.Ends]), a record of package cborvalue, for its Session_OnEnd and
// for operators, and its Serial the number that pages know it by. It leaves
// alone what is neither.
func Read(codec scs.Codec, c *store.Claimed) (err error) {
	b := c.Data
	switch {
	case bridge.NewRecords(nil, indexKind, 0).Has(c.ID):
		if _, b, err = fromNoted(b); err != nil {
			return err
		}
	case !bridge.NewRecords(nil, kind, 0).Has(c.ID):
		return nil
	}
	bridge.RegisterTypes()
	_, values, err := codec.Decode(b)
	if err != nil {
		return err
	}
	return bridge.Readable(c, values, metaKey, rememberKey)
}

// noteAll notes the sessions of a store that can list them, those that a list
// has that broke off too. What was noted meanwhile is newer and stays. How long
// a list takes is between the store and ctx.
func (p *Provider) noteAll(ctx context.Context) error {
	all, err := p.guard.all(ctx)
	if err != nil {
		err = fmt.Errorf("scsstore: listing the sessions that there are: %w", err)
	}
	for token, b := range all {
		if p.guard.ended.Has(token) {
			continue
		}
		failed := p.noteNew(ctx, token, b)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if failed != nil {
			err = fmt.Errorf("scsstore: noting the sessions that there are: %w", failed)
		}
	}
	return err
}

func (p *Provider) noteNew(ctx context.Context, token string, b []byte) error {
	ctx, cancel := p.guard.bound(ctx)
	defer cancel()
	return p.guard.ends.index.Add(ctx, token, noted(token, b), p.remaining(b))
}

// remaining is how long a session has at the most unless somebody comes.
func (p *Provider) remaining(b []byte) time.Duration {
	rest := p.timeout()
	if deadline, _, err := p.cfg.Manager.Codec.Decode(b); err == nil {
		rest = min(rest, time.Until(deadline))
	}
	return rest + grace
}
