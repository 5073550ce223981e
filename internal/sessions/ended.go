package sessions

import (
	"fmt"
	"time"

	"github.com/najahost/naja/store"
)

// An Ended is a session whose Session_OnEnd is to run. It is for one goroutine
// at a time and only until OnEnd returns. What is written to it is forgotten.
//
// A session in a store that outlives the process has its OnEnd run at least
// once: again when the process died, or when the store failed, between the run
// and the removal of the session. EndID is the same each time, so that an
// effect outside can be made to happen once. A session in memory has it run at
// most once that succeeds, and not at all when the process is killed.
type Ended struct {
	contents
	cfg     *Config
	claimed *store.Claimed
	removed bool
}

func newEnded(cfg *Config, c *store.Claimed) (*Ended, error) {
	if cfg.Read != nil {
		readable := *c
		if err := cfg.Read(&readable); err != nil {
			return nil, fmt.Errorf("session: reading another library's: %w", err)
		}
		c = &readable
	}
	e := &Ended{cfg: cfg, claimed: c}
	return e, e.contents.reset(c.Data)
}

// ID is Session.SessionID.
func (e *Ended) ID() string { return publicID(e.claimed.Serial) }

// EndID names this end of this session, the same at each attempt.
func (e *Ended) EndID() string { return endID(e.claimed.ID) }

// Attempt counts the attempts to end it, from 1.
func (e *Ended) Attempt() int { return e.claimed.Attempt }

// Reason says why the session ends.
func (e *Ended) Reason() store.Reason { return e.claimed.Reason }

// Created is when the session came into being, by the store's clock.
func (e *Ended) Created() time.Time { return e.claimed.Created }

// Claim names the session and the claim in the store, for a store that can
// commit other state on condition that the claim still holds; see Removed.
func (e *Ended) Claim() (id string, token int64) { return e.claimed.ID, e.claimed.Token }

// Removed says that the store has removed the session already, in one step
// with what OnEnd did to other state in it. It is called by OnEnd.
func (e *Ended) Removed() { e.removed = true }

// Set keeps raw under key until OnEnd returns. Errors as of [session.Handle.Set].
func (e *Ended) Set(key string, raw []byte) error { return e.set(key, raw, e.cfg.MaxSize) }

// Remove forgets key.
func (e *Ended) Remove(key string) error {
	e.remove(key)
	return nil
}

// RemoveAll forgets all keys.
func (e *Ended) RemoveAll() error {
	e.removeAll()
	return nil
}

// Timeout is Session.Timeout.
func (e *Ended) Timeout() time.Duration { return e.timeout(e.cfg.Timeout) }

// SetTimeout changes Timeout, and nothing else.
func (e *Ended) SetTimeout(d time.Duration) error { return e.setTimeout(d) }

// LCID is Session.LCID.
func (e *Ended) LCID() int { return orElse(e.meta.LCID, e.cfg.LCID) }

// SetLCID changes LCID.
func (e *Ended) SetLCID(n int) error { return e.setLCID(n) }

// CodePage is Session.CodePage.
func (e *Ended) CodePage() int { return orElse(e.meta.CodePage, e.cfg.CodePage) }

// SetCodePage changes CodePage.
func (e *Ended) SetCodePage(n int) error { return e.setCodePage(n) }
