package gorillastore

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/store"
)

// A StoreConfig says where a [Store] keeps its sessions. Sessions and Keys
// have to be set; the zero value of every other field is its default.
type StoreConfig struct {
	// Sessions is the backend: memory.NewSessions of store/memory, or
	// Sessions of a store/sqlite database. Required; whoever opened it closes
	// it after the Store.
	Sessions store.Sessions
	// Keys are a key that signs the cookies, of 32 bytes at least, and one
	// that encrypts them, of 16, 24 or 32 bytes or nil; then, in pairs, older
	// ones whose cookies are still good. Required: without a secret of their
	// own nobody's cookies are safe.
	Keys [][]byte
	// Options are those of a new session's cookie. Default: Path "/", a MaxAge
	// of 30 days, HttpOnly, SameSite=Lax. Who sets a MaxAge of 0 gets cookies
	// that end with the browser.
	Options *sessions.Options
	// Timeout is how long a session lives that has no MaxAge. Default 20m.
	Timeout time.Duration
	// Max is the most sessions alive; one more fails with [store.ErrFull].
	// Default 1000000; negative: no bound.
	Max int
	// Keep leaves sessions that ended where they are, for another process
	// whose pages have a Session_OnEnd. Default: who expired is removed within
	// two minutes, without a word.
	Keep bool
	// StoreTimeout bounds each operation of Sessions. Default 5s.
	StoreTimeout time.Duration
	// Logger gets failures of the removal. Default: slog.Default().
	Logger *slog.Logger
}

// CheckKeys says what is wrong with the keys of cookies, in pairs as
// [StoreConfig] has them.
func CheckKeys(keys ...[]byte) error {
	if len(keys) == 0 {
		return errors.New("a key that signs cookies is required")
	}
	for i, key := range keys {
		switch n := len(key); {
		case i%2 == 0 && n < 32:
			return fmt.Errorf("a key that signs cookies has %d bytes; want 32 or more, by chance", n)
		case i%2 == 1 && n != 0 && n != 16 && n != 24 && n != 32:
			return fmt.Errorf("a key that encrypts cookies has %d bytes; want 16, 24 or 32, by chance", n)
		}
	}
	return nil
}
