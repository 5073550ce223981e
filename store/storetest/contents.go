package storetest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/najahost/naja/store"
)

func testCreateAndLoad(s *suite) {
	token, err := s.a.Create(s.ctx, "one", store.NewSession{
		Serial: 1<<62 + 1, Data: []byte("first"), Timeout: longTime, Lease: s.unit,
	})
	if err != nil {
		s.Fatal(err)
	}
	got, err := s.b.Load(s.ctx, "one")
	if err != nil {
		s.Fatal(err)
	}
	if got.Serial != 1<<62+1 || string(got.Data) != "first" || got.Token != 0 || got.Created.IsZero() {
		s.Errorf("loaded %+v", got)
	}
	_, err = s.b.Create(s.ctx, "one", store.NewSession{Data: []byte("second"), Timeout: longTime, Lease: s.unit})
	s.wantErr("Create of an id that is live", err, store.ErrExists)
	s.commit(s.b, "one", token, "third")
	taken := s.acquire(s.a, "one")
	if taken.Serial != 1<<62+1 || string(taken.Data) != "third" || !taken.Created.Equal(got.Created) {
		s.Errorf("acquired %+v after %+v", taken, got)
	}
}

func testUnknown(s *suite) {
	s.wantNotFound("never")
	s.wantLost(s.a, "never", 1)
	s.wantErr("Finish", s.a.Finish(s.ctx, "never", 1), store.ErrLost)
	s.wantNoClaim()
	s.create("there", "x", longTime)
	s.wantLost(s.a, "there", 0) // nobody's token
	token := s.acquire(s.b, "there").Token
	for _, token := range []int64{0, token} {
		s.wantErr("Finish of a live one", s.a.Finish(s.ctx, "there", token), store.ErrLost)
	}
	s.wantErr("Release", s.b.Release(s.ctx, "there", token), nil)
	s.wantData("there", "x")
}

func testStrangeIDs(s *suite) {
	ids := []string{" ", "a", "A", "ä", "a'b\"c;--", "{x}:*%_", strings.Repeat("x", 200), "a/../b"}
	for i, id := range ids {
		s.create(id, fmt.Sprint(i), longTime)
	}
	for i, id := range ids {
		s.wantData(id, fmt.Sprint(i))
	}
}

func testBigValues(s *suite) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	big := string(bytes.Repeat(all, 1<<12)) // 1 MiB of every byte
	s.create("big", big, longTime)
	s.wantData("big", big)
	s.commit(s.b, "big", s.acquire(s.b, "big").Token, big[1:])
	s.wantData("big", big[1:])
	s.commit(s.a, "big", s.acquire(s.a, "big").Token, "small")
	s.wantData("big", "small")
}

// What a store handed out is not written over by what comes later.
func testDataStays(s *suite) {
	s.create("stays", "as it was", longTime)
	loaded, err := s.a.Load(s.ctx, "stays")
	if err != nil {
		s.Fatal(err)
	}
	for i := range 200 {
		s.create(fmt.Sprint("other", i), strings.Repeat("?", 9+i), longTime)
		s.commit(s.a, "stays", s.acquire(s.a, "stays").Token, strings.Repeat("!", 9))
	}
	if string(loaded.Data) != "as it was" {
		s.Errorf("bytes that were handed out became %q", loaded.Data)
	}
}

func testCountAndList(s *suite) {
	const live = 57
	for i := range live {
		s.create(fmt.Sprintf("live%02d", i), "data", longTime)
	}
	taken := s.acquire(s.a, "live00")
	s.create("ended", "x", longTime)
	if err := s.a.End(s.ctx, "ended", store.ReasonEvicted); err != nil {
		s.Fatal(err)
	}
	counts, err := s.b.Count(s.ctx)
	if err != nil || counts.Live != live || counts.Ending != 1 {
		s.Errorf("Count: %+v, %v, want %d live and 1 ending", counts, err, live)
	}
	seen := map[string]store.Info{}
	for after := ""; ; {
		page, err := s.b.List(s.ctx, after, 10)
		if err != nil || len(page) > 10 {
			s.Fatalf("List: %d infos, %v", len(page), err)
		}
		if len(page) == 0 {
			break
		}
		for _, info := range page {
			if _, twice := seen[info.ID]; twice {
				s.Fatalf("%s is listed twice", info.ID)
			}
			seen[info.ID] = info
		}
		after = page[len(page)-1].ID
	}
	if len(seen) != live+1 {
		s.Errorf("%d sessions are listed, want %d", len(seen), live+1)
	}
	if i := seen["live00"]; i.Lease <= 0 || i.Lease > s.unit || i.Size != 4 || i.Ending != "" || i.Serial != taken.Serial {
		s.Errorf("the taken one is listed as %+v", i)
	}
	if i := seen["live01"]; i.Lease != 0 || i.Created.IsZero() || !i.Expires.After(i.Created) {
		s.Errorf("a free one is listed as %+v", i)
	}
	if i := seen["ended"]; i.Ending != store.ReasonEvicted {
		s.Errorf("the ended one is listed as %+v", i)
	}
}
