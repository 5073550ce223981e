package dialect

import "testing"

func generate(seed int64) *generator {
	g := &generator{r: random(seed)}
	g.budget = 20 + g.n(200)
	g.statements(5)
	return g
}

// TestGenerated takes pairs whose first program the parser accepts. It must
// stay as it is, and rewriting must make the second one acceptable.
func TestGenerated(t *testing.T) {
	n, accepted, targets := 3000, 0, 0
	if testing.Short() {
		n = 500
	}
	for seed := range int64(n) {
		g := generate(seed)
		plain, calls := g.plain.String(), g.calls.String()
		if !parseable(plain) || parse(plain) != nil {
			continue
		}
		accepted++
		if r := rewrite(t, plain); r.Text != plain {
			t.Errorf("seed %d: %q became %q", seed, plain, r.Text)
		}
		r := rewrite(t, calls)
		targets += len(r.Targets)
		if len(r.Targets) != g.targets {
			t.Errorf("seed %d: %q has %d targets, found %d: %q", seed, calls, g.targets, len(r.Targets), r.Text)
		}
		if err := parse(r.Text); err != nil {
			t.Errorf("seed %d: %q became %q: %v", seed, calls, r.Text, err)
		}
		checkInvariants(t, calls, r)
		checkTokens(t, calls, r)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d programs with %d targets", accepted, n, targets)
	if accepted < n/3 {
		t.Error("too few of the generated programs are valid")
	}
}
