package sqlite

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
)

// The end of a session and what it did to Application happen together.
func TestFinishWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := fresh(t)
		ctx, s, app := t.Context(), db.Sessions(), db.Application()
		claim := func(id string) store.Claimed {
			t.Helper()
			mustCreate(t, db, id, "x")
			if err := s.End(ctx, id, "x"); err != nil {
				t.Fatal(err)
			}
			got, err := s.Claim(ctx, "me", time.Second, 1)
			if err != nil || len(got) != 1 {
				t.Fatalf("claimed %v, %v", got, err)
			}
			return got[0]
		}
		lock := func() int64 {
			t.Helper()
			l, err := app.Lock(ctx, "me", time.Second)
			if err != nil {
				t.Fatal(err)
			}
			return l.Token
		}
		changes := store.Changes{Items: []store.Item{{ID: "a", Key: "A", Raw: []byte("1")}}}
		want := func(ending, items int) {
			t.Helper()
			n, err := s.Count(ctx)
			c, err2 := app.Read(ctx, -1)
			if n.Ending != ending || len(c.Items) != items || err != nil || err2 != nil {
				t.Errorf("%d ending, %d items, %v, %v; want %d and %d", n.Ending, len(c.Items), err, err2, ending, items)
			}
		}

		late := claim("late")
		pass(2 * time.Second)
		if taken, err := s.Claim(ctx, "another", time.Hour, 1); len(taken) != 1 || err != nil {
			t.Fatal(taken, err)
		}
		token := lock()
		if _, err := db.FinishWith(ctx, late.ID, late.Token, token, changes); !errors.Is(err, store.ErrLost) {
			t.Errorf("with a claim that was lost: %v", err)
		}
		want(1, 0)
		pass(2 * time.Second)
		lock() // by another
		c := claim("x")
		if _, err := db.FinishWith(ctx, c.ID, c.Token, token, changes); !errors.Is(err, store.ErrLockLost) {
			t.Errorf("with a lock that was lost: %v", err)
		}
		want(2, 0)
		if version, err := db.FinishWith(ctx, c.ID, c.Token, 0, store.Changes{}); version != 0 || err != nil {
			t.Errorf("without changes: %d, %v", version, err)
		}
		want(1, 0)
		pass(2 * time.Second)
		c = claim("y")
		if version, err := db.FinishWith(ctx, c.ID, c.Token, lock(), changes); version != 1 || err != nil {
			t.Errorf("with all it needs: %d, %v", version, err)
		}
		want(1, 1)
		lock() // it was given up
	})
}
