// Package collation orders texts as the readers of a language do.
package collation

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Options are those of String.prototype.localeCompare in ECMA-402 10.1.
type Options struct {
	IgnoreCase    bool // sensitivity base or accent
	IgnoreAccents bool // sensitivity base or case
	Numeric       bool // digits count as the number that they are
}

// A Collator compares in one language. One goroutine at a time may use it.
type Collator struct{ c *collate.Collator }

// New makes the collator of a language, a tag of BCP 47 such as sv-SE. One that
// has no order of its own has that of Unicode.
func New(tag string, o Options) *Collator {
	var list []collate.Option
	for _, one := range []struct {
		on     bool
		option collate.Option
	}{{o.IgnoreCase, collate.IgnoreCase}, {o.IgnoreAccents, collate.IgnoreDiacritics}, {o.Numeric, collate.Numeric}} {
		if one.on {
			list = append(list, one.option)
		}
	}
	return &Collator{collate.New(language.Make(tag), list...)}
}

// Compare gives -1, 0 or 1.
func (c *Collator) Compare(a, b string) int {
	return c.c.CompareString(norm.NFD.String(a), norm.NFD.String(b))
}
