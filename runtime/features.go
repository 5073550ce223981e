package runtime

import "strings"

// features are the parts of JScript's library that a program needs on top of
// the engine's. Each costs something to set up, so only programs whose text
// names them get them.
type features uint

const (
	needPromises features = 1 << iota
)

// featuresOf looks for the words by which a program may use a feature. Text
// that is made at run time (eval) is looked at then.
func featuresOf(text string) features {
	var f features
	for _, w := range featureWords {
		if strings.Contains(text, w.word) {
			f |= w.feature
		}
	}
	return f
}

var featureWords = []struct {
	word    string
	feature features
}{
	{"Promise", needPromises},
	{"async", needPromises},
}

// extend sets up what the program needs.
func (sc *script) extend() {
	if sc.prog.needs&needPromises != 0 {
		sc.trackRejections()
	}
}
