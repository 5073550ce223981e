package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/runtime"
)

// A siteReport is what check --report tells of a site. Its fields are those of
// --json.
type siteReport struct {
	Pages  []pageReport `json:"pages"`
	Totals siteTotals   `json:"totals"`
}

// A pageReport tells of one page with its includes. Lists are never null.
type pageReport struct {
	File      string     `json:"file"`
	Compiles  bool       `json:"compiles"`
	Rewrites  []jsonUse  `json:"rewrites"`   // assignments to a call
	WrongCase []jsonUse  `json:"wrong_case"` // members in another case than documented
	NotCalled []jsonUse  `json:"not_called"` // methods without parentheses
	ProgIDs   []jsonProg `json:"prog_ids"`
	Computed  []jsonUse  `json:"computed_prog_ids"` // components named by an expression
	Missing   []jsonUse  `json:"missing_includes"`
	Foreign   []jsonUse  `json:"vbscript"` // blocks and pages in another language: ASP 0129
	Other     []jsonUse  `json:"other_errors"`
	CodePage  int        `json:"code_page"` // 0 where the page names none
	Undecoded []string   `json:"not_in_code_page"`
	Await     bool       `json:"top_level_await"`
	TypeLibs  []string   `json:"type_libraries"`
}

// A jsonUse is a place in a page or include, and what there is to say of it.
type jsonUse struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Name    string `json:"name,omitempty"`
	Instead string `json:"instead,omitempty"`
	Message string `json:"message,omitempty"`
}

// A jsonProg is a component that a page creates, at the first place.
type jsonProg struct {
	jsonUse
	Exists bool `json:"exists"`
}

// siteTotals counts the pages' findings. What stands in an include counts once,
// however many pages include it.
type siteTotals struct {
	Pages           int            `json:"pages"`
	Compiling       int            `json:"compiling"`
	Rewrites        int            `json:"rewrites"`
	WrongCase       int            `json:"wrong_case"`
	NotCalled       int            `json:"not_called"`
	ProgIDs         int            `json:"prog_ids"`
	MissingProgIDs  int            `json:"missing_prog_ids"`
	MissingIncludes int            `json:"missing_includes"`
	VBScript        int            `json:"vbscript"`
	NotInCodePage   int            `json:"not_in_code_page"`
	TopLevelAwait   int            `json:"top_level_await"`
	CodePages       map[string]int `json:"code_pages"` // pages by the code page that they name
}

// The codes of ASP by which errors are told apart.
const (
	codeMissingInclude = 126
	codeLanguage       = 129
)

func newSiteReport(pages []engine.PageReport) *siteReport {
	r := &siteReport{Pages: []pageReport{}}
	for _, p := range pages {
		r.Pages = append(r.Pages, newPageReport(p))
	}
	r.Totals = totalsOf(r.Pages)
	return r
}

func newPageReport(p engine.PageReport) pageReport {
	r := pageReport{
		File: p.File, Compiles: len(p.Failures) == 0, CodePage: p.CodePage, Await: p.Await,
		Rewrites: places(p.Rewrites), Computed: places(p.Computed), WrongCase: uses(p.WrongCase), NotCalled: uses(p.NoCall),
		Missing: []jsonUse{}, Foreign: []jsonUse{}, Other: []jsonUse{}, ProgIDs: []jsonProg{},
		Undecoded: append([]string{}, p.Undecoded...), TypeLibs: append([]string{}, p.TypeLibs...),
	}
	for _, u := range p.ProgIDs {
		if !slices.ContainsFunc(r.ProgIDs, func(known jsonProg) bool { return strings.EqualFold(known.Name, u.Name) }) {
			r.ProgIDs = append(r.ProgIDs, jsonProg{use(u), !slices.Contains(p.Missing, u.Name)})
		}
	}
	for _, f := range p.Failures {
		u := jsonUse{File: f.File, Line: f.Line, Column: f.Column, Message: oneLine(f.Message)}
		switch f.Code {
		case codeMissingInclude:
			r.Missing = append(r.Missing, u)
		case codeLanguage:
			r.Foreign = append(r.Foreign, u)
		default:
			r.Other = append(r.Other, u)
		}
	}
	return r
}

func places(list []runtime.Place) []jsonUse {
	out := []jsonUse{}
	for _, p := range list {
		out = append(out, jsonUse{File: p.File, Line: p.Line, Column: p.Column})
	}
	return out
}

func uses(list []runtime.Use) []jsonUse {
	out := []jsonUse{}
	for _, u := range list {
		out = append(out, use(u))
	}
	return out
}

func use(u runtime.Use) jsonUse {
	return jsonUse{File: u.File, Line: u.Line, Column: u.Column, Name: u.Name, Instead: u.Instead}
}

// totalsOf counts each place once.
func totalsOf(pages []pageReport) siteTotals {
	t := siteTotals{Pages: len(pages), CodePages: map[string]int{}}
	seen := map[any]bool{}
	count := func(n *int, key any) {
		if !seen[key] {
			seen[key] = true
			*n++
		}
	}
	type place struct {
		n *int
		u jsonUse
	}
	type named struct {
		n    *int
		name string
	}
	for _, p := range pages {
		if p.Compiles {
			t.Compiling++
		}
		if p.Await {
			t.TopLevelAwait++
		}
		if p.CodePage != 0 {
			t.CodePages[strconv.Itoa(p.CodePage)]++
		}
		for _, list := range []struct {
			n    *int
			uses []jsonUse
		}{
			{&t.Rewrites, p.Rewrites}, {&t.WrongCase, p.WrongCase}, {&t.NotCalled, p.NotCalled},
			{&t.MissingIncludes, p.Missing}, {&t.VBScript, p.Foreign},
		} {
			for _, u := range list.uses {
				count(list.n, place{list.n, u})
			}
		}
		for _, prog := range p.ProgIDs {
			name := strings.ToLower(prog.Name)
			count(&t.ProgIDs, named{&t.ProgIDs, name})
			if !prog.Exists {
				count(&t.MissingProgIDs, named{&t.MissingProgIDs, name})
			}
		}
		for _, name := range p.Undecoded {
			count(&t.NotInCodePage, named{&t.NotInCodePage, name})
		}
	}
	return t
}

// String is the totals' part of check's last line.
func (t siteTotals) String() string {
	s := fmt.Sprintf("pages %d, compiling %d, rewrites %d, wrong case %d, not called %d, ProgIDs %d (%d missing), missing includes %d, VBScript %d, not in their code page %d, top-level await %d",
		t.Pages, t.Compiling, t.Rewrites, t.WrongCase, t.NotCalled, t.ProgIDs, t.MissingProgIDs, t.MissingIncludes, t.VBScript, t.NotInCodePage, t.TopLevelAwait)
	for _, cp := range slices.SortedFunc(maps.Keys(t.CodePages), func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) }) {
		s += fmt.Sprintf(", code page %s: %d", cp, t.CodePages[cp])
	}
	return s
}

// writePages writes a paragraph for each page. Writing goes on after an error,
// which the line behind them meets again.
func (r *siteReport) writePages(w io.Writer) {
	for _, p := range r.Pages {
		fmt.Fprintf(w, "%s: %s\n", p.File, p.summary())
		for _, u := range p.Rewrites {
			fmt.Fprintf(w, "\trewrite %s\n", u.place())
		}
		for _, u := range p.WrongCase {
			fmt.Fprintf(w, "\twrong case %s: %s, documented as %s\n", u.place(), u.Name, u.Instead)
		}
		for _, u := range p.NotCalled {
			fmt.Fprintf(w, "\tnot called %s: %s, meant as %s\n", u.place(), u.Name, u.Instead)
		}
		for _, u := range p.ProgIDs {
			fmt.Fprintf(w, "\tProgID %s: %s%s\n", u.place(), u.Name, map[bool]string{true: "", false: ", missing"}[u.Exists])
		}
		for _, u := range p.Computed {
			fmt.Fprintf(w, "\tProgID %s: made up when the page runs\n", u.place())
		}
		for _, u := range slices.Concat(p.Missing, p.Foreign, p.Other) {
			fmt.Fprintf(w, "\terror %s: %s\n", u.place(), u.Message)
		}
		for _, name := range p.Undecoded {
			fmt.Fprintf(w, "\tnot in its code page: %s\n", name)
		}
		for _, name := range p.TypeLibs {
			fmt.Fprintf(w, "\ttype library: %s\n", name)
		}
	}
}

// place is where a use is.
func (u jsonUse) place() string { return fmt.Sprintf("%s:%d:%d", u.File, u.Line, u.Column) }

// summary is a page in a line: what there is of it, "plain JavaScript" where
// there is nothing.
func (p pageReport) summary() string {
	var parts []string
	if !p.Compiles {
		parts = append(parts, "doesn't compile")
	}
	for _, c := range []struct {
		n    int
		what string
	}{
		{len(p.Rewrites), "rewrites"}, {len(p.WrongCase), "wrong case"}, {len(p.NotCalled), "not called"}, {len(p.ProgIDs), "ProgIDs"},
		{len(p.Missing), "missing includes"}, {len(p.Foreign), "VBScript"}, {len(p.Undecoded), "not in their code page"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprint(c.what, " ", c.n))
		}
	}
	if p.CodePage != 0 {
		parts = append(parts, fmt.Sprint("code page ", p.CodePage))
	}
	if p.Await {
		parts = append(parts, "top-level await")
	}
	if len(parts) == 0 {
		return "plain JavaScript"
	}
	return strings.Join(parts, ", ")
}
