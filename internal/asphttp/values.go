package asphttp

import "strings"

// Values is one of ASP's collections: names without regard to case, in the order of their first appearance and
// spelled as there, each with one or more values. Positions count from 1. A nil *Values is an empty collection.
//
// A collection of a Request is decoded when it is first asked for a name, a number or a value, by the code page of that
// moment; Raw asks for none of them. It belongs to the Request's goroutine. Any other doesn't change once its maker has
// returned it, and any goroutine may read it.
type Values struct {
	raw     string
	late    func(*Values) // fills what is below, when it is first asked for
	entries []valuesEntry
	index   map[string]int // by folded name; made when a linear search would be slow
	first   []string       // room for the first value of each name
}

type valuesEntry struct {
	name, folded string
	values       []string
}

// linearNames is how many names are searched without an index.
const linearNames = 8

// fold is the one way this package compares names.
func fold(name string) string { return strings.ToLower(name) }

func newValues(raw string, pairs int) *Values {
	v := &Values{raw: raw}
	v.expect(pairs)
	return v
}

// lateValues is a collection that fill decodes when somebody reads in it.
func lateValues(raw string, fill func(*Values)) *Values { return &Values{raw: raw, late: fill} }

// load makes what hasn't been made.
func (v *Values) load() {
	if v != nil && v.late != nil {
		fill := v.late
		v.late = nil
		fill(v)
	}
}

// expect makes room for so many names.
func (v *Values) expect(names int) {
	v.entries, v.first = make([]valuesEntry, 0, names), make([]string, 0, names)
}

// Raw is the text of the whole collection, undecoded: the query string, the body of a form.
func (v *Values) Raw() string {
	if v == nil {
		return ""
	}
	return v.raw
}

// Len is the number of names.
func (v *Values) Len() int {
	v.load()
	if v == nil {
		return 0
	}
	return len(v.entries)
}

// Key is the i-th name, from 1.
func (v *Values) Key(i int) (string, bool) {
	if i < 1 || i > v.Len() {
		return "", false
	}
	return v.entries[i-1].name, true
}

// At is the values of the i-th name, from 1. The caller must not change them.
func (v *Values) At(i int) []string {
	if i < 1 || i > v.Len() {
		return nil
	}
	return v.entries[i-1].values
}

// Get is the values of a name in their order; nil when there is none. The caller must not change them.
func (v *Values) Get(name string) []string {
	if i := v.find(name); i >= 0 {
		return v.entries[i].values
	}
	return nil
}

// Text is the values of a name as ASP shows them: joined by a comma and a blank. "" when there is none.
func (v *Values) Text(name string) string { return strings.Join(v.Get(name), ", ") }

// Has says whether the name is there.
func (v *Values) Has(name string) bool { return v.find(name) >= 0 }

func (v *Values) find(name string) int {
	v.load()
	if v == nil || len(v.entries) == 0 {
		return -1
	}
	return v.findFolded(fold(name))
}

func (v *Values) findFolded(folded string) int {
	if v.index != nil {
		if i, ok := v.index[folded]; ok {
			return i
		}
		return -1
	}
	for i := range v.entries {
		if v.entries[i].folded == folded {
			return i
		}
	}
	return -1
}

// add appends a value to a name.
func (v *Values) add(name, value string) {
	folded := fold(name)
	if i := v.findFolded(folded); i >= 0 {
		v.entries[i].values = append(v.entries[i].values, value)
		return
	}
	v.first = append(v.first, value)
	n := len(v.first)
	v.entries = append(v.entries, valuesEntry{name, folded, v.first[n-1 : n : n]})
	if v.index != nil {
		v.index[folded] = len(v.entries) - 1
	} else if len(v.entries) > linearNames {
		v.index = make(map[string]int, cap(v.entries))
		for i := range v.entries {
			v.index[v.entries[i].folded] = i
		}
	}
}
