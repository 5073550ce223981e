package intrinsics

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/najahost/naja/component"
)

// section is a part of docs/objects.md: the object that it is about, and its text.
type section struct {
	of   *component.Class
	text string
}

// sections reads docs/objects.md. Those of objects that are the language's own
// have none of ours; what is said before the first is said of all.
func sections(t *testing.T) (intro string, all []section) {
	t.Helper()
	b, err := os.ReadFile("../../../docs/objects.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(b), "\n## ")
	for _, part := range parts[1:] {
		name, text, _ := strings.Cut(part, "\n")
		for _, c := range Classes() {
			if c.Name == name {
				all = append(all, section{c, text})
			}
		}
	}
	return parts[0], all
}

var (
	code = regexp.MustCompile("`([^`]+)`")
	word = regexp.MustCompile(`\w+`)
)

// words are all names that a text has as code.
func words(text string, into map[string]bool) {
	for _, span := range code.FindAllStringSubmatch(text, -1) {
		for _, w := range word.FindAllString(span[1], -1) {
			into[w] = true
		}
	}
}

// TestDocumentComplete fails on a member that docs/objects.md doesn't have.
func TestDocumentComplete(t *testing.T) {
	intro, all := sections(t)
	if len(all) != named+1 {
		t.Fatalf("%d objects have a section", len(all))
	}
	met, own := map[*component.Class]bool{}, map[*component.Class]bool{}
	for _, s := range all {
		own[s.of] = true
	}
	for _, s := range all {
		said := map[string]bool{}
		words(intro, said)
		words(s.text, said)
		var look func(c *component.Class)
		look = func(c *component.Class) {
			if c == nil || met[c] || own[c] && c != s.of {
				return
			}
			met[c] = true
			for i := range c.Members {
				m := &c.Members[i]
				if !said[m.Name] {
					t.Errorf("docs/objects.md doesn't have %s.%s", c.Name, m.Name)
				}
				look(Gives(m))
			}
		}
		look(s.of)
	}
	for _, c := range Classes() {
		if !met[c] {
			t.Errorf("nothing gives %s", c.Name)
		}
	}
}

// TestDocumentTrue fails on a member in the tables of docs/objects.md that isn't
// there, or has other arguments.
func TestDocumentTrue(t *testing.T) {
	_, all := sections(t)
	n := 0
	for _, s := range all {
		text, _, _ := strings.Cut(s.text, "\n### Request.Signal") // its members are the language's
		base := ""
		for line := range strings.Lines(text) {
			cells := strings.Split(line, "|")
			if len(cells) < 3 {
				continue
			}
			for _, span := range code.FindAllStringSubmatch(cells[1], -1) {
				name := span[1]
				if rest, found := strings.CutPrefix(name, "."); found {
					name = base + "." + rest
				} else if at := strings.LastIndex(name, "."); at >= 0 {
					base = name[:at]
				}
				if strings.HasPrefix(name, s.of.Name+"(") {
					continue // the object itself, called
				}
				n++
				if problem := wrong(s.of, name); problem != "" {
					t.Errorf("docs/objects.md, %s: `%s`: %s", s.of.Name, span[1], problem)
				}
			}
		}
	}
	if n < 50 {
		t.Errorf("the tables have %d members", n)
	}
}

// wrong says what is wrong with how a member is written: Cookies(name).Domain.
func wrong(c *component.Class, written string) string {
	written, _, assigned := strings.Cut(written, " = ")
	steps := strings.Split(written, ".")
	for i, step := range steps {
		name, rest, called := strings.Cut(step, "(")
		m := c.Find(name)
		switch {
		case m == nil || m.Name != name:
			return c.Name + " has no " + name
		case m.IsMethod() || m.Indexed():
			if sig := strings.NewReplacer("[", "", "]", "").Replace(m.Sig); sig != "("+rest {
				return "its arguments are " + m.Sig
			}
			called = false
		}
		last := i == len(steps)-1
		if last && assigned && !called && m.Put == nil {
			return "it can't be assigned to"
		}
		if last && !called {
			return ""
		}
		if c = Gives(m); c == nil {
			return "what " + name + " gives has no members"
		}
		for range strings.Count(step, "(") {
			if m = c.Item(); called && m == nil {
				return c.Name + " can't be called"
			}
			if next := Gives(m); called && next != nil {
				c = next
			}
		}
	}
	return ""
}

// TestWrong shows that the check sees what it is for.
func TestWrong(t *testing.T) {
	for written, want := range map[string]string{
		"Cookies(name).Domain":       "",
		"Cookies(name)(key) = value": "",
		"Cookies.Count":              "",
		"Cookies.Key(i)":             "",
		"AddHeader(name, value)":     "",
		"Status":                     "",
		"Status = value":             "",
		"IsClientConnected = value":  "it can't be assigned to",
		"Statsu":                     "Response has no Statsu",
		"status":                     "Response has no status",
		"AddHeader(name)":            "its arguments are (name, value)",
		"AddHeader":                  "its arguments are (name, value)",
		"Cookies(name).Nothing":      "Response.Cookies(name) has no Nothing",
		"Buffer(x)":                  "what Buffer gives has no members",
	} {
		if got := wrong(responseClass, written); got != want {
			t.Errorf("%s: %q, want %q", written, got, want)
		}
	}
}

// TestGives: what a member gives is a kind of value, or one of our objects.
func TestGives(t *testing.T) {
	kinds := " text number boolean date bytes any Signal "
	for _, c := range Classes() {
		for i := range c.Members {
			m := &c.Members[i]
			if m.Gives != "" && Gives(m) == nil && !strings.Contains(kinds, " "+m.Gives+" ") {
				t.Errorf("%s.%s gives %q, which nobody knows", c.Name, m.Name, m.Gives)
			}
			if m.Get != nil && m.Gives == "" {
				t.Errorf("%s.%s doesn't say what it gives", c.Name, m.Name)
			}
		}
	}
	if Global("Session") != sessionClass || Global("ASPError") != nil || Global("session") != nil || Gives(nil) != nil {
		t.Error("names of objects")
	}
	if got := strings.Join(Counted(), " "); got != "TotalBytes IsClientConnected SessionID Count HasKeys" {
		t.Errorf("written with parentheses: %s", got)
	}
}
