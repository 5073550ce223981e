package storetest

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/najahost/naja/store"
)

func testAppChanges(s *appSuite) {
	s.wantContents("")
	tests := []struct {
		name string
		c    store.Changes
		want string
	}{
		{"nothing", store.Changes{}, ""},
		{"new", store.Changes{Items: []store.Item{put("User", "1"), put("b", "2"), put("ÄRGER", "3")}}, "User=1 b=2 ÄRGER=3"},
		{"first spelling and place", store.Changes{Items: []store.Item{put("USER", "4"), put("c", "5")}}, "User=4 b=2 ÄRGER=3 c=5"},
		{"removed", store.Changes{Items: []store.Item{drop("B"), drop("none")}}, "User=4 ÄRGER=3 c=5"},
		{"removed and new", store.Changes{Items: []store.Item{drop("user"), put("USER", "6")}}, "ÄRGER=3 c=5 USER=6"},
		{"new and removed", store.Changes{Items: []store.Item{put("d", "7"), drop("d")}}, "ÄRGER=3 c=5 USER=6"},
		{"set twice", store.Changes{Items: []store.Item{put("d", "7"), put("D", "8")}}, "ÄRGER=3 c=5 USER=6 d=8"},
		{"cleared", store.Changes{Clear: true, Items: []store.Item{put("C", "9"), put("a", "0")}}, "C=9 a=0"},
		{"empty", store.Changes{Clear: true}, ""},
	}
	for _, tt := range tests {
		s.commit(s.a, s.lock(s.a, tt.name).Token, tt.c)
		s.Log(tt.name)
		s.wantContents(tt.want)
	}
}

func testAppVersions(s *appSuite) {
	read := func(st store.Application) int64 {
		s.Helper()
		c, err := st.Read(s.ctx, -1)
		if err != nil {
			s.Fatal(err)
		}
		return c.Version
	}
	now := read(s.a)
	check := func(what string, got int64, more int64) {
		s.Helper()
		now += more
		if got != now || read(s.a) != now || read(s.b) != now {
			s.Errorf("%s: version %d, read %d and %d; want %d", what, got, read(s.a), read(s.b), now)
		}
	}
	locked := func(c store.Changes) int64 {
		s.Helper()
		l := s.lock(s.b, "v")
		if l.Version != now {
			s.Errorf("Lock tells version %d; want %d", l.Version, now)
		}
		return s.commit(s.b, l.Token, c)
	}
	check("new key", s.set(put("a", "1")), 1)
	check("the same value", s.set(put("a", "1")), 1)
	check("removed", s.set(drop("a")), 1)
	check("not there to remove", s.set(drop("a")), 0)
	check("nothing", locked(store.Changes{}), 0)
	check("nothing to clear", locked(store.Changes{Clear: true}), 0)
	check("many changes", locked(store.Changes{Items: []store.Item{put("a", "1"), put("b", "2"), drop("a")}}), 1)
	check("not there to remove under the lock", locked(store.Changes{Items: []store.Item{drop("x")}}), 0)
	check("cleared", locked(store.Changes{Clear: true}), 1)
	check("new key", s.set(put("a", "1")), 1)
	for have, items := range map[int64]int{now: 0, now - 1: 1, -1: 1} {
		if c, err := s.b.Read(s.ctx, have); err != nil || len(c.Items) != items || c.Version != now {
			s.Errorf("Read(%d) gives %d items, version %d, %v", have, len(c.Items), c.Version, err)
		}
	}
}

func testAppValues(s *appSuite) {
	big := strings.Repeat("\x00\xff'\"", 1<<20)
	for _, it := range []store.Item{
		put("", "empty key"), put("\x00", "nul"), put("a'b\"c\\d%_", "quotes"), put("日本語 🐍", "far"),
		put(strings.Repeat("long ", 200), "long"), put("empty", ""), put("big", big),
	} {
		s.set(it)
		c, err := s.b.Read(s.ctx, -1)
		if err != nil {
			s.Fatal(err)
		}
		last := c.Items[len(c.Items)-1]
		if last.Key != it.Key || last.ID != it.ID || !bytes.Equal(last.Raw, it.Raw) || last.Raw == nil {
			s.Errorf("%q came back as %q with %d bytes", it.Key, last.Key, len(last.Raw))
		}
	}
}

// What was read stays as it was, whatever is written later.
func testAppContentsStay(s *appSuite) {
	s.set(put("a", "first value"))
	c, err := s.a.Read(s.ctx, -1)
	if err != nil {
		s.Fatal(err)
	}
	for range 100 {
		s.set(put("a", "other value"))
		s.set(put("b", strings.Repeat("x", 1000)))
		s.set(drop("a"))
	}
	if string(c.Items[0].Raw) != "first value" || c.Items[0].Key != "a" {
		s.Errorf("what was read became %q", c.Items[0].Raw)
	}
}

func testAppSwap(s *appSuite) {
	tests := []struct {
		name string
		swap store.Swap
		err  error
		want string
	}{
		{"new if absent", store.Swap{Item: put("A", "1"), Compare: true}, nil, "A=1"},
		{"new if absent, but it is there", store.Swap{Item: put("a", "2"), Compare: true}, store.ErrChanged, "A=1"},
		{"equal", store.Swap{Item: put("a", "2"), Compare: true, Old: []byte("1")}, nil, "A=2"},
		{"not equal", store.Swap{Item: put("a", "3"), Compare: true, Old: []byte("1")}, store.ErrChanged, "A=2"},
		{"longer", store.Swap{Item: put("a", "3"), Compare: true, Old: []byte("22")}, store.ErrChanged, "A=2"},
		{"not there", store.Swap{Item: put("b", "3"), Compare: true, Old: []byte("1")}, store.ErrChanged, "A=2"},
		{"whatever it is", store.Swap{Item: put("a", "4"), Old: []byte("1")}, nil, "A=4"},
		{"remove, not equal", store.Swap{Item: drop("a"), Compare: true, Old: []byte("1")}, store.ErrChanged, "A=4"},
		{"remove", store.Swap{Item: drop("a"), Compare: true, Old: []byte("4")}, nil, ""},
		{"remove what is absent", store.Swap{Item: drop("a"), Compare: true}, nil, ""},
		{"empty value", store.Swap{Item: put("e", ""), Compare: true}, nil, "e="},
		{"empty value is there", store.Swap{Item: put("e", "1"), Compare: true}, store.ErrChanged, "e="},
		{"empty value is equal", store.Swap{Item: put("e", "1"), Compare: true, Old: []byte{}}, nil, "e=1"},
	}
	for _, tt := range tests {
		if _, err := s.b.Swap(s.ctx, tt.swap); !errors.Is(err, tt.err) {
			s.Errorf("%s: %v; want %v", tt.name, err, tt.err)
		}
		s.wantContents(tt.want)
	}
}

func testAppWait(s *appSuite) {
	old := s.set(put("a", "1"))
	now := s.set(put("a", "2"))
	if v, err := s.b.Wait(s.ctx, old); err != nil || v != now {
		s.Errorf("Wait for news that are there: %d, %v; want %d", v, err, now)
	}
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	if v, err := s.b.Wait(ctx, now); err == nil && v != now {
		s.Errorf("Wait under a context that is over: %d, %v", v, err)
	}
	told := make(chan int64)
	ctx, cancel = context.WithCancel(s.ctx)
	defer cancel()
	go func() {
		defer close(told)
		for ctx.Err() == nil { // a store may answer before there is news
			if v, err := s.b.Wait(ctx, now); err == nil && v != now {
				told <- v
				return
			}
			s.wait(s.unit / 100)
		}
	}()
	s.wait(s.unit / 10)
	next := s.set(put("a", "3"))
	if v := <-told; v != next {
		s.Errorf("told version %d; want %d", v, next)
	}
}
