package storetest

import (
	"time"

	"github.com/najahost/naja/store"
)

// renewed gives the session id, whose lease token is, another id; the one that
// it had leads to it for grace.
func (s *suite) renewed(id, to string, token int64, grace time.Duration) {
	s.Helper()
	err := s.a.Commit(s.ctx, id, token, store.Commit{Timeout: longTime, NewID: to, Grace: grace})
	if err != nil {
		s.Fatalf("Commit(%q) with the new id %q: %v", id, to, err)
	}
}

// wantLed checks that an id leads to the session with another.
func (s *suite) wantLed(id, to string, atMost time.Duration) store.Stored {
	s.Helper()
	got, err := s.b.Load(s.ctx, id)
	if err != nil || got.ID != to || got.Grace > atMost || atMost > 0 && got.Grace <= 0 {
		s.Fatalf("Load(%q) is %+v, %v; want %q for up to %v", id, got, err, to, atMost)
	}
	return got
}

func testFormerID(s *suite) {
	token := s.createLeased("old", "0", longTime)
	s.wantLed("old", "old", 0)
	s.renewed("old", "new", token, longTime)
	s.wantLed("new", "new", 0)
	if got := s.wantLed("old", "new", longTime); string(got.Data) != "0" {
		s.Errorf("by the former id: %+v", got)
	}
	got, err := s.b.Acquire(s.ctx, "old", s.unit)
	if err != nil || got.ID != "new" || got.Token == 0 || got.Grace <= 0 {
		s.Fatalf("Acquire by the former id: %+v, %v", got, err)
	}
	s.wantBusy(s.a, "old")
	s.wantBusy(s.a, "new")
	s.wantLost(s.b, "old", got.Token) // everything else is done under the id
	s.commit(s.b, "new", got.Token, "1")
	_, err = s.a.Create(s.ctx, "old", store.NewSession{Timeout: longTime, Lease: s.unit})
	s.wantErr("Create with an id that leads to another session", err, store.ErrExists)
	other := s.createLeased("other", "", longTime)
	err = s.a.Commit(s.ctx, "other", other, store.Commit{Timeout: longTime, NewID: "old"})
	s.wantErr("Commit with such a new id", err, store.ErrExists)
}

// Its time ends, and nothing that is done meanwhile prolongs it.
func testFormerIDIsOver(s *suite) {
	s.renewed("old", "new", s.createLeased("old", "0", longTime), s.unit)
	if got, err := s.b.Acquire(s.ctx, "old", s.unit); err == nil {
		s.commit(s.b, "new", got.Token, "1")
		if err := s.b.Release(s.ctx, "new", got.Token); err != nil {
			s.Fatal(err)
		}
	}
	s.wait(s.unit * 5 / 4)
	s.wantNotFound("old")
	s.wantLed("new", "new", 0)
	s.createLeased("old", "another", longTime)
	s.wantLed("old", "old", 0)
}

// A second id in a row leaves the first one nothing.
func testFormerIDOfTwo(s *suite) {
	s.renewed("1", "2", s.createLeased("1", "x", longTime), longTime)
	s.renewed("2", "3", s.acquire(s.a, "2").Token, longTime)
	s.wantNotFound("1")
	s.wantLed("2", "3", longTime)
	s.renewed("3", "4", s.acquire(s.a, "2").Token, 0)
	s.wantNotFound("2")
	s.wantNotFound("3")
	s.wantLed("4", "4", 0)
}

// It ends with the session.
func testFormerIDEnds(s *suite) {
	s.renewed("a", "b", s.createLeased("a", "x", longTime), longTime)
	if err := s.a.End(s.ctx, "b", store.ReasonEvicted); err != nil {
		s.Fatal(err)
	}
	s.wantNotFound("a")
	s.claimOne(s.b)
	s.wantNotFound("a")

	s.renewed("c", "d", s.createLeased("c", "x", longTime), longTime)
	got := s.acquire(s.a, "c")
	if err := s.a.Commit(s.ctx, "d", got.Token, store.Commit{Timeout: s.unit}); err != nil {
		s.Fatal(err)
	}
	s.wait(s.unit * 5 / 4)
	s.wantNotFound("c")
	s.wantNotFound("d")
}
