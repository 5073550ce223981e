package main

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/operate/isolate"
)

func TestParse(t *testing.T) {
	tests := []struct {
		args string
		want settings
	}{
		{"", settings{}},
		{"--quick --html r.html --json r.json", settings{quick: true, html: "r.html", json: "r.json"}},
		{"--compare A.json B.json", settings{compare: []string{"A.json", "B.json"}}},
		{"--sizes 512,1KB,2mb,1024", settings{sizes: []int{512, 1 << 10, 2 << 20}}},
		{"--flushes 0,10 --concurrency 1,64 --http 1.0 --keepalive off,on", settings{
			flushes: []int{0, 10}, concurrency: []int{1, 64}, http: []string{"1.0"}, keepAlive: []bool{false, true}}},
		{"--only page,slow --rounds 3 --round 1s", settings{only: []string{"page", "slow"}, rounds: 3, round: time.Second}},
	}
	for _, tt := range tests {
		args := strings.Fields(tt.args)
		got, err := parse(args, io.Discard)
		tt.want.args = args
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v\nwant %+v", tt.args, got, err, tt.want)
		}
	}
}

// What bench doesn't understand it refuses, and says what would be right.
func TestParseRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"quick":                          `"quick" is no flag`,
		"--size 1KB":                     "not defined: -size",
		"--sizes 0":                      "such as 10KB",
		"--sizes 5MB":                    "1 to 4MB",
		"--sizes 1KB,":                   "such as 10KB",
		"--flushes -1":                   "from 0 to 10000",
		"--concurrency 0":                "from 1 to 10000",
		"--http 2":                       "1.0, 1.1",
		"--keepalive yes":                "want on or off",
		"--only pages":                   "page, waiting, isolated, slow, matrix",
		"--rounds -1":                    "--rounds",
		"--round fast":                   "fast",
		"--compare a.json":               "want two",
		"--compare a.json b.json c.json": "want two",
	} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
}

// The promises of the README: how long it takes, and what is in it. Beside
// what is counted here each case needs a moment to get ready.
func TestPlan(t *testing.T) {
	tests := []struct {
		args  string
		cells map[figures.Group]int
		slow  int
		least time.Duration
		most  time.Duration
	}{
		{"", map[figures.Group]int{figures.Page: 5, figures.Waiting: 3, figures.Matrix: 4 * 4 * 2 * 2 * 3}, 2, 5 * time.Minute, 8 * time.Minute},
		{"--quick", map[figures.Group]int{figures.Page: 5, figures.Waiting: 3, figures.Matrix: 16 + 9}, 2, 30 * time.Second, 48 * time.Second},
		{"--quick --only matrix --http 1.0 --sizes 1KB", map[figures.Group]int{figures.Matrix: 8}, 0, 0, 10 * time.Second},
		{"--only slow --flushes 7", map[figures.Group]int{}, 1, 0, 20 * time.Second},
	}
	for _, tt := range tests {
		s, err := parse(strings.Fields(tt.args), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		p := newPlan(s)
		if s.only == nil && isolate.Available() {
			tt.cells[figures.Isolated] = 3
		}
		cells := map[figures.Group]int{}
		for _, c := range p.cells {
			cells[c.Group]++
		}
		if !reflect.DeepEqual(cells, tt.cells) || len(p.slow) != tt.slow {
			t.Errorf("%q: %v and %d slow, want %v and %d", tt.args, cells, len(p.slow), tt.cells, tt.slow)
		}
		if took := p.time(); took < tt.least || took > tt.most {
			t.Errorf("%q takes %s, want %s to %s", tt.args, took, tt.least, tt.most)
		}
	}
}
