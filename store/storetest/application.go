package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// Application tells [RunApplication] how to come by a store.
type Application struct {
	// Open gives a store without values, whose lock nobody holds. It
	// registers with t.Cleanup what has to be closed. Required.
	Open func(t *testing.T) store.Application
	// Peer opens the data of s once more, as another process would. Default:
	// s itself.
	Peer func(t *testing.T, s store.Application) store.Application
	// Wait lets d pass on the store's clock. Required.
	Wait func(d time.Duration)
	// Unit is the length of a short lease; the tests wait for a few of them.
	// Default 1s.
	Unit time.Duration
	// Run runs a test's body, in a bubble of testing/synctest for instance.
	// Default: calls f.
	Run func(t *testing.T, f func(t *testing.T))
}

// RunApplication checks an [store.Application] with one subtest for each promise.
func RunApplication(t *testing.T, s Application) {
	if s.Peer == nil {
		s.Peer = func(_ *testing.T, st store.Application) store.Application { return st }
	}
	if s.Unit == 0 {
		s.Unit = time.Second
	}
	if s.Run == nil {
		s.Run = func(t *testing.T, f func(*testing.T)) { f(t) }
	}
	for _, test := range applicationTests {
		t.Run(test.name, func(t *testing.T) {
			s.Run(t, func(t *testing.T) {
				a := s.Open(t)
				test.run(&appSuite{T: t, ctx: context.Background(), a: a, b: s.Peer(t, a), unit: s.Unit, wait: s.Wait})
			})
		})
	}
}

var applicationTests = []struct {
	name string
	run  func(*appSuite)
}{
	{"Changes", testAppChanges},
	{"Versions", testAppVersions},
	{"Values", testAppValues},
	{"ContentsStay", testAppContentsStay},
	{"Swap", testAppSwap},
	{"Wait", testAppWait},
	{"LockIsExclusive", testAppLockIsExclusive},
	{"WritesWaitForTheLock", testAppWritesWaitForTheLock},
	{"CommitGivesUp", testAppCommitGivesUp},
	{"StalledHolderIsRefused", testAppStalledHolderIsRefused},
	{"StalledHolderAndWrite", testAppStalledHolderAndWrite},
	{"LateHolderNobodyTookOver", testAppLateHolderNobodyTookOver},
	{"LeaseWithoutEnd", testAppLeaseWithoutEnd},
	{"RenewProlongs", testAppRenewProlongs},
	{"Break", testAppBreak},
	{"CancelledCommit", testAppCancelledCommit},
	{"LockedIncrements", testAppLockedIncrements},
	{"SwappedIncrements", testAppSwappedIncrements},
	{"Generations", testAppGenerations},
}

// An appSuite is one subtest: two openings of the same data and their clock.
type appSuite struct {
	*testing.T
	ctx  context.Context
	a, b store.Application
	unit time.Duration
	wait func(time.Duration)
}

// put is an item that sets a key; its ID is the key in lower case.
func put(key, value string) store.Item {
	return store.Item{ID: strings.ToLower(key), Key: key, Raw: []byte(value)}
}

// drop is an item that removes a key.
func drop(key string) store.Item { return store.Item{ID: strings.ToLower(key), Key: key} }

// set makes one change without the lock.
func (s *appSuite) set(it store.Item) (version int64) {
	s.Helper()
	version, err := s.a.Swap(s.ctx, store.Swap{Item: it})
	if err != nil {
		s.Fatalf("Swap(%q): %v", it.Key, err)
	}
	return version
}

// lock takes the lock under a lease of one unit.
func (s *appSuite) lock(st store.Application, owner string) store.Locked {
	s.Helper()
	l, err := st.Lock(s.ctx, owner, s.unit)
	if err != nil {
		s.Fatalf("Lock: %v", err)
	}
	if l.Token == 0 {
		s.Fatal("Lock gave the token 0")
	}
	return l
}

func (s *appSuite) commit(st store.Application, token int64, c store.Changes) (version int64) {
	s.Helper()
	version, err := st.Commit(s.ctx, token, c)
	if err != nil {
		s.Fatalf("Commit: %v", err)
	}
	return version
}

// wantContents checks what everybody reads now, as "key=value" in order.
func (s *appSuite) wantContents(want string) {
	s.Helper()
	for _, st := range []store.Application{s.a, s.b} {
		c, err := st.Read(s.ctx, -1)
		if err != nil {
			s.Fatalf("Read: %v", err)
		}
		var got []string
		for _, it := range c.Items {
			got = append(got, it.Key+"="+string(it.Raw))
			if it.ID != strings.ToLower(it.Key) {
				s.Errorf("the ID of %q is %q", it.Key, it.ID)
			}
		}
		if text := strings.Join(got, " "); text != want {
			s.Errorf("contents: %s; want %s", text, want)
		}
	}
}

// wantLost checks that a token opens nothing.
func (s *appSuite) wantLost(st store.Application, token int64) {
	s.Helper()
	_, err := st.Commit(s.ctx, token, store.Changes{Clear: true, Items: []store.Item{put("late", "1")}})
	if !errors.Is(err, store.ErrLockLost) {
		s.Errorf("Commit with a lost token: %v", err)
	}
	if err := st.Renew(s.ctx, token, s.unit); !errors.Is(err, store.ErrLockLost) {
		s.Errorf("Renew with a lost token: %v", err)
	}
	if err := st.Unlock(s.ctx, token); err != nil {
		s.Errorf("Unlock with a lost token: %v", err)
	}
}

// wantBusy checks that owner holds the lock against everybody.
func (s *appSuite) wantBusy(owner string) {
	s.Helper()
	for _, st := range []store.Application{s.a, s.b} {
		_, lockErr := st.Lock(s.ctx, "other", s.unit)
		_, swapErr := st.Swap(s.ctx, store.Swap{Item: put("busy", "1")})
		for _, err := range []error{lockErr, swapErr} {
			var busy *store.LockedError
			if !errors.As(err, &busy) || !errors.Is(err, store.ErrLocked) || busy.Owner != owner {
				s.Errorf("while %s holds the lock: %v", owner, err)
			}
		}
	}
}

// wantFree checks that nobody holds the lock, and frees it again.
func (s *appSuite) wantFree() {
	s.Helper()
	for _, st := range []store.Application{s.a, s.b} {
		if err := st.Unlock(s.ctx, s.lock(st, "free").Token); err != nil {
			s.Fatalf("Unlock: %v", err)
		}
	}
}
