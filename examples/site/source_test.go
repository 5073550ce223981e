package site_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sources lists the files that run on the server, folder by folder.
func sources() ([]string, error) {
	var all []string
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		name = filepath.ToSlash(name)
		if err != nil {
			return err
		}
		if name == "inc/source" || name == "testdata" {
			return fs.SkipDir
		}
		switch filepath.Ext(name) {
		case ".asp", ".asa", ".inc":
			all = append(all, name)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b string) int { return strings.Compare(path.Dir(a), path.Dir(b)) })
	return all, err
}

// included is where the listing of a file stands.
func included(name string) string {
	return "inc/source/" + strings.TrimSuffix(name, ".inc") + ".inc"
}

// generated makes all of inc/source: a listing for each file, the list of
// them, and the page part that shows the one that was asked for.
func generated() (map[string]string, error) {
	names, err := sources()
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	var list, show strings.Builder
	list.WriteString("<%\nvar sources = [\n")
	for i, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all[included(name)] = listing(name, string(text))
		list.WriteString("  \"" + name + "\",\n")
		if i > 0 {
			show.WriteString("<% } else ")
		} else {
			show.WriteString("<% ")
		}
		show.WriteString("if (of === \"" + name + "\") { %>\n<!--#include virtual=\"/" + included(name) + "\"-->\n")
	}
	list.WriteString("];\n%>\n")
	show.WriteString("<% } %>\n")
	all["inc/source/list.inc"] = list.String()
	all["inc/source/show.inc"] = show.String()
	return all, nil
}

// regenerate makes inc/source anew.
func regenerate() error {
	all, err := generated()
	if err != nil {
		return err
	}
	if err := os.RemoveAll("inc/source"); err != nil {
		return err
	}
	for name, text := range all {
		if err := write(name, text); err != nil {
			return err
		}
	}
	return nil
}

func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// TestSource fails when inc/source isn't what the files are; -update mends it.
func TestSource(t *testing.T) {
	want, err := generated()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		have, err := os.ReadFile(name)
		if err != nil || string(have) != text {
			t.Errorf("%s isn't the source as it is now: go test ./examples/site -update", name)
		}
	}
	err = filepath.WalkDir("inc/source", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && want[filepath.ToSlash(name)] == "" {
			t.Errorf("%s is the source of nothing", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestPagesShowTheirSource fails when a page of the menu doesn't include its
// own listing.
func TestPagesShowTheirSource(t *testing.T) {
	names, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.Contains(name, "/") || filepath.Ext(name) != ".asp" || name == "source.asp" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `<!--#include file="`+included(name)+`"-->`) {
			t.Errorf("%s doesn't include %s", name, included(name))
		}
	}
}

// TestHighlighting looks at the painter itself: whatever it marks, the text
// stays the text.
func TestHighlighting(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`<b><%= x %></b>`, `<span class="t">&lt;b</span>&gt;<span class="d">&lt;%=</span> x <span class="d">%&gt;</span><span class="t">&lt;/b</span>&gt;`},
		{`<% if (a.in) "%>`, `<span class="d">&lt;%</span> <span class="k">if</span> (a.in) &#34;<span class="d">%&gt;</span>`},
		{`<% x = /"/; // "` + "\n%>", `<span class="d">&lt;%</span> x = <span class="s">/&#34;/</span>; <span class="c">// &#34;</span>` + "\n" + `<span class="d">%&gt;</span>`},
		{`<!--#include file="a.inc"-->`, `<span class="d">&lt;!--#include file=&#34;a.inc&#34;--&gt;</span>`},
		{`<% "−" – %>`, `<span class="d">&lt;%</span> <span class="s">&#34;−&#34;</span> – <span class="d">%&gt;</span>`},
		{"<script runat=\"server\">\nvar a;</script>", "<span class=\"t\">&lt;script runat=&#34;server&#34;&gt;</span>\n<span class=\"k\">var</span> a;<span class=\"t\">&lt;/script</span>&gt;"},
	} {
		p := painter{text: c.text}
		p.markup()
		if got := p.out.String(); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
	if !slices.IsSorted(keywords()) {
		t.Error("the keywords aren't sorted")
	}
}
