package sessions

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/session"
)

// A model is what contents should be: a list of keys and values.
type model struct {
	keys []string
	vals [][]byte
}

func (m *model) find(key string) int {
	for i, k := range m.keys {
		if strings.EqualFold(k, key) {
			return i
		}
	}
	return -1
}

func (m *model) set(key string, raw []byte) {
	if i := m.find(key); i >= 0 {
		m.vals[i] = raw
		return
	}
	m.keys, m.vals = append(m.keys, key), append(m.vals, raw)
}

func (m *model) remove(key string) {
	if i := m.find(key); i >= 0 {
		m.keys = append(m.keys[:i:i], m.keys[i+1:]...)
		m.vals = append(m.vals[:i:i], m.vals[i+1:]...)
	}
}

func (m *model) check(t *testing.T, c *contents, keys []string) {
	t.Helper()
	for _, key := range keys {
		raw, ok := c.Get(key)
		i := m.find(key)
		if ok != (i >= 0) || ok && string(raw) != string(m.vals[i]) {
			t.Fatalf("Get(%q): %x, %t; the model has it at %d", key, raw, ok, i)
		}
	}
}

func emptyContents(t *testing.T) (c contents) {
	t.Helper()
	if err := c.reset(nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func raw(t testing.TB, v any) []byte {
	b, err := cborvalue.FromGo(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Any mix of operations and commits gives what a plain list gives.
func TestContentsAgainstModel(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 5))
		c := emptyContents(t)
		var m model
		var keys []string
		for i := range 12 {
			keys = append(keys, fmt.Sprint("Key", i), fmt.Sprint("kEY", i))
		}
		for range 400 {
			key := keys[random.IntN(len(keys))]
			switch random.IntN(12) {
			case 0:
				c.removeAll()
				m = model{}
			case 1, 2, 3:
				c.remove(key)
				m.remove(key)
			case 4:
				if got := c.Keys(); len(got)+len(m.keys) > 0 && !reflect.DeepEqual(got, m.keys) {
					t.Fatalf("seed %d: keys %q, want %q", seed, got, m.keys)
				}
			case 5:
				data, err := c.encode()
				if err != nil {
					t.Fatal(err)
				}
				if len(data) > c.size {
					t.Fatalf("seed %d: %d bytes were reckoned to be %d", seed, len(data), c.size)
				}
				if err := c.reset(data); err != nil {
					t.Fatal(err)
				}
				if c.dirty() {
					t.Fatal("contents are dirty right after the commit")
				}
			default:
				v := raw(t, strings.Repeat("x", random.IntN(40)))
				if err := c.set(key, v, 1<<20); err != nil {
					t.Fatal(err)
				}
				m.set(key, v)
			}
			m.check(t, &c, keys)
		}
	}
}

func TestContentsDirty(t *testing.T) {
	c := emptyContents(t)
	one := raw(t, 1)
	do := func(what string, f func(), want bool) {
		t.Helper()
		data, err := c.encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.reset(data); err != nil {
			t.Fatal(err)
		}
		if f(); c.dirty() != want {
			t.Errorf("%s: dirty is %t", what, c.dirty())
		}
	}
	do("removing all of nothing", c.removeAll, false)
	do("removing what isn't there", func() { c.remove("a") }, false)
	do("setting", func() { _ = c.set("a", one, 100) }, true)
	do("setting the same again", func() { _ = c.set("A", one, 100) }, false)
	do("reading", func() { c.Get("a"); c.Keys() }, false)
	do("setting and listing", func() { _ = c.set("b", one, 100); c.Keys() }, true)
	do("the default timeout", func() { _ = c.timeout(time.Minute) }, false)
	do("a timeout", func() { _ = c.setTimeout(time.Hour) }, true)
	do("the same timeout", func() { _ = c.setTimeout(time.Hour) }, false)
	do("an LCID", func() { _ = c.setLCID(1031) }, true)
	do("a code page", func() { _ = c.setCodePage(1252) }, true)
	do("listing with a new timeout", func() { _ = c.setTimeout(time.Minute); _ = c.set("c", one, 100); c.Keys() }, true)
	do("removing", func() { c.remove("a") }, true)
	do("removing all", c.removeAll, true)
	if c.timeout(0) != time.Minute || c.meta.LCID != 1031 || c.meta.CodePage != 1252 {
		t.Errorf("removing all took the metadata along: %+v", c.meta)
	}
}

func TestContentsRefuse(t *testing.T) {
	c := emptyContents(t)
	const limit = 1000
	if err := c.set("key", []byte("no item"), limit); !errors.Is(err, errNotAnItem) {
		t.Errorf("bytes that are no item: %v", err)
	}
	if err := c.set("key", append(raw(t, 1), raw(t, 2)...), limit); !errors.Is(err, errNotAnItem) {
		t.Errorf("two items: %v", err)
	}
	if err := c.set("key", nil, limit); !errors.Is(err, errNotAnItem) {
		t.Errorf("no bytes: %v", err)
	}
	if err := c.set("k\xff", raw(t, 1), limit); !errors.Is(err, cborvalue.ErrUTF8) {
		t.Errorf("a key that is no text: %v", err)
	}
	if err := c.set("big", raw(t, strings.Repeat("x", 900)), limit); err != nil {
		t.Errorf("a value that fits: %v", err)
	}
	err := c.set("more", raw(t, strings.Repeat("x", 100)), limit)
	if !errors.Is(err, session.ErrTooLarge) || !strings.Contains(err.Error(), `"more"`) {
		t.Errorf("a value too many: %v", err)
	}
	if err := c.set("big", raw(t, strings.Repeat("y", 900)), limit); err != nil {
		t.Errorf("a value of the same size: %v", err)
	}
	c.remove("big")
	if err := c.set("more", raw(t, strings.Repeat("x", 100)), limit); err != nil {
		t.Errorf("there is room again: %v", err)
	}
	if fmt.Sprint(c.Keys()) != "[more]" {
		t.Errorf("keys %q", c.Keys())
	}
	for _, d := range []time.Duration{0, -time.Hour, time.Microsecond, 1 << 62} {
		if c.setTimeout(d) == nil {
			t.Errorf("a timeout of %v was taken", d)
		}
	}
	past := maxNumber
	past++ // below 0 where an int has 32 bits
	if c.setLCID(-1) == nil || c.setCodePage(past) == nil {
		t.Error("an LCID of -1 or a code page of 2^31 was taken")
	}
}

// Many keys, many rounds of setting and removing: neither grows without
// bound, and time stays in proportion.
func TestContentsManyChanges(t *testing.T) {
	c := emptyContents(t)
	for i := range 5_000 {
		if err := c.set("same", raw(t, i), 1<<20); err != nil {
			t.Fatal(err)
		}
		c.remove("same")
		if err := c.set(fmt.Sprint("key", i), raw(t, i), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.changes) > maxChanges {
		t.Errorf("%d changes are kept", len(c.changes))
	}
	if n := len(c.Keys()); n != 5_000 {
		t.Errorf("%d keys, want 5000", n)
	}
}
