package runtime

import (
	"strings"

	"github.com/dop251/goja"
)

// member is one member of an intrinsic: a property with get and maybe set, or
// a method.
type member struct {
	name string
	get  func(h *host) goja.Value
	set  func(h *host, v goja.Value)
	call func(h *host, args []goja.Value) goja.Value
	// indexed members are collections with arguments: Session.Contents("x")
	// works because what get returns can be called.
	index int
}

// class is the member table of one kind of intrinsic. It is made once and
// never changes.
type class struct {
	name    string
	exact   map[string]*member
	folded  map[string]*member
	ordered []*member
}

// newClass makes a table.
func newClass(name string, members ...member) *class {
	c := &class{name: name, exact: make(map[string]*member, len(members)), folded: make(map[string]*member, len(members))}
	for i := range members {
		m := &members[i]
		m.index = i
		c.exact[m.name] = m
		c.folded[strings.ToLower(m.name)] = m
		c.ordered = append(c.ordered, m)
	}
	return c
}

// find looks a member up, without regard to case when its own spelling
// misses.
func (c *class) find(key string) *member {
	if m := c.exact[key]; m != nil {
		return m
	}
	if len(key) > 40 {
		return nil
	}
	return c.folded[strings.ToLower(key)]
}

// nearest is the member whose name a mistyped one is closest to, "" when none
// is close.
func (c *class) nearest(key string) string {
	if len(key) > 40 {
		return ""
	}
	key = strings.ToLower(key)
	best, limit := "", max(1, len(key)/3)+1
	for _, m := range c.ordered {
		if d := distance(key, strings.ToLower(m.name)); d < limit {
			best, limit = m.name, d
		}
	}
	return best
}

// distance is the number of inserted, removed and changed bytes between two
// short names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(row[j]+1, row[j-1]+1, cost)
		}
	}
	return row[len(b)]
}

// property, constant and method are the three ways to write a row.
func property(name string, get func(*host) goja.Value, set func(*host, goja.Value)) member {
	return member{name: name, get: get, set: set}
}

func readOnly(name string, get func(*host) goja.Value) member { return member{name: name, get: get} }

// itself is the member that a collection's default one is called by: the
// collection, which can be called, assigned and read as its default value.
func itself(name string) member {
	return readOnly(name, func(h *host) goja.Value { return h.object })
}

func method(name string, call func(*host, []goja.Value) goja.Value) member {
	return member{name: name, call: call}
}
