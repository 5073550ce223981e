package runtime

import (
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/ecmaregexp/samples"
)

// The judge of RegExp's methods: what Node made of samples by
// testdata/regexp/methods.js, as a hash for each block of them.
const (
	methodSeed   = 5
	methodBlock  = 100
	methodBlocks = 1_000
	methodHashes = "testdata/regexp/node20.hashes"
)

var (
	allMethods    = flag.Bool("allmethods", false, "judge RegExp's methods on all samples, not every fiftieth block")
	updateMethods = flag.Bool("updatemethods", false, "ask Node, and write the hashes of its answers")
)

// methodLines are the samples of a block.
func methodLines(seed uint64, block int) (lines []string) {
	for n := block * methodBlock; n < (block+1)*methodBlock; n++ {
		lines = append(lines, samples.New(seed, uint64(n)).JSON())
	}
	return lines
}

// methodsHere is what a page says of samples.
func methodsHere(t *testing.T, lines []string) []string {
	t.Helper()
	source, err := os.ReadFile("testdata/regexp/methods.js")
	if err != nil {
		t.Fatal(err)
	}
	out, err := runText("<% " + string(source) + "\nvar list = [" + strings.Join(lines, ",\n") +
		"]; for (var i = 0; i < list.length; i++) Response.Write(methods(list[i][0], list[i][1], list[i][2]) + '\\n') %>")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n")
}

// methodsOfNode is what Node says; ok is false where there is none.
func methodsOfNode(t *testing.T, lines []string) (answers []string, version string, ok bool) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		return nil, "", false
	}
	var out, log bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "node", "testdata/regexp/methods.mjs")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(strings.Join(lines, "\n")+"\n"), &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, &log)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), log.String(), true
}

func methodHash(answers []string) []byte {
	h := fnv.New64a()
	for _, a := range answers {
		fmt.Fprintln(h, a)
	}
	return h.Sum(nil)
}

func TestRegExpMethods(t *testing.T) {
	if *updateMethods {
		var hashes []byte
		for block := 0; block < methodBlocks; block += 50 {
			var lines []string
			for b := range 50 {
				lines = append(lines, methodLines(methodSeed, block+b)...)
			}
			answers, _, ok := methodsOfNode(t, lines)
			if !ok {
				t.Fatal("there is no node here")
			}
			for ; len(answers) > 0; answers = answers[methodBlock:] {
				hashes = append(hashes, methodHash(answers[:methodBlock])...)
			}
		}
		if err := os.WriteFile(methodHashes, hashes, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hashes, err := os.ReadFile(methodHashes)
	if err != nil || len(hashes) != 8*methodBlocks {
		t.Fatal(len(hashes), err)
	}
	step := 50
	if *allMethods {
		step = 1
	}
	for part := range 2 {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			for block := part * step; block < methodBlocks; block += 2 * step {
				if lines := methodLines(methodSeed, block); !bytes.Equal(methodHash(methodsHere(t, lines)), hashes[8*block:8*block+8]) {
					compareMethods(t, lines)
					t.Errorf("block %d differs", block)
				}
			}
		})
	}
}

// compareMethods shows what differs, where there is a Node to ask.
func compareMethods(t *testing.T, lines []string) {
	t.Helper()
	want, version, ok := methodsOfNode(t, lines)
	if !ok || !strings.HasPrefix(version, "Node 20.") {
		return
	}
	for i, got := range methodsHere(t, lines) {
		if got != want[i] {
			a, b := strings.Split(got, " ; "), strings.Split(want[i], " ; ")
			for k := 0; k < min(len(a), len(b)); k++ {
				if a[k] != b[k] {
					t.Errorf("%s, method %d\n got %s\nwant %s", lines[i], k, a[k], b[k])
				}
			}
		}
	}
}

// FuzzRegExpMethods compares with Node on samples that nobody has seen.
func FuzzRegExpMethods(f *testing.F) {
	f.Add(uint64(6))
	f.Fuzz(func(t *testing.T, seed uint64) { compareMethods(t, methodLines(seed, 0)) })
}
