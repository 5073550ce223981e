package figures

// A Change is what became of one case from one run to another.
type Change struct {
	Case  Case
	A, B  Cell
	Ratio Ratio // of B's rate ratio to A's: how much faster naja became, whatever the machine did
	Kind  Verdict
}

// A Verdict says what a change means.
type Verdict string

// The verdicts.
const (
	Faster Verdict = "faster"
	Slower Verdict = "slower"
	Same   Verdict = "" // within what the rounds of each run differ among themselves
)

// Compare matches the cases of two runs. It compares ratios to the plain
// handler, so that a machine that was faster or had less to do isn't taken
// for a better naja. Cases that only one run has are counted.
func Compare(a, b *Run) (changes []Change, onlyA, onlyB int) {
	before := make(map[Case]Cell, len(a.Cells))
	for _, cell := range a.Cells {
		before[cell.Case] = cell
	}
	for _, cell := range b.Cells {
		old, ok := before[cell.Case]
		if !ok {
			onlyB++
			continue
		}
		delete(before, cell.Case)
		changes = append(changes, Change{
			Case: cell.Case, A: old, B: cell,
			Ratio: RatioOf(float64(cell.Ratios.Get(MetricRate)), float64(old.Ratios.Get(MetricRate))),
			Kind:  judge(&old, &cell),
		})
	}
	return changes, len(before), onlyB
}

// minChange is the least difference worth a word.
const minChange = 0.03

// judge calls a change one when no round of one run is among the rounds of the
// other, and the difference is worth a word.
func judge(a, b *Cell) Verdict {
	leastA, mostA := a.Spread()
	leastB, mostB := b.Spread()
	switch {
	case leastB > mostA*(1+minChange):
		return Faster
	case mostB < leastA*(1-minChange):
		return Slower
	}
	return Same
}

// A SlowChange is what became of one case of slow readers.
type SlowChange struct{ A, B Slow }

// CompareSlow matches the slow readers of two runs.
func CompareSlow(a, b *Run) (changes []SlowChange) {
	for _, after := range b.Slow {
		for _, before := range a.Slow {
			if before.SlowCase == after.SlowCase {
				changes = append(changes, SlowChange{before, after})
			}
		}
	}
	return changes
}
