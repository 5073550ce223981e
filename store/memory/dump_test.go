package memory

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
)

// records are those of a DB.
func records(t *testing.T, db *DB) (all [][]byte) {
	t.Helper()
	if err := db.Dump(func(record []byte) error {
		all = append(all, record)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

var errEnd = errors.New("no more records")

func restore(all [][]byte) (*DB, error) {
	next, stop := 0, len(all)
	return Restore(func() ([]byte, error) {
		if next == stop {
			return nil, errEnd
		}
		next++
		return all[next-1], nil
	})
}

// sample has everything that a DB can have.
func sample(t *testing.T) *DB {
	db := New()
	s, a, ctx := db.Sessions(), db.Application(), t.Context()
	tokens := map[string]int64{}
	for _, id := range []string{"idle", "leased", "ended", "claimed", "old"} {
		token, err := s.Create(ctx, id, store.NewSession{Serial: int64(len(id)), Data: []byte("of " + id), Timeout: time.Hour, Lease: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		tokens[id] = token
	}
	err := errors.Join(
		s.Release(ctx, "idle", tokens["idle"]),
		s.Commit(ctx, "old", tokens["old"], store.Commit{Timeout: time.Hour, NewID: "new", Grace: time.Minute}),
		s.End(ctx, "claimed", store.ReasonAbandon),
	)
	_, err2 := s.Claim(ctx, "test", time.Minute, 1)
	err = errors.Join(err, err2, s.End(ctx, "ended", store.ReasonEvicted))
	for _, id := range []string{"b", "a"} {
		_, err3 := a.Swap(ctx, store.Swap{Item: store.Item{ID: id, Key: strings.ToUpper(id), Raw: []byte("value of " + id)}})
		err = errors.Join(err, err3)
	}
	_, err4 := a.Lock(ctx, "page 7", time.Minute)
	if err = errors.Join(err, err4); err != nil {
		t.Fatal(err)
	}
	return db
}

// TestDumpLasts: what is made of a dump has the same dump, whatever time it is.
func TestDumpLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Hour)
		db := sample(t)
		again, err := restore(records(t, db))
		if err != nil {
			t.Fatal(err)
		}
		got, want := records(t, again), records(t, db)
		byText := func(a, b []byte) int { return strings.Compare(string(a), string(b)) }
		slices.SortFunc(got, byText)
		slices.SortFunc(want, byText)
		if !slices.EqualFunc(got, want, slices.Equal[[]byte]) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// TestDamagedDump: what isn't the whole of a dump, each record as it was and in its
// place, is an error.
func TestDamagedDump(t *testing.T) {
	all := records(t, sample(t))
	refused := func(what string, all [][]byte) {
		t.Helper()
		if _, err := restore(all); err == nil {
			t.Errorf("%s: it is taken for whole", what)
		}
	}
	for i := range all {
		refused("one is missing", slices.Delete(slices.Clone(all), i, i+1))
		if i < len(all)-1 { // what follows the last one isn't read
			refused("one is there twice", slices.Insert(slices.Clone(all), i, all[i]))
		}
		for n := range all[i] {
			cut := slices.Clone(all)
			cut[i] = all[i][:n]
			refused("one is cut", cut)
		}
		long := slices.Clone(all)
		long[i] = append(slices.Clone(all[i]), 0)
		refused("one is longer", long)
	}
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	refused("backwards", backwards)
	other := slices.Clone(all)
	other[0] = append([]byte{ofHead, dumpVersion + 1}, all[0][2:]...)
	if _, err := restore(other); err == nil || !strings.Contains(err.Error(), "of version 2; this program knows 1") {
		t.Errorf("another version: %v", err)
	}
}

// TestDumpEnds: with the error of who takes the records.
func TestDumpEnds(t *testing.T) {
	db := sample(t)
	for n := range len(records(t, db)) {
		left := n
		if err := db.Dump(func([]byte) error {
			if left--; left < 0 {
				return errEnd
			}
			return nil
		}); !errors.Is(err, errEnd) {
			t.Errorf("after %d records: %v", n, err)
		}
	}
}
