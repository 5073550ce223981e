package site_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An element is a start tag.
type element struct {
	name  string
	attrs map[string]string
	in    []string // the names of the elements around it
}

var (
	tagPattern = regexp.MustCompile(
		`<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[^\s=<>"'/]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*)\s*>`)
	attrPattern = regexp.MustCompile(`([^\s=<>"'/]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?`)
	comment     = regexp.MustCompile(`(?s)<!--.*?-->|<!DOCTYPE html>`)
)

// parse reads HTML as strictly as this site is written: every element that
// can be closed is. Problems are what isn't so.
func parse(body string) (all []element, problems []string) {
	body = comment.ReplaceAllString(body, "")
	var open []string
	for _, m := range tagPattern.FindAllStringSubmatch(body, -1) {
		name := strings.ToLower(m[2])
		switch {
		case m[1] == "/" && (len(open) == 0 || open[len(open)-1] != name):
			return all, append(problems, fmt.Sprintf("</%s> closes %v", name, open))
		case m[1] == "/":
			open = open[:len(open)-1]
		default:
			if slices.Contains(open, "p") && isBlock(name) {
				problems = append(problems, "<"+name+"> in <p>")
			}
			all = append(all, element{name, attributes(m[3]), slices.Clone(open)})
			if !isVoid(name) {
				open = append(open, name)
			}
		}
	}
	if len(open) > 0 {
		problems = append(problems, fmt.Sprintf("%v is never closed", open))
	}
	if rest := tagPattern.ReplaceAllString(body, ""); strings.ContainsAny(rest, "<") {
		problems = append(problems, "a < that begins no tag: "+rest[strings.Index(rest, "<"):][:min(40, len(rest)-strings.Index(rest, "<"))])
	}
	return all, problems
}

func attributes(text string) map[string]string {
	attrs := map[string]string{}
	for _, m := range attrPattern.FindAllStringSubmatch(text, -1) {
		attrs[strings.ToLower(m[1])] = m[2] + m[3] + m[4]
	}
	return attrs
}

func isVoid(name string) bool {
	return slices.Contains([]string{"meta", "link", "img", "input", "br", "hr"}, name)
}

func isBlock(name string) bool {
	return slices.Contains([]string{"p", "div", "ul", "ol", "dl", "table", "form", "pre", "h1", "h2", "h3", "section", "figure", "iframe"}, name)
}

// TestMarkup fails when a page isn't well-formed, or isn't usable without
// eyes or mouse in ways that a program can see.
func TestMarkup(t *testing.T) {
	v := newVisitor(t, serve(t, nil))
	for _, page := range []string{
		"", "tour.asp?egg=a&egg=b", "guestbook.asp", "cart.asp", "counter.asp", "turns.asp", "report.asp", "clock.asp",
		"upload.asp", "layout.asp", "errors.asp", "jscript.asp?who=x", "source.asp", "error.asp", "notfound.asp",
	} {
		check(t, v.get(page, 200))
	}
	v.post("cart.asp", form("token", v.get("cart.asp", 200).token(t), "id", "flute", "do", "more"), 302)
	check(t, v.get("cart.asp", 200))
	check(t, v.post("guestbook.asp", form(), 403))
}

func check(t *testing.T, a answer) {
	t.Helper()
	all, problems := parse(a.body)
	ids, headings := map[string]bool{}, 0
	for _, e := range all {
		if id, ok := e.attrs["id"]; ok {
			if ids[id] {
				problems = append(problems, "two elements are #"+id)
			}
			ids[id] = true
		}
	}
	for _, e := range all {
		problems = append(problems, accessible(e, ids, all)...)
		if len(e.name) == 2 && e.name[0] == 'h' && e.name != "hr" {
			level := int(e.name[1] - '0')
			if level > headings+1 {
				problems = append(problems, "a heading is skipped before "+e.name)
			}
			headings = level
		}
	}
	if n := count(all, "h1"); n != 1 {
		problems = append(problems, fmt.Sprintf("%d h1", n))
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", a.Request.URL, problem)
	}
}

func count(all []element, name string) (n int) {
	for _, e := range all {
		if e.name == name {
			n++
		}
	}
	return n
}

// accessible says what keeps an element from being used.
func accessible(e element, ids map[string]bool, all []element) (problems []string) {
	for _, ref := range []string{"for", "aria-describedby", "aria-labelledby"} {
		if id, ok := e.attrs[ref]; ok && !ids[id] {
			problems = append(problems, ref+" names #"+id+", which isn't there")
		}
	}
	_, alt := e.attrs["alt"]
	_, title := e.attrs["title"]
	switch {
	case e.name == "img" && !alt:
		problems = append(problems, "an image without alt")
	case e.name == "iframe" && !title:
		problems = append(problems, "an iframe without title")
	case e.name == "html" && e.attrs["lang"] == "":
		problems = append(problems, "no language")
	case (e.name == "input" || e.name == "textarea") && e.attrs["type"] != "hidden" && !labelled(e, all):
		problems = append(problems, "a field without a label: "+e.attrs["name"])
	}
	return problems
}

func labelled(e element, all []element) bool {
	return slices.Contains(e.in, "label") || slices.ContainsFunc(all, func(l element) bool {
		return l.name == "label" && l.attrs["for"] == e.attrs["id"]
	})
}
