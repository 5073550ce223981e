package dialect

import (
	"strings"
	"testing"
)

// fuzzSeeds hands every source in testdata, and what became of it, to f.
func fuzzSeeds(f *testing.F) {
	for _, dir := range []string{"cases", "corpus"} {
		for _, file := range chunkFiles(f, dir) {
			_, list := readChunks(f, file)
			for _, c := range list {
				f.Add(strings.Replace(c.source, "¦", "", 1))
				f.Add(c.want)
			}
		}
	}
	for seed := range int64(20) {
		f.Add(generate(seed).calls.String())
	}
}

// parseable keeps away sources that would keep the parser busy for long.
func parseable(src string) bool {
	return len(src) < 4000 && strings.Count(src, "=>")+strings.Count(src, "async") <= 8
}

// FuzzRewrite tests that rewriting never fails badly, never moves a line,
// maps every offset and leaves alone what the parser accepts.
func FuzzRewrite(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		HasTopLevelAwait(src)
		Comparisons(src)
		r, err := Rewrite(src, testNames)
		if err == nil {
			checkInvariants(t, src, r)
		}
		if parseable(src) && parse(src) == nil {
			checkValid(t, src)
		}
	})
}

// FuzzMutate does the same with programs that are nearly valid: the numbers
// seed the generator and the mutation.
func FuzzMutate(f *testing.F) {
	for seed := range int64(50) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, seed, change int64) {
		src := mutate(random(change), generate(seed).plain.String())
		if r, err := Rewrite(src, testNames); err == nil {
			checkInvariants(t, src, r)
		}
		if parseable(src) && parse(src) == nil {
			checkValid(t, src)
		}
	})
}

// FuzzTokens tests, with sources that rewriting makes valid, that the result
// has the tokens of the source and needs no second pass.
func FuzzTokens(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		if !parseable(src) || strings.Contains(src, "REF") || strings.Contains(src, "@") {
			return
		}
		r, err := Rewrite(src, testNames)
		if err == nil && parse(r.Text) == nil {
			checkTokens(t, src, r)
		}
	})
}
