package storetest

import (
	"github.com/najahost/naja/store"
)

func testRename(s *suite) {
	token := s.createLeased("old", "0", longTime)
	err := s.a.Commit(s.ctx, "old", token, store.Commit{
		Data: []byte("1"), Timeout: longTime, Lease: s.unit, NewID: "new",
	})
	if err != nil {
		s.Fatal(err)
	}
	s.wantNotFound("old")
	s.wantLost(s.a, "old", token)
	s.wantData("new", "1")
	s.wantBusy(s.b, "new")
	if err := s.a.Renew(s.ctx, "new", token, s.unit); err != nil {
		s.Errorf("the token doesn't go on under the new id: %v", err)
	}
	s.commit(s.a, "new", token, "2")
	taken := s.acquire(s.b, "new")
	if string(taken.Data) != "2" || taken.Serial != int64(len("old"))+1000 {
		s.Errorf("the renamed session is %+v", taken)
	}
	s.wantNoClaim() // a rename ends nothing
	s.createLeased("old", "another", longTime)
}

func testRenameConflict(s *suite) {
	s.create("taken", "theirs", longTime)
	s.create("ending", "theirs", longTime)
	if err := s.a.End(s.ctx, "ending", store.ReasonEvicted); err != nil {
		s.Fatal(err)
	}
	token := s.createLeased("mine", "0", longTime)
	for _, id := range []string{"taken", "ending"} {
		err := s.a.Commit(s.ctx, "mine", token, store.Commit{Data: []byte("1"), Timeout: longTime, Lease: s.unit, NewID: id})
		s.wantErr("Commit with the id of a session that is "+id, err, store.ErrExists)
	}
	s.wantData("taken", "theirs")
	s.wantData("mine", "0")
	s.commit(s.a, "mine", token, "2")
	s.wantData("mine", "2")
}

func testRenameWithoutLease(s *suite) {
	stalled := s.createLeased("x", "0", longTime)
	s.wait(s.unit * 5 / 4)
	taken := s.acquire(s.b, "x")
	s.wantLost(s.a, "x", stalled)
	s.wantNotFound("x-late")
	err := s.b.Commit(s.ctx, "x", taken.Token, store.Commit{
		Data: []byte("last"), Timeout: longTime, NewID: "y", End: store.ReasonAbandon,
	})
	s.wantErr("Commit that renames and ends", err, nil)
	s.wantNotFound("x")
	s.wantNotFound("y")
	if c := s.claimOne(s.a); c.ID != "y" || string(c.Data) != "last" {
		s.Errorf("claimed %+v, want y", c)
	}
}
