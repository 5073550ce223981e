package bridge

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/session"
)

func anything(string, any, func() map[string]any) error { return nil }

func newTestContents(values map[string]any) *contents {
	c := newContents(values, &Options{Hidden: []string{"_flash"}, MetaKey: "_naja", MaxSize: 1000})
	return &c
}

func (c *contents) put(t *testing.T, key string, v any) {
	t.Helper()
	must(t, c.set(key, raw(t, v), anything))
}

func (c *contents) shows(t *testing.T, key string) any {
	t.Helper()
	b, ok := c.get(key)
	if !ok {
		return "(none)"
	}
	v, err := cborvalue.ToGo(b)
	must(t, err)
	return v
}

// Keys are found as they are spelled, then without regard to case, and what
// is written keeps the spelling.
func TestKeys(t *testing.T) {
	c := newTestContents(map[string]any{"User": "a", "user": "b", "Ünï": 1, "_flash": 1, "_naja": ""})
	for key, want := range map[string]any{"User": "a", "user": "b", "USER": "a", "üNÏ": 1, "_flash": "(none)", "_FLASH": "(none)", "x": "(none)"} {
		if got := c.shows(t, key); got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	c.put(t, "ÜNÏ", 2)
	c.put(t, "New", 1)
	c.put(t, "NEW", 2)
	c.put(t, "another", 1)
	if got := c.keys(); !slices.Equal(got, []string{"User", "user", "Ünï", "New", "another"}) {
		t.Errorf("keys %q", got)
	}
	c.remove("user")
	c.remove("NEW")
	c.remove("nothing")
	if got := c.shows(t, "user"); got != "a" {
		t.Errorf("user is %v: the other spelling remains", got)
	}
	want := []Change{{Key: "another", Value: 1}, {Key: "user", Remove: true}, {Key: "Ünï", Value: 2}}
	got := c.list()
	for i := range got {
		got[i].raw = nil
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
	c.stored()
	if c.dirty() || !reflect.DeepEqual(c.values, map[string]any{"User": "a", "Ünï": 2, "_flash": 1, "_naja": "", "another": 1}) {
		t.Errorf("values %v", c.values)
	}
	c.removeAll()
	c.stored()
	if len(c.values) != 2 || len(c.keys()) != 0 {
		t.Errorf("removeAll left %v", c.values)
	}
	for _, key := range []string{"_flash", "_Naja", "_NAJA"} {
		if c.set(key, raw(t, 1), anything) == nil {
			t.Errorf("a page may write %s", key)
		}
	}
}

// What is assigned as it was is left alone, with all that a page doesn't see
// of it.
func TestLeftAlone(t *testing.T) {
	fine := time.Unix(1, 123456789)
	c := newTestContents(map[string]any{"t": fine, "u": &user{Name: "a"}, "n": int64(1)})
	for _, key := range []string{"t", "u", "n"} {
		b, _ := c.get(key)
		must(t, c.set(key, slices.Clone(b), anything))
	}
	if c.dirty() {
		t.Errorf("changes %v", c.list())
	}
	c.put(t, "n", "text")
	c.put(t, "n", 5) // the type is that of the Go value, not of what came between
	if got := c.list()[0].Value; got != int64(5) {
		t.Errorf("n is %#v", got)
	}
}

func TestRefused(t *testing.T) {
	c := newTestContents(nil)
	if err := c.set("k", []byte{0x82, 1}, anything); !errors.Is(err, errNotAnItem) {
		t.Errorf("half an item: %v", err)
	}
	if err := c.set("\xff", raw(t, 1), anything); !errors.Is(err, cborvalue.ErrUTF8) {
		t.Errorf("a key that isn't text: %v", err)
	}
	c.put(t, "a", strings.Repeat("x", 900))
	if err := c.set("b", raw(t, strings.Repeat("x", 200)), anything); !errors.Is(err, session.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	c.put(t, "a", strings.Repeat("x", 100))
	c.put(t, "b", strings.Repeat("x", 200))
	c.remove("b")
	c.put(t, "c", strings.Repeat("x", 800))
	no := errors.New("no")
	var seen map[string]any
	err := c.set("A", raw(t, 1), func(key string, v any, all func() map[string]any) error {
		seen = all()
		return no
	})
	if !errors.Is(err, no) || len(seen) != 2 || seen["a"] != 1 {
		t.Errorf("%v, asked with %v", err, seen)
	}
	if len(c.shows(t, "a").(string)) != 100 {
		t.Error("what was refused was kept")
	}
}

func TestUnfit(t *testing.T) {
	var told []string
	c := newContents(map[string]any{"f": func() {}}, &Options{MaxSize: 100, Unfit: func(key string, v any) { told = append(told, key) }})
	c.get("f")
	c.get("f")
	if !slices.Equal(told, []string{"f"}) || !slices.Equal(c.keys(), []string{"f"}) {
		t.Errorf("told of %q, keys %q", told, c.keys())
	}
}

func TestMeta(t *testing.T) {
	for _, m := range []Meta{{}, {ID: "5"}, {Timeout: time.Minute, LCID: 1031, CodePage: 1252}} {
		if got := ParseMeta(m.String()); got != m {
			t.Errorf("%v came back as %v", m, got)
		}
	}
	for _, v := range []any{nil, 5, "%zz", "lcid=x&timeout=soon"} {
		if got := ParseMeta(v); got != (Meta{}) {
			t.Errorf("%v is %v", v, got)
		}
	}
	one, other := newID(), newID()
	if publicID("a") == publicID("b") || one == other {
		t.Error("IDs don't tell sessions apart")
	}
}
