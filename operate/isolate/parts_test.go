package isolate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

func TestSettingsCross(t *testing.T) {
	full, err := engine.Config{Root: "site", Path: "/shop", QueueTimeout: engine.None, Dev: true, ErrorPage: "err.asp"}.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := encodeConfig(full)
	if err != nil {
		t.Fatal(err)
	}
	back, err := decodeConfig(raw)
	if err != nil {
		t.Fatal(err)
	}
	full.Logger = nil
	if !reflect.DeepEqual(full, back) {
		t.Errorf("sent %+v\ngot  %+v", full, back)
	}
	if _, err := decodeConfig(json.RawMessage(`{"NewSetting": 1}`)); err == nil {
		t.Error("a setting that isn't known here was taken")
	}
}

// TestWhatCantCrossIsRefused looks at every field: what is no data is refused,
// unless it stays here.
func TestWhatCantCrossIsRefused(t *testing.T) {
	for name, set := range map[string]func(*engine.Config){
		"FS":         func(c *engine.Config) { c.FS = fstest.MapFS{} },
		"Backend":    func(c *engine.Config) { c.Backend = noBackend{} },
		"Components": func(c *engine.Config) { c.Components = map[string]engine.Component{"A.B": {}} },
		"Sessions":   func(c *engine.Config) { c.Sessions = noSessions{} },
		"OnError":    func(c *engine.Config) { c.OnError = func(*asp.Error) {} },
		"Recorder":   func(c *engine.Config) { c.Recorder = &recorder{} },
	} {
		var c engine.Config
		set(&c)
		if _, ok := errors.AsType[*engine.ConfigError](portable(c)); !ok {
			t.Errorf("%s is handed to another process", name)
		}
	}
	fields := reflect.TypeFor[engine.Config]()
	known := map[string]bool{"FS": true, "Backend": true, "Components": true, "Sessions": true, "OnError": true, "Recorder": true}
	for i := range fields.NumField() {
		f := fields.Field(i)
		if f.IsExported() && !isData(f.Type) && !staysHere(f.Name) && !known[f.Name] {
			t.Errorf("engine.Config.%s: does it cross, stay or is it refused?", f.Name)
		}
	}
	if err := portable(engine.Config{Logger: slog.Default(), Secure: func(*http.Request) bool { return true }}); err != nil {
		t.Error(err)
	}
}

type noBackend struct{ store.Backend }
type noSessions struct{ session.Provider }

func TestReadLines(t *testing.T) {
	var said []string
	left := 0
	text := "one\r\n" + strings.Repeat("x", 3*maxLine) + "\nbad\xff\n\nlast"
	readLines(strings.NewReader(text), func(line string) { said = append(said, line) }, func(n int) { left += n })
	if len(said) != 5 || said[0] != "one" || len(said[1]) > maxLine+3 || !strings.HasSuffix(said[1], "…") || said[2] != "bad?" || said[4] != "last" {
		t.Errorf("%d lines: %.20q…", len(said), said)
	}
	said = nil
	readLines(strings.NewReader(strings.Repeat("line\n", maxLines+100)), func(line string) { said = append(said, line) }, func(n int) { left += n })
	if len(said) != maxLines || left != 100 {
		t.Errorf("%d said, %d left out", len(said), left)
	}
}

func TestLastWords(t *testing.T) {
	for text, want := range map[string]string{
		"runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\ngoroutine 1": "stack overflow",
		"SIGSEGV: segmentation violation\nPC=0x499aa1 m=0 sigcode=0":                                       "SIGSEGV: segmentation violation",
		"runtime: out of memory: cannot allocate 4194304-byte block\nfatal error: out of memory":           "out of memory",
		"panic: something\n\ngoroutine 1 [running]:":                                                       "panic: something",
		"fatal error: concurrent map writes":                                                               "fatal error: concurrent map writes",
		"hello\nworld":                                                                                     "",
	} {
		var l lastWords
		for line := range strings.Lines(text) {
			l.hear(strings.TrimSpace(line))
		}
		if got := l.reason(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestLogCrosses(t *testing.T) {
	var pipe, direct, after bytes.Buffer
	for i, log := range []*slog.Logger{
		slog.New(newShipper(&pipe, slog.LevelInfo)), slog.New(slog.NewTextHandler(&direct, &slog.HandlerOptions{ReplaceAttr: noTime})),
	} {
		log = log.With("a", 1).WithGroup("g").With("b", true)
		log.Debug("not this", "i", i)
		log.Warn("that", "d", 1500*time.Millisecond, "t", time.Unix(0, 0).UTC(), "e", errors.New("an\nerror"),
			"n", -5, "f", 1.5, "big", uint64(1<<63), slog.Group("in", "x", "y"), "any", []string{"p", "q"})
	}
	readLog(strings.NewReader(pipe.String()+"nonsense\n"), slog.New(slog.NewTextHandler(&after, &slog.HandlerOptions{ReplaceAttr: noTime})))
	first, rest, _ := strings.Cut(after.String(), "\n")
	if first+"\n" != direct.String() || !strings.Contains(rest, "can't be read") {
		t.Errorf("got  %s\nwant %s", after.String(), direct.String())
	}
}

func noTime(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

func TestChannel(t *testing.T) {
	one, other := net.Pipe()
	a, b := newChannel(one), newChannel(other)
	told := make(chan string, 1)
	a.answer, a.heard = noAnswer, func(name string, _ json.RawMessage) { told <- name }
	b.heard = func(string, json.RawMessage) {}
	b.answer = func(ctx context.Context, name string, body json.RawMessage) (any, error) {
		switch name {
		case "double":
			return with(body, func(n int) (any, error) { return 2 * n, nil })
		case "slow":
			<-ctx.Done()
			return nil, fmt.Errorf("slow: %w", ctx.Err())
		}
		return nil, &engine.ConfigError{Setting: "root", Problem: "is wrong"}
	}
	ended := make(chan error, 2)
	go func() { ended <- a.serve(context.Background()) }()
	go func() { ended <- b.serve(context.Background()) }()
	var n int
	if err := a.call(t.Context(), "double", 21, &n); err != nil || n != 42 {
		t.Errorf("%d %v", n, err)
	}
	if err := a.call(t.Context(), "other", nil, nil); err == nil || err.Error() != "root: is wrong" {
		t.Errorf("%v", err)
	}
	if err := b.call(t.Context(), "ask", nil, nil); !errors.Is(err, errUnknownCall) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := a.call(ctx, "slow", nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if err := b.tell("hello", nil); err != nil || <-told != "hello" {
		t.Errorf("%v", err)
	}
	a.close()
	if err := errors.Join(<-ended, <-ended); err != nil {
		t.Errorf("%v", err)
	}
	if err := b.call(t.Context(), "double", 1, nil); !errors.Is(err, errChannelClosed) {
		t.Errorf("%v", err)
	}
}

func TestChannelEndsAtNonsense(t *testing.T) {
	for _, text := range []string{"\xff\xff\xff\xff", "\x00\x00\x00\x04oops"} {
		one, other := net.Pipe()
		c := newChannel(one)
		c.answer, c.heard = noAnswer, func(string, json.RawMessage) {}
		ended := make(chan error, 1)
		go func() { ended <- c.serve(context.Background()) }()
		_, _ = other.Write([]byte(text))
		if err := <-ended; !errors.Is(err, errNonsense) {
			t.Errorf("%q: %v", text, err)
		}
		other.Close()
	}
}

func TestSuspects(t *testing.T) {
	s := newSuspects(2, time.Hour)
	deadly := []runningPage{{"deadly.asp", "/Deadly.asp"}}
	if _, _, ok := s.of("/deadly.asp"); ok {
		t.Error("it isn't one yet")
	}
	for _, needed := range []int{1, 10, 100, 1000, 1000} {
		s.accuse(deadly)
		for n := 1; n <= needed; n++ {
			if _, _, ok := s.of("/DEADLY.asp"); !ok {
				t.Fatalf("cleared after %d of %d", n-1, needed)
			}
			s.endedWell("deadly.asp")
		}
		if page, _, ok := s.of("/deadly.asp"); ok || len(s.pages()) > 0 {
			t.Errorf("%s isn't cleared after %d", page, needed)
		}
	}
	s.clear()
	s.accuse(deadly)
	if s.struck("deadly.asp") {
		t.Error("refused at once")
	}
	if _, refused, _ := s.of("/deadly.asp"); refused > 0 || !s.struck("deadly.asp") {
		t.Error("refused too early, or not at all")
	}
	if _, refused, ok := s.of("/deadly.asp"); refused <= 0 || !ok || len(s.list()) != 1 {
		t.Errorf("%v %v", refused, ok)
	}
	s.all["deadly.asp"].refused = time.Now().Add(-time.Second)
	if _, refused, ok := s.of("/deadly.asp"); refused > 0 || !ok || s.struck("deadly.asp") {
		t.Error("it has no other chance")
	}
}

func TestBadSettings(t *testing.T) {
	for setting, spoil := range map[string]func(*Config){
		"worker_environment":  func(c *Config) { c.Environment = []string{"nothing"} },
		"worker_folder":       func(c *Config) { c.Folder = "/does/not/exist" },
		"worker_memory_limit": func(c *Config) { c.MemoryLimit = 1 },
		"worker_nice":         func(c *Config) { c.Nice = 20 },
		"worker_files":        func(c *Config) { c.Files = 3 },
		"recycle_schedule":    func(c *Config) { c.RecycleSchedule = []string{"25:00"} },
		"recycle_requests":    func(c *Config) { c.RecycleRequests = -1 },
		"crash_page":          func(c *Config) { c.CrashPage = "../secret" },
	} {
		var c Config
		spoil(&c)
		_, err := c.WithDefaults()
		if bad, ok := errors.AsType[*engine.ConfigError](err); !ok || bad.Setting != setting {
			t.Errorf("%s: %v", setting, err)
		}
	}
}
