package bridge

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// A fake is a library with one session.
type fake struct {
	mu      sync.Mutex
	name    string
	values  map[string]any
	saves   int
	renewed int
	touches int
	ends    int
	former  bool
	parts   int
	fail    error
	hang    chan struct{} // Save waits until it is closed
	entered chan struct{}
}

func (f *fake) Name() string                                  { return f.name }
func (f *fake) Create(context.Context) error                  { return f.fail }
func (f *fake) Fits(string, any, func() map[string]any) error { return nil }
func (f *fake) Save(ctx context.Context, s Saving) (http.Header, error) {
	if f.hang != nil {
		close(f.entered)
		<-f.hang
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := errors.Join(ctx.Err(), f.fail); err != nil {
		return nil, err
	}
	for _, ch := range s.Changes {
		if f.values[ch.Key] = ch.Value; ch.Remove {
			delete(f.values, ch.Key)
		}
	}
	f.saves++
	if s.Renew || f.name == "" {
		f.renewed++
		f.name += "'"
	}
	return http.Header{"Set-Cookie": {"s=" + f.name}}, nil
}
func (f *fake) Touch(context.Context) (http.Header, error) { f.touches++; return nil, f.fail }
func (f *fake) Former() bool                               { return f.former }
func (f *fake) Part(context.Context) error {
	f.parts++
	f.name, f.former, f.values = "", false, map[string]any{}
	return f.fail
}
func (f *fake) Probe(context.Context) error { return f.fail }
func (f *fake) Destroy(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ends++
	return f.fail
}
func (f *fake) Forget() http.Header { return http.Header{"Set-Cookie": {"s="}} }

func (f *fake) open(mode session.Mode) *Handle {
	return NewHandle(f, Options{Mode: mode, Exists: f.name != "", Values: maps.Clone(f.values), MetaKey: "_naja",
		MaxSize: 1 << 20, Timeout: 20 * time.Minute, LCID: 1033, CodePage: 65001})
}

func newFake() *fake { return &fake{name: "n", values: map[string]any{"a": 1}} }

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// writes tries everything that changes a session.
func writes(t *testing.T, h *Handle) map[string]error {
	return map[string]error{
		"Set": h.Set("a", raw(t, 9)), "Remove": h.Remove("a"), "RemoveAll": h.RemoveAll(), "SetLCID": h.SetLCID(1),
		"SetCodePage": h.SetCodePage(1), "SetTimeout": h.SetTimeout(time.Hour), "Abandon": h.Abandon(), "Renew": h.Renew(),
	}
}

func TestWhoMayWrite(t *testing.T) {
	nobody := &fake{values: map[string]any{}}
	for name, tt := range map[string]struct {
		h    *Handle
		want error
	}{
		"read-only": {newFake().open(session.ReadOnly), session.ErrReadOnly},
		"none":      {nobody.open(session.ReadWrite), session.ErrNoSession},
		"off":       {NewHandle(nil, Options{}), session.ErrNoSession},
	} {
		for what, err := range writes(t, tt.h) {
			wantErr(t, name+": "+what, err, tt.want)
		}
		must(t, tt.h.Close(t.Context(), http.Header{}))
		for what, err := range writes(t, tt.h) {
			wantErr(t, name+": closed: "+what, err, session.ErrClosed)
		}
		tt.h.Discard()
	}
	if nobody.saves+nobody.ends != 0 {
		t.Errorf("a session that doesn't exist was stored: %+v", nobody)
	}
	frozen := (&fake{values: map[string]any{}}).open(session.ReadOnly)
	must(t, frozen.Create(t.Context()))
	must(t, frozen.Set("k", raw(t, 1)))
	frozen.Freeze()
	wantErr(t, "frozen", frozen.Set("k", raw(t, 2)), session.ErrReadOnly)
	must(t, frozen.Close(t.Context(), http.Header{}))
	if got := frozen.back.(*fake).values["k"]; got != 1 {
		t.Errorf("what was written before Freeze is %v", got)
	}
}

func TestFlushedPage(t *testing.T) {
	f := newFake()
	h := f.open(session.ReadWrite)
	must(t, h.Set("b", raw(t, 2)))
	header := http.Header{}
	must(t, h.Commit(t.Context(), header))
	if f.saves != 1 || header.Get("Set-Cookie") != "s=n" || f.values["b"] != 2 {
		t.Errorf("the flush: %d saves, %v, %v", f.saves, header, f.values)
	}
	must(t, h.Commit(t.Context(), nil))
	must(t, h.Set("b", raw(t, 3)))
	must(t, h.Remove("a"))
	wantErr(t, "Renew", h.Renew(), session.ErrTooLate)
	must(t, h.Close(t.Context(), nil))
	if f.saves != 2 || f.values["b"] != 3 || len(f.values) != 2-1 || f.touches != 0 {
		t.Errorf("the end: %+v", f)
	}
	if got, ok := h.Get("b"); !ok || string(got) != string(raw(t, 3)) {
		t.Error("a closed session can't be read")
	}
	h.Discard()
	late := (&fake{}).open(session.ReadWrite)
	must(t, late.Commit(t.Context(), http.Header{}))
	wantErr(t, "Create", late.Create(t.Context()), session.ErrTooLate)
	late.Discard()
}

// Session.Close: the session is stored early, its cookie still comes.
func TestCookieAfterClose(t *testing.T) {
	f := &fake{values: map[string]any{}}
	h := f.open(session.ReadWrite)
	must(t, h.Create(t.Context()))
	must(t, h.Create(t.Context()))
	id := h.ID()
	must(t, h.Set("k", raw(t, 1)))
	must(t, h.Close(t.Context(), nil))
	header := http.Header{}
	must(t, h.Commit(t.Context(), header))
	must(t, h.Close(t.Context(), header))
	h.Discard()
	if len(header["Set-Cookie"]) != 1 || f.saves != 1 || f.ends != 0 || !h.IsNew() {
		t.Errorf("%v, %+v", header, f)
	}
	if again := f.open(session.ReadOnly); again.ID() != id || id == "" || again.Key() == "" {
		t.Errorf("the ID was %s and is %s", id, again.ID())
	}
}

// A session that its visitor never learned of ends with its request.
func TestDiscard(t *testing.T) {
	untold := &fake{values: map[string]any{}}
	h := untold.open(session.ReadWrite)
	must(t, h.Create(t.Context()))
	h.Discard()
	if untold.saves+untold.ends != 0 {
		t.Errorf("never stored: %+v", untold)
	}
	h = untold.open(session.ReadWrite)
	must(t, h.Create(t.Context()))
	must(t, h.Commit(t.Context(), nil))
	h.Discard()
	h.Discard()
	if untold.ends != 1 {
		t.Errorf("stored and never told: %+v", untold)
	}
	wantErr(t, "Commit after Discard", h.Commit(t.Context(), nil), session.ErrClosed)
	f := newFake()
	h = f.open(session.ReadWrite)
	must(t, h.Set("a", raw(t, 2)))
	h.Discard()
	h.Discard()
	if f.saves+f.ends != 0 {
		t.Errorf("a discarded page: %+v", f)
	}
	h = f.open(session.ReadWrite)
	must(t, h.Abandon())
	h.Discard()
	if f.ends != 1 || !h.Abandoned() {
		t.Error("who logs out is logged out, whatever came after it")
	}
}

func TestAbandon(t *testing.T) {
	for _, flushed := range []bool{false, true} {
		f := newFake()
		h := f.open(session.ReadWrite)
		header := http.Header{}
		must(t, h.Abandon())
		if flushed {
			must(t, h.Commit(t.Context(), header))
			must(t, h.Close(t.Context(), nil))
		} else {
			must(t, h.Close(t.Context(), header))
		}
		if _, ok := h.Get("a"); !ok || f.ends != 1 || header.Get("Set-Cookie") != "s=" {
			t.Errorf("flushed %v: %v, %+v", flushed, header, f)
		}
		h.Discard()
		if f.ends != 1 {
			t.Error("it ended twice")
		}
	}
}

// After a failure the same commit may be tried again; a session that was lost
// says so and stores nothing more.
func TestFailures(t *testing.T) {
	f := newFake()
	h := f.open(session.ReadWrite)
	must(t, h.Renew())
	must(t, h.Set("a", raw(t, 2)))
	id := h.ID()
	f.fail = errors.New("disk full")
	header := http.Header{}
	wantErr(t, "Close", h.Close(t.Context(), header), f.fail)
	if len(header) != 0 {
		t.Errorf("a session that wasn't stored has a cookie: %v", header)
	}
	f.fail = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // the visitor leaves, and nothing is lost
	must(t, h.Close(ctx, header))
	if f.values["a"] != 2 || f.renewed != 1 || h.ID() != id || header.Get("Set-Cookie") != "s=n'" {
		t.Errorf("%+v, %v", f, header)
	}
	if got := f.open(session.ReadOnly).ID(); got != id {
		t.Errorf("the ID was %s and is %s", id, got)
	}
	h = f.open(session.ReadWrite)
	must(t, h.Set("a", raw(t, 3)))
	f.fail = store.ErrLost
	wantErr(t, "Close", h.Close(t.Context(), http.Header{}), store.ErrLost)
	select {
	case <-h.Lost():
	default:
		t.Error("Lost doesn't tell")
	}
	wantErr(t, "Set", h.Set("a", raw(t, 3)), session.ErrClosed)
	h.Discard()
	if f.ends != 0 {
		t.Error("a session that is another's was ended")
	}
	reader := f.open(session.ReadOnly)
	must(t, reader.Close(t.Context(), http.Header{})) // who only reads loses nothing
	f.fail = errors.New("disk full")
	must(t, f.open(session.ReadOnly).Close(t.Context(), nil)) // and waits no shorter for its store
	wantErr(t, "Create", (&fake{fail: f.fail}).open(session.ReadWrite).Create(t.Context()), f.fail)
	h = f.open(session.ReadWrite)
	must(t, h.Abandon())
	wantErr(t, "Abandon", h.Close(t.Context(), nil), f.fail)
}

// A page that is given up while it stores its session is waited for by
// nobody, and keeps its turn until it has stored.
func TestDiscardWhileStoring(t *testing.T) {
	g := NewGate(1, 1)
	place, err := g.Enter(t.Context(), "k")
	must(t, err)
	f := newFake()
	f.hang, f.entered = make(chan struct{}), make(chan struct{})
	h := NewHandle(f, Options{Mode: session.ReadWrite, Exists: true, Values: map[string]any{}, MaxSize: 100, Place: place})
	must(t, h.Set("a", raw(t, 2)))
	done := make(chan error)
	go func() { done <- h.Commit(context.Background(), http.Header{}) }()
	<-f.entered
	h.Discard()
	if _, free := g.Try("k"); free {
		t.Error("the turn was given on before the session was stored")
	}
	close(f.hang)
	must(t, <-done)
	if turn, free := g.Try("k"); !free {
		t.Error("the turn was kept")
	} else {
		turn.Leave()
	}
}

func TestSettings(t *testing.T) {
	f := newFake()
	h := f.open(session.ReadWrite)
	if h.Timeout() != 20*time.Minute || h.LCID() != 1033 || h.CodePage() != 65001 {
		t.Error("the defaults aren't the application's")
	}
	must(t, h.SetTimeout(time.Minute))
	must(t, h.SetLCID(1031))
	must(t, h.SetCodePage(1252))
	if h.SetTimeout(time.Millisecond) == nil || h.SetLCID(-1) == nil || h.SetCodePage(-1) == nil {
		t.Error("nonsense was taken")
	}
	must(t, h.Close(t.Context(), nil))
	h = f.open(session.ReadOnly)
	if h.Timeout() != time.Minute || h.LCID() != 1031 || h.CodePage() != 1252 || len(h.Keys()) != 1 {
		t.Errorf("%v, %d, %d, keys %q", h.Timeout(), h.LCID(), h.CodePage(), h.Keys())
	}
}

// Where all is in the cookie nothing can be kept once the headers are away.
func TestCookieOnly(t *testing.T) {
	h := NewHandle(newFake(), Options{Mode: session.ReadWrite, Exists: true, CookieOnly: true, Unnamed: true,
		MetaKey: "_naja", Values: map[string]any{}, MaxSize: 100})
	must(t, h.Set("a", raw(t, 1)))
	id := h.ID()
	must(t, h.Commit(t.Context(), http.Header{}))
	for what, err := range writes(t, h) {
		wantErr(t, what, err, session.ErrTooLate)
	}
	if got := ParseMeta(h.back.(*fake).values["_naja"]).ID; got != id || h.Key() != "" {
		t.Errorf("the ID was %s and is kept as %q", id, got)
	}
	must(t, h.Close(t.Context(), nil))
}

// Discard comes while the script still works: nothing races.
func TestDiscardFromAnywhere(t *testing.T) {
	for range 50 {
		h := newFake().open(session.ReadWrite)
		var wg sync.WaitGroup
		wg.Go(func() {
			for range 20 {
				_ = h.Set("a", raw(t, 1))
				h.Get("a")
				h.Keys()
				_ = h.Commit(context.Background(), http.Header{})
			}
		})
		wg.Go(h.Discard)
		wg.Wait()
	}
}
