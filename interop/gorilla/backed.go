package gorillastore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// A Store keeps the sessions of gorilla/sessions in one of naja's backends,
// for pages and for programs without pages. The cookie has a session's ID,
// signed; the backend has its hash, never the ID.
//
// All methods are safe for any goroutine. It owns one goroutine or two that
// remove sessions that expired, until the Store is closed, or until an engine
// does that and runs their Session_OnEnd.
type Store struct {
	codecs  []securecookie.Codec
	cfg     StoreConfig
	records *bridge.Records
	sweeper *bridge.Sweeper // nil with Keep
}

var _ sessions.Store = (*Store)(nil)

// NewStore makes a Store. Whoever made it closes it. The error says what is
// wrong with cfg.
func NewStore(cfg StoreConfig) (*Store, error) {
	if cfg.Sessions == nil {
		return nil, errors.New("gorillastore: StoreConfig.Sessions is required")
	}
	if err := CheckKeys(cfg.Keys...); err != nil {
		return nil, fmt.Errorf("gorillastore: StoreConfig.Keys: %w", err)
	}
	if cfg.Options == nil {
		cfg.Options = &sessions.Options{Path: "/", MaxAge: 30 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	}
	options := *cfg.Options
	cfg.Options = &options
	bridge.Fill(&cfg.Timeout, 20*time.Minute)
	bridge.Fill(&cfg.Max, 1_000_000)
	bridge.Fill(&cfg.StoreTimeout, 5*time.Second)
	st := &Store{codecs: Codecs(options.MaxAge, cfg.Keys...), cfg: cfg, records: bridge.NewRecords(cfg.Sessions, kind, max(cfg.Max, 0))}
	if cfg.Keep {
		return st, nil
	}
	var err error
	st.sweeper, err = bridge.NewSweeper(cfg.Sessions, cfg.Logger)
	return st, err
}

// kind tells these sessions from others in the same backend.
const kind = "gorilla"

// Codecs are securecookie's for pairs of keys and cookies of a MaxAge; 0 has no
// end by itself.
func Codecs(maxAge int, keys ...[]byte) []securecookie.Codec {
	codecs := securecookie.CodecsFromPairs(keys...)
	for _, c := range codecs {
		if sc, ok := c.(*securecookie.SecureCookie); ok {
			sc.MaxAge(max(maxAge, 0))
		}
	}
	return codecs
}

// Close ends the Store's goroutines and waits for them.
func (st *Store) Close() error {
	return st.sweeper.Close()
}

// Get is sessions.Store's: the request's own session, from its registry.
func (st *Store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// New is sessions.Store's: the session as it is stored now. A session that is
// gone is a new one, without an error and without the former ID; the error of
// a cookie that can't be read comes with a new session too.
func (st *Store) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(st, name)
	options := *st.cfg.Options
	s.Options, s.IsNew = &options, true
	c, err := r.Cookie(name)
	if err != nil {
		return s, nil
	}
	var id string
	if err := securecookie.DecodeMulti(name, c.Value, &id, st.codecs...); err != nil {
		return s, err
	}
	ctx, cancel := st.bound(r)
	defer cancel()
	data, found, err := st.records.Find(ctx, id)
	if err != nil {
		return s, fmt.Errorf("gorillastore: loading a session: %w", err)
	}
	if !found {
		return s, nil
	}
	values, err := decode(data)
	if err != nil {
		return s, err
	}
	s.ID, s.Values, s.IsNew = id, values, false
	return s, nil
}

// Save is sessions.Store's. A negative MaxAge ends the session.
// [store.ErrLost]: it has ended and isn't forgotten yet. [store.ErrFull]:
// there are too many.
func (st *Store) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	return st.save(r, w, s, "", 0)
}

// save is Save for a session that had the ID former until now, which leads to
// it for grace; "": it keeps its own.
func (st *Store) save(r *http.Request, w http.ResponseWriter, s *sessions.Session, former string, grace time.Duration) error {
	ctx, cancel := st.bound(r)
	defer cancel()
	if s.Options.MaxAge < 0 {
		if s.ID != "" {
			if err := st.records.End(ctx, s.ID); err != nil {
				return fmt.Errorf("gorillastore: ending a session: %w", err)
			}
		}
		http.SetCookie(w, sessions.NewCookie(s.Name(), "", s.Options))
		return nil
	}
	id := s.ID
	if id == "" {
		id = newID()
	}
	data, err := encode(s.Values)
	if err != nil {
		return err
	}
	if former != "" {
		err = st.records.Move(ctx, former, id, data, st.age(s), grace)
	} else {
		err = st.records.Put(ctx, id, data, st.age(s))
	}
	if err != nil {
		return fmt.Errorf("gorillastore: storing a session: %w", err)
	}
	s.ID = id
	return st.tell(w, s)
}

// tell sends the visitor the session's cookie.
func (st *Store) tell(w http.ResponseWriter, s *sessions.Session) error {
	cookie, err := securecookie.EncodeMulti(s.Name(), s.ID, st.codecs...)
	if err != nil {
		return fmt.Errorf("gorillastore: signing the session's ID: %w", err)
	}
	http.SetCookie(w, sessions.NewCookie(s.Name(), cookie, s.Options))
	return nil
}

// touch moves the expiry of a session that wasn't changed. It may have another
// ID by now, and then it isn't there.
func (st *Store) touch(r *http.Request, s *sessions.Session) (exists bool, err error) {
	ctx, cancel := st.bound(r)
	defer cancel()
	return st.records.Touch(ctx, s.ID, st.age(s))
}

// age is how long a session lives from now.
func (st *Store) age(s *sessions.Session) time.Duration {
	if s.Options.MaxAge > 0 {
		return time.Duration(s.Options.MaxAge) * time.Second
	}
	return st.cfg.Timeout
}

// bound gives an operation its time, whether the visitor waits for it or not.
func (st *Store) bound(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), st.cfg.StoreTimeout)
}
