package bridge

import (
	"github.com/najahost/naja/internal/cborvalue"
)

// has reports whether there is a value under the exact key.
func (c *contents) has(key string) bool {
	if ch := c.changes[key]; ch != nil {
		return !ch.Remove
	}
	_, ok := c.values[key]
	return ok && !c.hidden(key)
}

// find gives the spelling under which key is kept.
func (c *contents) find(key string) (string, bool) {
	if c.has(key) {
		return key, true
	}
	for _, k := range c.spellings(key) {
		if c.has(k) {
			return k, true
		}
	}
	return "", false
}

// spellings gives the keys of order that are key but for their case.
func (c *contents) spellings(key string) []string {
	if c.folds == nil {
		c.folds = make(map[string][]string, len(c.order))
		for _, k := range c.order {
			c.folds[cborvalue.Fold(k)] = append(c.folds[cborvalue.Fold(k)], k)
		}
	}
	return c.folds[cborvalue.Fold(key)]
}

// keys gives the spellings: those of the library sorted, then new ones.
func (c *contents) keys() []string {
	keys := make([]string, 0, len(c.order))
	for _, k := range c.order {
		if c.has(k) {
			keys = append(keys, k)
		}
	}
	return keys
}
