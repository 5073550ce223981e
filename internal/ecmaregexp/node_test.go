package ecmaregexp

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/najahost/naja/internal/ecmaregexp/samples"
)

// answer says of a sample what testdata/answers.mjs says.
func answer(m *Machine, s samples.Sample) string {
	flags, ok := ParseFlags(s.Flags)
	if !ok {
		return "Invalid flags supplied to RegExp constructor '" + s.Flags + "'"
	}
	p, err := Compile(s.Pattern, flags)
	if err != nil {
		return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(err.Error())
	}
	var out []string
	t := Wide(s.Text)
	at := 0
	for range 12 {
		found, err := m.Match(p, t, at, false)
		if err != nil {
			return err.Error()
		}
		out = append(out, groupsText(found))
		if found == nil {
			break
		}
		if at = int(found[1]); found[0] == found[1] {
			at++
		}
	}
	out = append(out, "@")
	for i := 0; i <= len(s.Text) && i < 8; i++ {
		found, err := m.Match(p, t, i, true)
		if err != nil {
			return err.Error()
		}
		out = append(out, groupsText(found))
	}
	return strings.Join(out, ";")
}

func groupsText(found []int32) string {
	var out []string
	for i := 0; i < len(found); i += 2 {
		if found[i] < 0 {
			out = append(out, "-")
		} else {
			out = append(out, fmt.Sprintf("%d,%d", found[i], found[i+1]))
		}
	}
	return strings.Join(out, " ")
}

// askNode gives Node's answers; ok is false where there is no Node.
func askNode(t *testing.T, list []samples.Sample) (answers []string, version string, ok bool) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		return nil, "", false
	}
	var in, out, log bytes.Buffer
	for _, s := range list {
		fmt.Fprintln(&in, s.JSON())
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/answers.mjs")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, &log)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(list) {
		t.Fatalf("%d answers to %d questions", len(lines), len(list))
	}
	return lines, strings.TrimSpace(log.String()), true
}

// The judge: what Node made of the first samples of seed judgeSeed. Of all
// there is a hash for each block, of the first ones the answers themselves.
const (
	judgeSeed    = 2
	judgeSamples = 100_000
	judgeBlock   = 100
	judgeInFull  = 2_000
	judgeHashes  = "testdata/node20.hashes"
	judgeAnswers = "testdata/node20.txt.gz" // first line: the versions
)

var update = flag.Bool("update", false, "ask Node, and write its answers to testdata")

func hashOf(answers []string) []byte {
	h := fnv.New64a()
	for _, a := range answers {
		fmt.Fprintln(h, a)
	}
	return h.Sum(nil)
}

// TestDifferences compares with Node's answers as they are kept in testdata.
// With the race detector, which makes it ten times as slow, it takes a tenth.
func TestDifferences(t *testing.T) {
	if *update {
		writeAnswers(t)
	}
	hashes, err := os.ReadFile(judgeHashes)
	if err != nil || len(hashes) != judgeSamples/judgeBlock*8 {
		t.Fatal(len(hashes), err)
	}
	inFull := readAnswers(t)
	step := 1
	if raceEnabled {
		step = 10
	}
	for part := range 4 {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			m := Machine{}
			for block := part * step; block < len(hashes)/8; block += 4 * step {
				var got []string
				for n := block * judgeBlock; n < (block+1)*judgeBlock; n++ {
					s := samples.New(judgeSeed, uint64(n))
					got = append(got, answer(&m, s))
					if n < len(inFull) && got[len(got)-1] != inFull[n] {
						t.Errorf("sample %d: %s\n got %s\nwant %s", n, s, got[len(got)-1], inFull[n])
					}
				}
				if !bytes.Equal(hashOf(got), hashes[block*8:block*8+8]) {
					t.Errorf("block %d differs; go test -run TestNodeItself shows where", block)
				}
			}
		})
	}
}

func readAnswers(t *testing.T) []string {
	t.Helper()
	packed, err := os.ReadFile(judgeAnswers)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	return lines[1:]
}

func samplesFrom(seed uint64, from, to int) (list []samples.Sample) {
	for n := from; n < to; n++ {
		list = append(list, samples.New(seed, uint64(n)))
	}
	return list
}

// writeAnswers is what -update does.
func writeAnswers(t *testing.T) {
	answers, version, ok := askNode(t, samplesFrom(judgeSeed, 0, judgeSamples))
	if !ok {
		t.Fatal("there is no node here")
	}
	var hashes []byte
	for i := 0; i < len(answers); i += judgeBlock {
		hashes = append(hashes, hashOf(answers[i:i+judgeBlock])...)
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	fmt.Fprintln(w, version)
	fmt.Fprintln(w, strings.Join(answers[:judgeInFull], "\n"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{judgeHashes: hashes, judgeAnswers: packed.Bytes()} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// compareWithNode asks the Node of this machine, if it is of the version that
// the judge is: others know other characters and syntax.
func compareWithNode(t *testing.T, list []samples.Sample) {
	t.Helper()
	want, version, ok := askNode(t, list)
	if !ok || !strings.HasPrefix(version, "Node 20.") {
		t.Skip("needs Node 20, not", version)
	}
	m := Machine{}
	for i, s := range list {
		if got := answer(&m, s); got != want[i] {
			t.Errorf("%s\n got %s\nwant %s", s, got, want[i])
		}
	}
}

// TestNodeItself asks Node again, where it is installed, about a few of the
// judge's samples.Samples, so that the files in testdata can be trusted.
func TestNodeItself(t *testing.T) {
	t.Parallel()
	compareWithNode(t, samplesFrom(judgeSeed, judgeSamples-1_000, judgeSamples))
}

// FuzzNode compares with Node on samples that nobody has seen.
func FuzzNode(f *testing.F) {
	f.Add(uint64(3))
	f.Fuzz(func(t *testing.T, seed uint64) { compareWithNode(t, samplesFrom(seed, 0, 300)) })
}

// FuzzCompile gives any pattern and text to the compiler and the machine.
func FuzzCompile(f *testing.F) {
	for n := range uint64(20) {
		s := samples.New(4, n)
		f.Add(string(utf16.Decode(s.Pattern)), s.Flags, string(utf16.Decode(s.Text)))
	}
	f.Fuzz(func(t *testing.T, pattern, letters, text string) {
		flags, ok := ParseFlags(letters)
		if !ok {
			return
		}
		p, err := CompileString(pattern, flags)
		if err != nil {
			return
		}
		polls := 0
		m := Machine{Poll: func() error {
			if polls++; polls > 50 {
				return errStopped
			}
			return nil
		}}
		found, err := m.Match(p, wide(text), 0, false)
		if err != nil && err != errStopped && err != ErrTooComplex {
			t.Fatal(err)
		}
		for i := 0; i < len(found); i += 2 {
			if found[i] > found[i+1] || int(found[i+1]) > len(text) || found[i] < 0 && found[i+1] >= 0 {
				t.Fatal(found)
			}
		}
	})
}

var errStopped = errors.New("stopped")
