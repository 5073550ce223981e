package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// Sessions tells [RunSessions] how to come by a store.
type Sessions struct {
	// Open gives a store without sessions. It registers with t.Cleanup what
	// has to be closed. Required.
	Open func(t *testing.T) store.Sessions
	// Peer opens the data of s once more, as another process would. Default:
	// s itself.
	Peer func(t *testing.T, s store.Sessions) store.Sessions
	// Wait lets d pass on the store's clock. Required.
	Wait func(d time.Duration)
	// Unit is the length of a short lease; the tests wait for a few of them.
	// A store whose clock can't be set wants one as short as its delays
	// allow. Default 1s.
	Unit time.Duration
	// Run runs a test's body, in a bubble of testing/synctest for instance.
	// Default: calls f.
	Run func(t *testing.T, f func(t *testing.T))
}

// RunSessions checks a [store.Sessions] with one subtest for each promise.
func RunSessions(t *testing.T, s Sessions) {
	if s.Peer == nil {
		s.Peer = func(_ *testing.T, st store.Sessions) store.Sessions { return st }
	}
	if s.Unit == 0 {
		s.Unit = time.Second
	}
	if s.Run == nil {
		s.Run = func(t *testing.T, f func(*testing.T)) { f(t) }
	}
	for _, test := range sessionTests {
		t.Run(test.name, func(t *testing.T) {
			s.Run(t, func(t *testing.T) {
				a := s.Open(t)
				test.run(&suite{T: t, ctx: context.Background(), a: a, b: s.Peer(t, a), unit: s.Unit, wait: s.Wait})
			})
		})
	}
}

var sessionTests = []struct {
	name string
	run  func(*suite)
}{
	{"CreateAndLoad", testCreateAndLoad},
	{"Unknown", testUnknown},
	{"StrangeIDs", testStrangeIDs},
	{"BigValues", testBigValues},
	{"DataStays", testDataStays},
	{"AcquireIsExclusive", testAcquireIsExclusive},
	{"LoadSeesTheLastCommit", testLoadSeesTheLastCommit},
	{"CommitKeepsTheLease", testCommitKeepsTheLease},
	{"CommitWithoutData", testCommitWithoutData},
	{"RenewProlongs", testRenewProlongs},
	{"ReleaseChangesNothing", testReleaseChangesNothing},
	{"StalledHolderIsRefused", testStalledHolderIsRefused},
	{"LateHolderNobodyTookOver", testLateHolderNobodyTookOver},
	{"ResurrectedTokenIsRefused", testResurrectedTokenIsRefused},
	{"CancelledCommit", testCancelledCommit},
	{"Increments", testIncrements},
	{"StallingIncrements", testStallingIncrements},
	{"Rename", testRename},
	{"RenameConflict", testRenameConflict},
	{"RenameWithoutLease", testRenameWithoutLease},
	{"FormerID", testFormerID},
	{"FormerIDIsOver", testFormerIDIsOver},
	{"FormerIDOfTwo", testFormerIDOfTwo},
	{"FormerIDEnds", testFormerIDEnds},
	{"Expiry", testExpiry},
	{"TouchSlides", testTouchSlides},
	{"CommitMovesExpiry", testCommitMovesExpiry},
	{"LeaseKeepsFromExpiring", testLeaseKeepsFromExpiring},
	{"CommitEnds", testCommitEnds},
	{"EndWhileLeased", testEndWhileLeased},
	{"EndedIDIsTaken", testEndedIDIsTaken},
	{"ClaimsAreBounded", testClaimsAreBounded},
	{"ClaimKillReclaim", testClaimKillReclaim},
	{"LateFinishNobodyTookOver", testLateFinishNobodyTookOver},
	{"RenewClaim", testRenewClaim},
	{"RenewLapsedClaims", testRenewLapsedClaims},
	{"ReleaseClaim", testReleaseClaim},
	{"ClaimedOnceByMany", testClaimedOnceByMany},
	{"Max", testMax},
	{"CountAndList", testCountAndList},
}

// A suite is one subtest: two openings of the same data and their clock.
type suite struct {
	*testing.T
	ctx  context.Context
	a, b store.Sessions
	unit time.Duration
	wait func(time.Duration)
}

const longTime = 24 * time.Hour // longer than any test waits

// create makes a session that nobody has taken.
func (s *suite) create(id, data string, timeout time.Duration) {
	s.Helper()
	token := s.createLeased(id, data, timeout)
	if err := s.a.Release(s.ctx, id, token); err != nil {
		s.Fatalf("Release(%q): %v", id, err)
	}
}

// createLeased makes a session under a lease of one unit.
func (s *suite) createLeased(id, data string, timeout time.Duration) (token int64) {
	s.Helper()
	token, err := s.a.Create(s.ctx, id, store.NewSession{
		Serial: int64(len(id)) + 1000, Data: []byte(data), Timeout: timeout, Lease: s.unit,
	})
	if err != nil {
		s.Fatalf("Create(%q): %v", id, err)
	}
	if token == 0 {
		s.Fatalf("Create(%q) gave the token 0", id)
	}
	return token
}

func (s *suite) acquire(st store.Sessions, id string) store.Stored {
	s.Helper()
	got, err := st.Acquire(s.ctx, id, s.unit)
	if err != nil {
		s.Fatalf("Acquire(%q): %v", id, err)
	}
	if got.Token == 0 {
		s.Fatalf("Acquire(%q) gave the token 0", id)
	}
	return got
}

func (s *suite) commit(st store.Sessions, id string, token int64, data string) {
	s.Helper()
	if err := st.Commit(s.ctx, id, token, store.Commit{Data: []byte(data), Timeout: longTime}); err != nil {
		s.Fatalf("Commit(%q): %v", id, err)
	}
}

// wantData checks what everybody sees of a session now.
func (s *suite) wantData(id, want string) {
	s.Helper()
	for _, st := range []store.Sessions{s.a, s.b} {
		got, err := st.Load(s.ctx, id)
		if err != nil {
			s.Fatalf("Load(%q): %v", id, err)
		}
		if string(got.Data) != want {
			s.Errorf("%q holds %q, want %q", id, got.Data, want)
		}
	}
}

func (s *suite) wantNotFound(id string) {
	s.Helper()
	for _, st := range []store.Sessions{s.a, s.b} {
		_, err := st.Load(s.ctx, id)
		s.wantErr("Load "+id, err, store.ErrNotFound)
		_, err = st.Acquire(s.ctx, id, s.unit)
		s.wantErr("Acquire "+id, err, store.ErrNotFound)
		s.wantErr("Touch "+id, st.Touch(s.ctx, id, longTime), store.ErrNotFound)
		s.wantErr("End "+id, st.End(s.ctx, id, store.ReasonEvicted), store.ErrNotFound)
	}
}

// wantLost checks that token is good for nothing.
func (s *suite) wantLost(st store.Sessions, id string, token int64) {
	s.Helper()
	err := st.Commit(s.ctx, id, token, store.Commit{Data: []byte("too late"), Timeout: longTime})
	s.wantErr("a late Commit", err, store.ErrLost)
	err = st.Commit(s.ctx, id, token, store.Commit{Timeout: longTime, End: store.ReasonAbandon})
	s.wantErr("a late Commit that ends", err, store.ErrLost)
	err = st.Commit(s.ctx, id, token, store.Commit{Timeout: longTime, NewID: id + "-late"})
	s.wantErr("a late Commit that renames", err, store.ErrLost)
	s.wantErr("a late Renew", st.Renew(s.ctx, id, token, s.unit), store.ErrLost)
	s.wantErr("a late Release", st.Release(s.ctx, id, token), nil)
}

func (s *suite) wantErr(what string, got, want error) {
	s.Helper()
	if !errors.Is(got, want) || want == nil && got != nil {
		s.Errorf("%s: %v, want %v", what, got, want)
	}
}

// claim claims up to n sessions for one unit.
func (s *suite) claim(st store.Sessions, n int) []store.Claimed {
	s.Helper()
	got, err := st.Claim(s.ctx, "storetest", s.unit, n)
	if err != nil {
		s.Fatalf("Claim: %v", err)
	}
	return got
}

// claimOne claims the only session that is to be ended.
func (s *suite) claimOne(st store.Sessions) store.Claimed {
	s.Helper()
	got := s.claim(st, 10)
	if len(got) != 1 {
		s.Fatalf("%d sessions were claimed, want 1: %+v", len(got), got)
	}
	if got[0].Token == 0 {
		s.Fatal("a claim has the token 0")
	}
	return got[0]
}

func (s *suite) wantNoClaim() {
	s.Helper()
	if got := s.claim(s.b, 10); len(got) != 0 {
		s.Errorf("claimed %+v, want nothing", got)
	}
}
