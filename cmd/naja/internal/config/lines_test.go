package config

import (
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestStatements(t *testing.T) {
	text := strings.Join([]string{
		`# head`,                // 1
		`a = "x\"#=" # b = 1`,   // 2
		`"b c" = 'y\'`,          // 3
		`c = [ "]", # d = 1`,    // 4
		`  1, [2]]`,             // 5
		`d = """x`,              // 6
		`e = 1 \"""`,            // 7
		`f = 2""""`,             // 8
		"g.h = '''",             // 9
		"i = 1'''",              // 10
		`j = {k = "}"}` + "\r",  // 11
		` [[ application ]] #x`, // 12
		"\tk = 1",               // 13
		`[[application]]`,       // 14
		`["other".x]`,           // 15
		`l = 2001-01-01`,        // 16
		`[application.m]`,       // 17
		`[ session ]`,           // 18
		`n = 1`,                 // 19
		`[application.session]`, // 20
		`o = 1`,                 // 21
		`[application.p]`,       // 22
	}, "\n")
	want := []statement{
		{topLevel, "a", 2, false}, {topLevel, "b c", 3, false}, {topLevel, "c", 4, false}, {topLevel, "d", 6, false},
		{topLevel, "g", 9, false}, {topLevel, "j", 11, false},
		{0, "application", 12, true}, {0, "k", 13, false}, {1, "application", 14, true},
		{otherTable, "other", 15, true}, {otherTable, "l", 16, false}, {otherTable, "application", 17, true},
		{topLevel, "session", 18, true}, {topLevel, "session.n", 19, false},
		{1, "session", 20, true}, {1, "session.o", 21, false}, {1, "p", 22, false},
	}
	var any map[string]any
	if _, err := toml.Decode(text, &any); err != nil {
		t.Fatal(err)
	}
	if got := statements(text); !slices.Equal(got, want) {
		t.Errorf("statements:\n got %v\nwant %v", got, want)
	}
}

// FuzzStatements compares the scanner with the TOML library: for text that
// the library reads, it finds the same top-level keys and as many tables.
func FuzzStatements(f *testing.F) {
	for _, seed := range []string{
		"a = 1", "a.b = [1,\n2]\n", "a = '''\nb = 1'''", `a = """\""" b = """`, "[[application]]\na=1\n[[application]]", "[x.y]\nz=1",
		"'a' = {b = [1, 2]} # c\r\nd=0x1F", "application = [{}]", "session.a = 1\n[b]\n", "[session]\na=1\n[[application]]\n[application.session]\nb=2", "session = {a.b = 1}", "a = ''", `"" = 1`, `"\u0041"=1`, "a = '''x''''",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all := statements(text)
		var top map[string]any
		if _, err := toml.Decode(text, &top); err != nil || strings.HasPrefix(text, "\ufeff") ||
			strings.HasPrefix(text, "\xfe\xff") || strings.HasPrefix(text, "\xff\xfe") { // marks that the library skips
			return
		}
		tables := 0
		for _, st := range all {
			switch {
			case st.head && st.table >= 0 && !isTable(st.key):
				tables++
			case !st.head && st.table == topLevel:
				first, _, _ := strings.Cut(st.key, ".")
				_, whole := top[st.key]
				if _, ok := top[first]; !ok && !whole && !strings.ContainsAny(st.key, `\`) {
					t.Errorf("key %q in line %d of %q is not there", st.key, st.line, text)
				}
			}
			if st.line < 1 || st.line > strings.Count(text, "\n")+1 {
				t.Errorf("line %d of %q", st.line, text)
			}
		}
		if applications, ok := top["application"].([]map[string]any); ok && len(applications) != tables {
			t.Errorf("%d tables in %q, want %d", tables, text, len(applications))
		}
	})
}
