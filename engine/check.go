package engine

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// A Finding is something that naja check says about a site.
type Finding struct {
	File    string // below the root, with slashes
	Line    int    // from 1; 0 when it is about the whole file
	Column  int    // in characters from 1; 0 when unknown
	Message string
	Warning bool // the page works, but not as it seems
}

// A PageReport is what Report tells of a page that compiles.
type PageReport struct {
	File string
	runtime.Report
	Missing []string // ProgIDs that nothing here answers to
}

// Check compiles every page of a site, and its global.asa, without running
// anything. Findings come in the order of files and lines. The error says
// that the site itself can't be read.
func Check(cfg Config) ([]Finding, error) {
	findings, _, err := CheckReport(cfg)
	return findings, err
}

// CheckReport is Check, and tells of every page that compiles what differs
// from plain JavaScript and what it needs, in the order of the files.
func CheckReport(cfg Config) ([]Finding, []PageReport, error) {
	cfg, err := cfg.WithDefaults()
	if err != nil {
		return nil, nil, err
	}
	site, err := openSite(cfg)
	if err != nil {
		return nil, nil, err
	}
	defer site.close()
	c := checker{site: site, compiler: newCompiler(cfg), components: cfg.Components}
	if err := fs.WalkDir(site.fsys, ".", c.visit); err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(c.findings), c.reports, nil
}

type checker struct {
	site       *site
	compiler   *runtime.Compiler
	components map[string]Component
	findings   []Finding
	reports    []PageReport
}

// visit checks one file of the site.
func (c *checker) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil {
		if name == "." {
			return err
		}
		c.findings = append(c.findings, Finding{File: name, Message: "can't be read: " + rootCause(err)})
		return nil
	}
	base := path.Base(name)
	if entry.IsDir() {
		if name != "." && strings.HasPrefix(base, ".") {
			return fs.SkipDir
		}
		return nil
	}
	switch {
	case strings.EqualFold(name, globalFile):
		c.page(name, c.compiler.CompileGlobal)
	case strings.EqualFold(path.Ext(base), ".asp") && !strings.HasPrefix(base, "."):
		c.page(name, c.compiler.Compile)
	}
	return nil
}

func rootCause(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// page compiles one page.
func (c *checker) page(name string, compile func(string, runtime.Files) (*runtime.Program, error)) {
	files := &stampingFiles{site: c.site}
	prog, err := compile(name, files)
	for _, f := range files.folded {
		c.findings = append(c.findings, Finding{File: name, Warning: true,
			Message: "the include " + f.asked + " is spelled " + f.found + " on disk"})
	}
	if err != nil {
		c.failure(name, err)
		return
	}
	for _, w := range prog.Warnings() {
		c.warn(runtime.Place{File: w.File, Line: w.Line, Column: w.Column}, w.Message)
	}
	c.report(name, prog)
}

func (c *checker) warn(at runtime.Place, message string) {
	c.findings = append(c.findings, Finding{File: at.File, Line: at.Line, Column: at.Column, Message: message, Warning: true})
}

// report looks at what a page that compiles will meet when it runs.
func (c *checker) report(name string, prog *runtime.Program) {
	r := PageReport{File: name, Report: c.compiler.Report(prog)}
	for _, u := range r.NoCall {
		c.warn(u.Place, u.Name+" is named and not called, which does nothing: write "+u.Instead)
	}
	for _, u := range r.ProgIDs {
		if !c.known(u.Name) && !slices.Contains(r.Missing, u.Name) {
			r.Missing = append(r.Missing, u.Name)
			c.warn(u.Place, "no component is registered as "+u.Name+": creating it throws ASP 0177")
		}
	}
	c.reports = append(c.reports, r)
}

func (c *checker) known(progID string) bool {
	for name := range c.components {
		if strings.EqualFold(name, progID) {
			return true
		}
	}
	return false
}

// failure notes why a page doesn't compile, at the place in its own file or
// in an include.
func (c *checker) failure(name string, err error) {
	f := Finding{File: name, Message: err.Error()}
	if e, ok := errors.AsType[*asp.Error](err); ok {
		plain := *e
		plain.File = ""
		f.Message = plain.Error()
		if e.File != "" {
			f.File, f.Line, f.Column = e.File, e.Line, e.Column
		}
	}
	c.findings = append(c.findings, f)
}
