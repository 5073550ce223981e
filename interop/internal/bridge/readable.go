package bridge

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// Readable makes the contents of a session that has ended what its
// Session_OnEnd can read: a record of values as a page would see them, without
// the keys that no page sees. The session has the number that its pages knew.
func Readable(c *store.Claimed, values map[string]any, metaKey string, hidden ...string) error {
	o := Options{MetaKey: metaKey, Hidden: hidden}
	meta := ParseMeta(values[metaKey])
	ch := cborvalue.Changes{Meta: &cborvalue.Meta{Timeout: meta.Timeout, LCID: meta.LCID, CodePage: meta.CodePage}}
	keys := make([]string, 0, len(values))
	for key := range values {
		if !o.hides(key) && utf8.ValidString(key) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, strings.Compare)
	for _, key := range keys {
		raw, _ := FromGo(values[key])
		ch.Items = append(ch.Items, cborvalue.Change{Key: key, Raw: raw})
	}
	var empty cborvalue.Record
	data, err := empty.Apply(ch)
	if err != nil {
		return err
	}
	if n, err := strconv.ParseInt(meta.ID, 10, 64); err == nil && n > 0 {
		c.Serial = n
	}
	c.Data = data
	return nil
}
