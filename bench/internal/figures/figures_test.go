package figures

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestQuantiles(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100-i) * time.Millisecond // 100 … 1
	}
	tests := []struct {
		name  string
		times []time.Duration
		want  Quantiles
	}{
		{"none", nil, Quantiles{}},
		{"one", []time.Duration{3 * time.Millisecond}, Quantiles{3, 3, 3}},
		{"two", []time.Duration{4 * time.Millisecond, 2 * time.Millisecond}, Quantiles{2, 4, 4}},
		{"three", []time.Duration{4e6, 2e6, 6e6}, Quantiles{4, 6, 6}},
		{"hundred", hundred, Quantiles{50, 95, 99}},
		{"microseconds", []time.Duration{1500 * time.Nanosecond}, Quantiles{0.0015, 0.0015, 0.0015}},
	}
	for _, tt := range tests {
		if got := QuantilesOf(tt.times); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestRatioOf(t *testing.T) {
	unknown := Ratio(math.NaN())
	tests := []struct {
		naja, plain float64
		want        Ratio
	}{
		{1, 2, 0.5}, {2, 1, 2}, {0, 0, 1}, {0, 5, 0}, {5, 0, unknown}, {-1, 5, unknown}, {5, -1, unknown}, {-1, -1, unknown},
	}
	for _, tt := range tests {
		got := RatioOf(tt.naja, tt.plain)
		if got != tt.want && (got.Known() || tt.want.Known()) {
			t.Errorf("%v to %v: %v, want %v", tt.naja, tt.plain, got, tt.want)
		}
	}
}

func TestNewCell(t *testing.T) {
	c := NewCell(Case{Group: Matrix, Size: 1024}, Figures{Rate: 50, CPU: -1, Wire: 10}, Figures{Rate: 100, CPU: 7, Wire: 20},
		[]float64{40, 90, 60}, []float64{100, 100, 100})
	if got := c.Ratios.Get(MetricRate); got != 0.6 {
		t.Errorf("ratio of the rates %v, want the median of the rounds, 0.6", got)
	}
	if least, most := c.Spread(); least != 0.4 || most != 0.9 {
		t.Errorf("spread %v to %v", least, most)
	}
	if got := c.Ratios.Get("wire"); got != 0.5 {
		t.Errorf("ratio of the bytes %v", got)
	}
	if got := c.Ratios.Get(MetricCPU); got.Known() {
		t.Errorf("ratio of the CPU %v, which naja's system didn't tell", got)
	}
	if got := c.Ratios.Get("no such metric"); got.Known() {
		t.Errorf("a metric that doesn't exist has ratio %v", got)
	}
	for _, m := range Metrics() {
		if _, ok := c.Ratios[m.Name]; !ok {
			t.Errorf("%s has no ratio", m.Name)
		}
	}
}

func TestMedianOfTwo(t *testing.T) {
	c := NewCell(Case{}, Figures{}, Figures{}, []float64{40, 60}, []float64{100, 100})
	if got := c.Ratios.Get(MetricRate); got != 0.5 {
		t.Errorf("%v, want 0.5", got)
	}
}

func TestRunIsKept(t *testing.T) {
	run := &Run{
		Started: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Took: 1.5, Command: []string{"--quick"},
		Machine: Machine{Go: "go1.26", CPUs: 2},
		Cells:   []Cell{NewCell(Case{Group: Page, Name: "page/a.asp", HTTP: "1.1"}, Figures{Rate: 1, Chunks: 3}, Figures{Rate: 4}, []float64{1}, []float64{4})},
		Slow:    []Slow{NewSlow(SlowCase{Size: 1 << 20, Readers: 8}, SlowFigures{HeldPerPage: 0.5}, SlowFigures{HeldPerPage: 2})},
	}
	name := filepath.Join(t.TempDir(), "run.json")
	if err := run.Write(name); err != nil {
		t.Fatal(err)
	}
	got, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	// What isn't a number isn't equal to itself.
	if r := got.Cells[0].Ratios["chunks"]; r.Known() {
		t.Errorf("3 chunks to 0 came back as %v", r)
	}
	delete(got.Cells[0].Ratios, "chunks")
	delete(run.Cells[0].Ratios, "chunks")
	if !reflect.DeepEqual(got, run) {
		t.Errorf("wrote %+v\nread  %+v", run, got)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "unexpected end",
		"[]":                               "cannot unmarshal",
		"{}":                               "format 0",
		`{"format":2,"cells":[{}]}`:        "format 2",
		`{"format":1}`:                     "no figures",
		`{"format":1,"cells":[{"naja":1}]`: "unexpected end",
	} {
		name := filepath.Join(t.TempDir(), "run.json")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(name); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v, want %q and the file's name", text, err, want)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("a file that isn't there: %v", err)
	}
}

// cell is one whose rounds had these ratios.
func cell(name string, rounds ...float64) Cell {
	ones := slices.Repeat([]float64{1}, len(rounds))
	return NewCell(Case{Group: Page, Name: name}, Figures{}, Figures{}, rounds, ones)
}

func TestCompare(t *testing.T) {
	a := &Run{Cells: []Cell{cell("faster", 0.5, 0.6), cell("slower", 0.5, 0.6), cell("alike", 0.5, 0.6), cell("hardly", 0.5, 0.6), cell("gone", 1)}}
	b := &Run{Cells: []Cell{cell("new", 1), cell("faster", 0.7, 0.65), cell("slower", 0.4, 0.45), cell("alike", 0.55, 0.8), cell("hardly", 0.601, 0.61)}}
	changes, onlyA, onlyB := Compare(a, b)
	got := map[string]Verdict{}
	for _, c := range changes {
		got[c.Case.Name] = c.Kind
	}
	want := map[string]Verdict{"faster": Faster, "slower": Slower, "alike": Same, "hardly": Same}
	if !reflect.DeepEqual(got, want) || onlyA != 1 || onlyB != 1 {
		t.Errorf("got %v, %d only in A, %d only in B", got, onlyA, onlyB)
	}
	if r := changes[0].Ratio; math.Abs(float64(r)-0.675/0.55) > 1e-9 {
		t.Errorf("%s changed by %v", changes[0].Case.Name, r)
	}
}

func TestCompareSlow(t *testing.T) {
	one, other := SlowCase{Size: 1}, SlowCase{Size: 2}
	a := &Run{Slow: []Slow{{SlowCase: one}, {SlowCase: other}}}
	b := &Run{Slow: []Slow{{SlowCase: other, Naja: SlowFigures{Visits: 7}}}}
	got := CompareSlow(a, b)
	if len(got) != 1 || got[0].A.SlowCase != other || got[0].B.Naja.Visits != 7 {
		t.Errorf("%+v", got)
	}
}

func TestFailed(t *testing.T) {
	if err := (&Run{Cells: []Cell{cell("fine", 1)}}).Failed(); err != nil {
		t.Error(err)
	}
	bad := cell("bad", 1)
	bad.Plain = Figures{Failed: 2, Failure: "first"}
	err := (&Run{Cells: []Cell{bad}, Slow: []Slow{{Naja: SlowFigures{Failed: 1, Failure: "second"}}}}).Failed()
	if err == nil || !strings.Contains(err.Error(), "3 requests") || !strings.Contains(err.Error(), "first") {
		t.Errorf("got %v", err)
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{47: "47 B", 1000: "1000 B", 1024: "1 KB", 10 << 10: "10 KB", 1 << 20: "1 MB", 32948: "32 KB", 4 << 20: "4 MB"} {
		if got := Size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	c := Case{Group: Matrix, Name: "matrix/1024-10.asp", Size: 1024, Flushes: 10, HTTP: "1.0", Concurrency: 4}
	if c.Title() != "" || c.Output() != "1 KB, 10 flushes" || c.Line() != "1.0 close ×4" {
		t.Errorf("%q %q %q", c.Title(), c.Output(), c.Line())
	}
	c = Case{Group: Page, Name: "page/hello.asp", HTTP: "1.1", KeepAlive: true, Concurrency: 1}
	if c.Title() != "hello" || c.Line() != "1.1 keep ×1" {
		t.Errorf("%q %q", c.Title(), c.Line())
	}
	if c.Group = Waiting; c.Title() != "waiting" {
		t.Errorf("%q", c.Title())
	}
}

// What isn't known is null in JSON, since JSON has no other word for it.
func TestUnknownRatioInJSON(t *testing.T) {
	text, err := json.Marshal(Ratios{"a": Ratio(math.NaN()), "b": Ratio(math.Inf(1)), "c": 0.5})
	if err != nil || string(text) != `{"a":null,"b":null,"c":0.5}` {
		t.Errorf("%s, %v", text, err)
	}
}
