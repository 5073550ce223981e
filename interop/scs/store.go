package scsstore

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// A StoreConfig says where a [Store] keeps its sessions. Only Sessions has to
// be set; the zero value of every other field is its default.
type StoreConfig struct {
	// Sessions is the backend: memory.NewSessions of store/memory, or
	// Sessions of a store/sqlite database. Required; whoever opened it closes
	// it after the Store.
	Sessions store.Sessions
	// Max is the most sessions alive; one more fails with [store.ErrFull].
	// Default 1000000; negative: no bound.
	Max int
	// Keep leaves sessions that ended where they are, for another process
	// whose pages have a Session_OnEnd. Default: who expired is removed within
	// two minutes, without a word.
	Keep bool
	// Logger gets failures of the removal. Default: slog.Default().
	Logger *slog.Logger
}

// A Store keeps the sessions of scs in one of naja's backends, for pages and
// for programs without pages. It keeps the hash of a token, never the token,
// so that SessionManager.HashTokenInStore is best left off.
//
// All methods are safe for any goroutine. It owns one goroutine or two that
// remove sessions that expired, until the Store is closed, or until an engine
// does that and runs their Session_OnEnd.
type Store struct {
	records *bridge.Records
	sweeper *bridge.Sweeper // nil with Keep
}

var (
	_ scs.CtxStore         = (*Store)(nil)
	_ scs.IterableCtxStore = (*Store)(nil)
)

// NewStore makes a Store. Whoever made it closes it. The error says what is
// wrong with cfg.
func NewStore(cfg StoreConfig) (*Store, error) {
	if cfg.Sessions == nil {
		return nil, errors.New("scsstore: StoreConfig.Sessions is required")
	}
	bridge.Fill(&cfg.Max, 1_000_000)
	st := &Store{records: bridge.NewRecords(cfg.Sessions, kind, max(cfg.Max, 0))}
	if cfg.Keep {
		return st, nil
	}
	var err error
	st.sweeper, err = bridge.NewSweeper(cfg.Sessions, cfg.Logger)
	return st, err
}

// kind tells these sessions from others in the same backend.
const kind = "scs"

// Close ends the Store's goroutines and waits for them.
func (st *Store) Close() error {
	return st.sweeper.Close()
}

// FindCtx is scs.CtxStore's.
func (st *Store) FindCtx(ctx context.Context, token string) (b []byte, found bool, err error) {
	return st.records.Find(ctx, token)
}

// CommitCtx is scs.CtxStore's. [store.ErrLost]: the session has ended and
// isn't forgotten yet. [store.ErrFull]: there are too many.
func (st *Store) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return st.records.Put(ctx, token, b, time.Until(expiry))
}

// DeleteCtx is scs.CtxStore's: the session ends.
func (st *Store) DeleteCtx(ctx context.Context, token string) error {
	return st.records.End(ctx, token)
}

// AllCtx is scs.IterableCtxStore's. Its keys aren't tokens, which the Store
// doesn't have, but stand for them in CommitCtx and DeleteCtx, so that
// SessionManager.Iterate works, with Destroy inside too; nobody can come in
// with one.
func (st *Store) AllCtx(ctx context.Context) (map[string][]byte, error) { return st.records.All(ctx) }

// Find is scs.Store's.
func (st *Store) Find(token string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), token)
}

// Commit is scs.Store's.
func (st *Store) Commit(token string, b []byte, expiry time.Time) error {
	return st.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is scs.Store's.
func (st *Store) Delete(token string) error { return st.DeleteCtx(context.Background(), token) }

// All is scs.IterableStore's.
func (st *Store) All() (map[string][]byte, error) { return st.AllCtx(context.Background()) }
