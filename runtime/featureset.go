package runtime

import (
	"strconv"
	"strings"
)

// features is a set of them, in as many words as all of them take. A value
// is copied and compared as a number is.
type features [(featureCount + wordBits - 1) / wordBits]uint32

const wordBits = 32

// need is the set of those listed.
func need(list ...feature) (f features) {
	for _, one := range list {
		f[one/wordBits] |= 1 << (one % wordBits)
	}
	return f
}

// add puts those of other into the set.
func (f *features) add(other features) {
	for i, word := range other {
		f[i] |= word
	}
}

// remove takes those of other out of it.
func (f *features) remove(other features) {
	for i, word := range other {
		f[i] &^= word
	}
}

func (f *features) has(one feature) bool { return f[one/wordBits]&(1<<(one%wordBits)) != 0 }

func (f *features) empty() bool { return *f == features{} }

// String is the set as text, for parseFeatures.
func (f features) String() string {
	var words []string
	for _, word := range f {
		words = append(words, strconv.FormatUint(uint64(word), 16))
	}
	return strings.Join(words, ".")
}

// parseFeatures reads what String wrote; of anything else it makes something.
func parseFeatures(text string) (f features) {
	for i, word := range strings.SplitN(text, ".", len(f)) {
		n, _ := strconv.ParseUint(word, 16, wordBits)
		f[i] = uint32(n)
	}
	return f
}
