package isolate

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// A logLine is a record of the worker's log on its way to the parent's, whose
// format, level and place the worker doesn't know.
type logLine struct {
	Time    time.Time  `json:"t"`
	Level   slog.Level `json:"l"`
	Message string     `json:"m"`
	Attrs   []logAttr  `json:"a,omitempty"`
}

type logAttr struct {
	Key   string          `json:"k"`
	Kind  string          `json:"i,omitempty"` // "d" a duration, "t" a time; "" what JSON has
	Value json.RawMessage `json:"v"`
}

// A shipper is the worker's log: each record is a line of JSON to the parent.
type shipper struct {
	to     *shipTo
	level  slog.Level
	prefix string
	attrs  []logAttr
}

type shipTo struct {
	mu  sync.Mutex
	out io.Writer
}

func newShipper(out io.Writer, level slog.Level) *shipper {
	return &shipper{to: &shipTo{out: out}, level: level}
}

// Enabled is [slog.Handler].
func (s *shipper) Enabled(_ context.Context, level slog.Level) bool { return level >= s.level }

// Handle is [slog.Handler].
func (s *shipper) Handle(_ context.Context, r slog.Record) error {
	line := logLine{r.Time, r.Level, r.Message, s.attrs[:len(s.attrs):len(s.attrs)]}
	r.Attrs(func(a slog.Attr) bool {
		line.Attrs = appendAttr(line.Attrs, s.prefix, a)
		return true
	})
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	_, err = s.to.out.Write(append(text, '\n'))
	return err
}

// WithAttrs is [slog.Handler].
func (s *shipper) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *s
	with.attrs = with.attrs[:len(with.attrs):len(with.attrs)]
	for _, a := range attrs {
		with.attrs = appendAttr(with.attrs, s.prefix, a)
	}
	return &with
}

// WithGroup is [slog.Handler]: a group is the beginning of its names.
func (s *shipper) WithGroup(name string) slog.Handler {
	with := *s
	with.prefix += name + "."
	return &with
}

func appendAttr(to []logAttr, prefix string, a slog.Attr) []logAttr {
	v := a.Value.Resolve()
	attr := logAttr{Key: prefix + a.Key}
	var value any
	switch v.Kind() {
	case slog.KindGroup:
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, member := range v.Group() {
			to = appendAttr(to, prefix, member)
		}
		return to
	case slog.KindDuration:
		attr.Kind, value = "d", int64(v.Duration())
	case slog.KindTime:
		attr.Kind, value = "t", v.Time()
	case slog.KindAny:
		value = fmt.Sprint(v.Any())
	default:
		value = v.Any()
	}
	raw, err := json.Marshal(value)
	if err != nil { // a number that JSON doesn't have
		raw, _ = json.Marshal(fmt.Sprint(value))
	}
	attr.Value = raw
	return append(to, attr)
}

// attr is what appendAttr was given.
func (a logAttr) attr() slog.Attr {
	switch a.Kind {
	case "d":
		var n int64
		if json.Unmarshal(a.Value, &n) == nil {
			return slog.Duration(a.Key, time.Duration(n))
		}
	case "t":
		var t time.Time
		if json.Unmarshal(a.Value, &t) == nil {
			return slog.Time(a.Key, t)
		}
	}
	var n int64
	if json.Unmarshal(a.Value, &n) == nil {
		return slog.Int64(a.Key, n)
	}
	var u uint64
	if json.Unmarshal(a.Value, &u) == nil {
		return slog.Uint64(a.Key, u)
	}
	var v any
	if json.Unmarshal(a.Value, &v) != nil {
		return slog.String(a.Key, "?")
	}
	return slog.Any(a.Key, v)
}

// maxLogLine bounds a record: what is longer ends the reading of the pipe's
// structure, and is said as it stands.
const maxLogLine = 1 << 20

// readLog gives the records of a worker to log until in ends.
func readLog(in io.Reader, log *slog.Logger) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 16<<10), maxLogLine)
	ctx := context.Background()
	for lines.Scan() {
		var line logLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			log.Warn("the worker's log can't be read", "error", err.Error())
			continue
		}
		if !log.Enabled(ctx, line.Level) {
			continue
		}
		r := slog.NewRecord(line.Time, line.Level, line.Message, 0)
		for _, a := range line.Attrs {
			r.AddAttrs(a.attr())
		}
		_ = log.Handler().Handle(ctx, r)
	}
	if err := lines.Err(); err != nil {
		log.Warn("the worker's log can't be read any further", "error", err.Error())
		_, _ = io.Copy(io.Discard, in) // or the worker would wait
	}
}
