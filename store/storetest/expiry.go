package storetest

import (
	"github.com/najahost/naja/store"
)

func testExpiry(s *suite) {
	s.create("short", "last", 4*s.unit)
	s.create("long", "x", longTime)
	s.wait(3 * s.unit)
	s.wantData("short", "last")
	s.wantNoClaim()
	s.wait(5 * s.unit / 4)
	s.wantNotFound("short") // before anybody claimed it
	s.wantData("long", "x")
	c := s.claimOne(s.b)
	if c.ID != "short" || c.Reason != store.ReasonTimeout || c.Attempt != 1 || string(c.Data) != "last" || c.Serial != 1005 {
		s.Errorf("claimed %+v", c)
	}
	s.wantNotFound("short")
	if err := s.b.Finish(s.ctx, c.ID, c.Token); err != nil {
		s.Fatal(err)
	}
	s.wantNotFound("short")
	s.wait(2 * s.unit)
	s.wantNoClaim()
}

func testTouchSlides(s *suite) {
	s.create("x", "0", 4*s.unit)
	for range 3 {
		s.wait(3 * s.unit)
		if err := s.b.Touch(s.ctx, "x", 4*s.unit); err != nil {
			s.Fatal(err)
		}
	}
	if err := s.a.Touch(s.ctx, "x", s.unit/10); err != nil { // never nearer
		s.Fatal(err)
	}
	s.wait(3 * s.unit)
	s.wantNoClaim()
	s.wantData("x", "0")
	taken := s.acquire(s.a, "x")
	if err := s.b.Touch(s.ctx, "x", 4*s.unit); err != nil {
		s.Errorf("Touch of a taken session: %v", err)
	}
	s.commit(s.a, "x", taken.Token, "1")
	s.wait(5 * s.unit)
	s.wantData("x", "1")
}

func testCommitMovesExpiry(s *suite) {
	token := s.createLeased("later", "0", 2*s.unit)
	s.commit(s.a, "later", token, "1")
	token = s.createLeased("sooner", "0", longTime)
	if err := s.a.Commit(s.ctx, "sooner", token, store.Commit{Timeout: 2 * s.unit}); err != nil {
		s.Fatal(err)
	}
	s.wait(9 * s.unit / 4)
	s.wantData("later", "1")
	s.wantNotFound("sooner")
	if c := s.claimOne(s.b); c.ID != "sooner" {
		s.Errorf("claimed %+v, want sooner", c)
	}
}

func testLeaseKeepsFromExpiring(s *suite) {
	token := s.createLeased("x", "0", s.unit/2)
	s.wait(s.unit * 3 / 4)
	s.wantNoClaim()
	s.wantData("x", "0")
	if err := s.a.Renew(s.ctx, "x", token, 2*s.unit); err != nil {
		s.Fatal(err)
	}
	s.wait(s.unit)
	s.wantNoClaim()
	s.commit(s.a, "x", token, "1")
	s.wantData("x", "1")

	s.createLeased("y", "0", s.unit/2) // its holder dies
	s.wait(s.unit * 5 / 4)
	s.wantNotFound("y")
	if c := s.claimOne(s.b); c.ID != "y" {
		s.Errorf("claimed %+v, want y", c)
	}
	released := s.createLeased("z", "0", s.unit/2)
	if err := s.a.Renew(s.ctx, "z", released, 2*s.unit); err != nil {
		s.Fatal(err)
	}
	s.wait(s.unit * 3 / 4)
	s.wantNoClaim()
	s.wantErr("Release", s.a.Release(s.ctx, "z", released), nil)
	s.wantNotFound("z")
	if c := s.claimOne(s.b); c.ID != "z" {
		s.Errorf("claimed %+v, want z", c)
	}
}
