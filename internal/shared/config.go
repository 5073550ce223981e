package shared

import (
	"errors"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// Config is what [New] needs. A zero field has the default that it names.
type Config struct {
	// Store keeps the values. Required.
	Store store.Application

	// LockTimeout bounds the wait for the lock and, with a write outside it,
	// for its holder (application_lock_timeout). Default 10s. A wait never
	// outlasts the context of the call.
	LockTimeout time.Duration

	// MaxValue bounds one encoded value in bytes. Default
	// [cborvalue.DefaultMaxSize], 1 MiB, which is where pages stop too.
	MaxValue int
	// MaxTotal bounds keys and values together in bytes. Default 256 MiB.
	MaxTotal int64

	// Shared says that others write to the store as well: other processes, or
	// another State. It costs a goroutine that watches the store. A State that
	// isn't shared frees, when it is made, a lock that the store still shows
	// from an earlier life.
	Shared bool
	// Name is this process in the messages of others. Default "another process".
	Name string
	// Lease is how long a process that died holds the lock against the
	// others. Only with Shared. Default 15s.
	Lease time.Duration
	// MaxAge bounds how long a change of another process may stay unseen when
	// the store's notice of it got lost. Only with Shared. Default 1s.
	MaxAge time.Duration

	// News gets something, if it has room, whenever values were read that
	// another process, or another State, has changed. It may be nil.
	News chan<- struct{}

	// StoreTimeout bounds one call of the store. A commit is never cut off by
	// the end of its request, only by this. Default 5s.
	StoreTimeout time.Duration
}

// leaseGrace is how long past its script's deadline a holder's lease is still
// renewed: time to stop the script and to commit.
const leaseGrace = 5 * time.Second

func (c *Config) setDefaults() error {
	if c.Store == nil {
		return errors.New("appstate: Config.Store is missing")
	}
	setDefault(&c.LockTimeout, 10*time.Second)
	setDefault(&c.MaxValue, cborvalue.DefaultMaxSize)
	setDefault(&c.MaxTotal, 256<<20)
	setDefault(&c.Lease, 15*time.Second)
	setDefault(&c.MaxAge, time.Second)
	setDefault(&c.StoreTimeout, 5*time.Second)
	if c.Name == "" {
		c.Name = "another process"
	}
	if !c.Shared {
		c.Lease = 0 // nobody else could take over
	}
	return nil
}

func setDefault[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}
