package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/server"
	"github.com/najahost/naja/operate/isolate"
)

// TestMain is also the server of the tests, as main is that of the command.
func TestMain(m *testing.M) {
	if server.IsChild() {
		if err := server.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// TestRun measures a tiny matrix from the command line to the report, and
// looks at what has to be so on every machine.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	jsonFile, htmlFile := filepath.Join(dir, "run.json"), filepath.Join(dir, "run.html")
	var out, log bytes.Buffer
	code := run(t.Context(), []string{
		"--sizes", "1KB,20KB", "--flushes", "0,2", "--concurrency", "2", "--rounds", "2", "--round", "15ms",
		"--only", "matrix,page,isolated", "--json", jsonFile, "--html", htmlFile,
	}, &out, &log)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, log.String())
	}
	measured, err := figures.Read(jsonFile)
	if err != nil {
		t.Fatal(err)
	}
	want := 5 + 2*2*2*2
	if isolate.Available() {
		want += 3
		if w := measured.Worker; w == nil || w.Start <= 0 || !strings.Contains(out.String(), "A worker is ready") {
			t.Errorf("the worker is %+v", w)
		}
	}
	if len(measured.Cells) != want {
		t.Errorf("%d cells, want %d", len(measured.Cells), want)
	}
	for _, cell := range measured.Cells {
		t.Run(fmt.Sprintf("%s, %s, %s", cell.Group, cell.Output(), cell.Line()), func(t *testing.T) {
			checkCell(t, cell)
		})
	}
	html, err := os.ReadFile(htmlFile)
	if err != nil || !bytes.Contains(html, []byte("<svg")) {
		t.Errorf("%d bytes of HTML without a plot, %v", len(html), err)
	}
	if !strings.Contains(out.String(), "20 KB, 2 flushes") {
		t.Errorf("the tables lack a case:\n%s", out.String())
	}

	out.Reset()
	if code := run(t.Context(), []string{"--compare", jsonFile, jsonFile}, &out, &log); code != 0 {
		t.Fatalf("exit code %d: %s", code, log.String())
	}
	if want := fmt.Sprintf("%d cases: 0 faster, 0 slower", len(measured.Cells)); !strings.Contains(out.String(), want) {
		t.Errorf("a run compared with itself:\n%s\nwant %q", out.String(), want)
	}
}

// checkCell looks at a cell's framing: what naja promises, and what makes the
// comparison fair.
func checkCell(t *testing.T, cell figures.Cell) {
	for name, f := range map[string]figures.Figures{"naja": cell.Naja, "plain": cell.Plain} {
		if f.Failed > 0 || f.Requests < cell.Concurrency || f.Rate <= 0 {
			t.Errorf("%s: %d requests, %.0f a second, %d failed: %s", name, f.Requests, f.Rate, f.Failed, f.Failure)
		}
		if f.FirstByte.P50 <= 0 || f.LastByte.P50 < f.FirstByte.P50 || f.LastByte.P99 < f.LastByte.P50 {
			t.Errorf("%s: first byte %v, last byte %v", name, f.FirstByte, f.LastByte)
		}
		chunks := 0.0
		if cell.Flushes > 0 && cell.HTTP == "1.1" {
			chunks = float64(cell.Flushes) + 2 // what comes after the last flush, and the end
		}
		if f.Chunks != chunks || f.Wire <= float64(cell.Size) {
			t.Errorf("%s: %v chunks, want %v; %v bytes on the wire for %d", name, f.Chunks, chunks, f.Wire, cell.Size)
		}
		kept := cell.KeepAlive && (cell.HTTP == "1.1" || cell.Flushes == 0)
		if kept != (f.Connections == cell.Concurrency) {
			t.Errorf("%s: %d connections for %d requests of %d visitors, kept %t", name, f.Connections, f.Requests, cell.Concurrency, kept)
		}
	}
	if cell.Naja.Wire != cell.Plain.Wire {
		t.Errorf("naja sent %v bytes, plain %v", cell.Naja.Wire, cell.Plain.Wire)
	}
}

// TestRunSlow measures slow readers and a page that waits: a buffered page
// holds no apartment while its reader reads, a flushed one does.
func TestRunSlow(t *testing.T) {
	var log bytes.Buffer
	s, err := parse([]string{"--quick", "--only", "slow,waiting", "--sizes", "256KB", "--flushes", "0,5", "--rounds", "1", "--round", "10ms"}, &log)
	if err != nil {
		t.Fatal(err)
	}
	measured, err := measure(t.Context(), s, newProgress(&log), &log)
	if err != nil {
		t.Fatal(err)
	}
	if err := measured.Failed(); err != nil {
		t.Error(err)
	}
	if len(measured.Slow) != 2 || len(measured.Cells) != 3 {
		t.Fatalf("%d slow cases, %d waiting", len(measured.Slow), len(measured.Cells))
	}
	buffered, flushed := measured.Slow[0], measured.Slow[1]
	if buffered.Naja.HeldPerPage > flushed.Naja.HeldPerPage/2 || flushed.Naja.Longest < 100 {
		t.Errorf("buffered %+v\nflushed %+v", buffered.Naja, flushed.Naja)
	}
	if reading := flushed.Naja.Reading.P50; reading < 300 {
		t.Errorf("256 KB at 512 KB a second were read within %v ms", reading)
	}
	for _, cell := range measured.Cells {
		wants := server.WaitingTime.Seconds() * 1000
		if cell.Flushes == 0 {
			wants *= server.WaitingParts
		}
		if first := cell.Naja.FirstByte.P50; first < wants || cell.Flushes > 0 && first > cell.Naja.LastByte.P50/2 {
			t.Errorf("waiting, %d flushes: first byte after %v ms, last after %v", cell.Flushes, first, cell.Naja.LastByte.P50)
		}
	}
}

func TestRunFails(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.json")
	tests := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--sizes", "12GB"}, 2, "12GB"},
		{[]string{"--compare", "a.json"}, 2, "want two"},
		{[]string{"--compare", missing, missing}, 1, "none.json"},
		{[]string{"--html", filepath.Join(missing, "x"), "--only", "page", "--rounds", "1", "--round", "1ms"}, 1, "none.json"},
	}
	for _, tt := range tests {
		var out, log bytes.Buffer
		if code := run(t.Context(), tt.args, &out, &log); code != tt.code || !strings.Contains(log.String(), tt.want) {
			t.Errorf("%q: exit code %d, %q; want %d, %q", tt.args, code, log.String(), tt.code, tt.want)
		}
	}
	var out, log bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, &out, &log); code != 0 || !strings.Contains(log.String(), "--quick") {
		t.Errorf("--help: exit code %d, %q", code, log.String())
	}
}
