package runtime

import "testing"

// TestFeatureSet: each feature is one of its own, in whatever word it stands.
func TestFeatureSet(t *testing.T) {
	var all features
	for one := range featureCount {
		alone := need(one)
		if all.has(one) || !alone.has(one) || alone.empty() {
			t.Fatalf("%d of %d is in the set of those before", one, featureCount)
		}
		before := all
		all.add(alone)
		if !all.has(one) || parseFeatures(all.String()) != all {
			t.Errorf("%d: %s", one, all)
		}
		rest := all
		if rest.remove(alone); rest != before {
			t.Errorf("without %d: %s, want %s", one, rest, before)
		}
	}
	if len(all) < 2 {
		t.Error("they take one word: nothing is shown of more")
	}
	for _, text := range []string{"", ".", "x.y", "1", "1.2.3.4", "-1.ffffffffffff"} {
		parseFeatures(text) // anything but a panic
	}
	if some := allBounds(); some.has(needLocale) || !some.has(firstSetter-1) {
		t.Errorf("all bounds are %s", some)
	}
	if again := all; true {
		if again.remove(all); !again.empty() {
			t.Errorf("nothing is %s", again)
		}
	}
}
