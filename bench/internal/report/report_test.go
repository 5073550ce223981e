package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/bench/internal/figures"
)

var update = flag.Bool("update", false, "write testdata anew; read the difference before committing it")

// golden compares text with what a file of testdata holds.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; go test -update writes it anew. Got:\n%s", file, got)
	}
}

// sample is a run with figures that nobody measured. Each is different, so
// that one in the wrong place shows; faster multiplies naja's rates.
func sample(faster float64) *figures.Run {
	run := &figures.Run{
		Format: 1, Started: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Took: 61.4,
		Machine: figures.Machine{Go: "go1.26", OS: "linux", Arch: "amd64", CPUs: 2, LoadBefore: "0.10 0.20 0.30", LoadAfter: "1.10 1.20 1.30"},
	}
	n := 0.0
	add := func(c figures.Case) {
		n++
		f := figures.Figures{
			Requests: int(100 * n), Rate: 1000 * n, Connections: 16, Chunks: float64(c.Flushes), Wire: float64(c.Size) + 100,
			FirstByte: figures.Quantiles{P50: n, P95: 2 * n, P99: 3 * n}, LastByte: figures.Quantiles{P50: n / 100, P95: 11 * n, P99: 12 * n},
			CPU: 30 * n, Held: n / 10, HeldMost: int(n),
		}
		plain := f
		plain.Rate, plain.CPU, plain.Held, plain.Chunks = 2*f.Rate, f.CPU/3, 0, f.Chunks
		f.Rate *= faster
		run.Cells = append(run.Cells, figures.NewCell(c, f, plain, []float64{f.Rate, f.Rate * 1.01}, []float64{plain.Rate, plain.Rate}))
	}
	add(figures.Case{Group: figures.Page, Name: "page/hello.asp", Size: 47, HTTP: "1.1", KeepAlive: true, Concurrency: 16})
	add(figures.Case{Group: figures.Page, Name: "page/<odd>.asp", Size: 47, Flushes: 2, HTTP: "1.1", KeepAlive: true, Concurrency: 16})
	add(figures.Case{Group: figures.Waiting, Name: "waiting/0.asp", Size: 10 << 10, HTTP: "1.1", KeepAlive: true, Concurrency: 16})
	for _, visitors := range []int{1, 16} {
		for _, http := range []string{"1.1", "1.0"} {
			for _, size := range []int{1 << 10, 1 << 20} {
				for _, flushes := range []int{0, 10} {
					add(figures.Case{Group: figures.Matrix, Name: fmt.Sprint(size, flushes), Size: size, Flushes: flushes, HTTP: http, KeepAlive: true, Concurrency: visitors})
				}
			}
		}
	}
	for _, flushes := range []int{0, 10} {
		run.Slow = append(run.Slow, figures.NewSlow(
			figures.SlowCase{Size: 1 << 20, Flushes: flushes, Readers: 8, Apartments: 8, LineRate: 128 << 10},
			figures.SlowFigures{Reading: figures.Quantiles{P50: 8000}, HeldPerPage: 0.001, HeldMost: 1, Visits: 700, Visit: figures.Quantiles{P50: 0.5}, Longest: 2.5},
			figures.SlowFigures{Reading: figures.Quantiles{P50: 8000}, HeldPerPage: 8, HeldMost: 8, Visits: 700, Visit: figures.Quantiles{P50: 0.25}, Longest: 5}))
	}
	return run
}

func TestText(t *testing.T) {
	var out bytes.Buffer
	if err := Text(&out, sample(1)); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.txt", out.String())
}

func TestComparison(t *testing.T) {
	a, b := sample(1), sample(1.2)
	b.Cells = b.Cells[1:]
	var out bytes.Buffer
	if err := Comparison(&out, a, b); err != nil {
		t.Fatal(err)
	}
	golden(t, "comparison.txt", out.String())
}

var svg = regexp.MustCompile(`(?s)<svg.*?</svg>`)

func TestHTML(t *testing.T) {
	run := sample(1)
	var out bytes.Buffer
	if err := HTML(&out, run); err != nil {
		t.Fatal(err)
	}
	// How the library draws is its own matter; that it drew is ours.
	golden(t, "report.html", svg.ReplaceAllString(out.String(), "<svg>…</svg>"))
	if drawn := len(svg.FindAllString(out.String(), -1)); drawn != 2*len(plots(run)) {
		t.Errorf("%d drawings of %d plots in light and dark", drawn, len(plots(run)))
	}
}

// The report is one file: it can be mailed, and read where there is no network.
func TestHTMLNeedsNothingElse(t *testing.T) {
	var out bytes.Buffer
	if err := HTML(&out, sample(1)); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(`xmlns="http://www.w3.org/2000/svg"`, "", `xmlns:xlink="http://www.w3.org/1999/xlink"`, "").Replace(out.String())
	for _, outside := range []string{"//", "src=", "href=", "url(", "@import", "<script", "<link", "<odd>"} {
		if i := strings.Index(text, outside); i >= 0 {
			t.Errorf("%q in %q", outside, text[max(0, i-40):min(len(text), i+60)])
		}
	}
}

// Each plot says what its bars are, and draws all of them.
func TestPlots(t *testing.T) {
	all := plots(sample(1))
	if len(all) != 9 {
		t.Errorf("%d plots, want 9", len(all))
	}
	for _, p := range all {
		for _, dark := range []bool{false, true} {
			drawn, err := p.SVG(dark)
			if err != nil {
				t.Error(err)
				continue
			}
			words := textOf(t, string(drawn))
			for _, group := range p.groups {
				if !strings.Contains(words, group) {
					t.Errorf("%s: the group %q isn't named in %q", p.Title, group, words)
				}
			}
			for _, s := range p.series {
				if len(p.series) > 1 && !strings.Contains(words, s.name) {
					t.Errorf("%s: the series %q isn't named in %q", p.Title, s.name, words)
				}
				if len(s.values) != len(p.groups) {
					t.Errorf("%s: %s has %d values for %d groups", p.Title, s.name, len(s.values), len(p.groups))
				}
				for _, v := range s.values {
					if math.IsNaN(v) || !strings.Contains(words, digits(v)) {
						t.Errorf("%s: %v isn't in %q", p.Title, v, words)
					}
				}
			}
		}
	}
}

// textOf is the words of an XML document, which it has to be.
func textOf(t *testing.T, document string) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("%v in %.200s", err, document)
		}
		if text, ok := token.(xml.CharData); ok {
			b.Write(text)
			b.WriteByte('|')
		}
	}
}

// A run may have any part alone.
func TestParts(t *testing.T) {
	whole := sample(1)
	for name, run := range map[string]*figures.Run{
		"slow readers":   {Slow: whole.Slow},
		"a page":         {Cells: whole.Cells[:1]},
		"waiting":        {Cells: whole.Cells[2:3]},
		"a cell":         {Cells: whole.Cells[3:4]},
		"flushed alone":  {Cells: whole.Cells[4:5]},
		"nothing at all": {},
	} {
		t.Run(name, func(t *testing.T) {
			if err := errors.Join(Text(io.Discard, run), HTML(io.Discard, run), Comparison(io.Discard, run, whole)); err != nil {
				t.Error(err)
			}
			for _, p := range plots(run) {
				if _, err := p.SVG(false); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestValue(t *testing.T) {
	tests := []struct {
		v    float64
		unit figures.Unit
		want string
	}{
		{-1, figures.Microseconds, "?"}, {0, figures.Count, "0"}, {12, figures.Count, "12"}, {12.34, figures.Count, "12.3"},
		{0.004, figures.InSeconds, "0.0040 s"}, {1.234, figures.Milliseconds, "1.23 ms"}, {99.96, figures.PerSecond, "100/s"},
		{123456.7, figures.PerSecond, "123457/s"}, {102400, figures.Bytes, "102400 B"},
	}
	for _, tt := range tests {
		if got := value(tt.v, tt.unit); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.v, got, tt.want)
		}
	}
}
