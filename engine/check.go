package engine

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
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

// A PageReport is what CheckReport tells of a page.
type PageReport struct {
	File string
	runtime.Report
	Missing  []string    // ProgIDs that nothing here answers to
	Failures []PageError // why the page doesn't compile; none when it does
}

// A PageError is one reason why a page doesn't compile.
type PageError struct {
	Finding
	Code int // ASP's code: 126 for a missing include, 129 for another language; 0 for none
}

// Check compiles every page of a site, and its global.asa, without running
// anything. Findings come in the order of files and lines. The error says
// that the site itself can't be read.
func Check(cfg Config) ([]Finding, error) {
	findings, _, err := CheckReport(cfg)
	return findings, err
}

// CheckReport is Check, and tells of every page what differs from plain
// JavaScript and what it needs, in the order of the files. A page that lacks
// includes or has script blocks in another language is told of without them.
func CheckReport(cfg Config) ([]Finding, []PageReport, error) {
	cfg, err := cfg.WithDefaults()
	if err = cmp.Or(err, checkEmbedded(cfg)); err != nil {
		return nil, nil, err
	}
	site, err := site.Open(cfg.Root, cfg.FS)
	if err != nil {
		return nil, nil, err
	}
	defer site.Close()
	c := checker{site: site, compiler: newCompiler(cfg), components: cfg.Components}
	if err := site.Walk(c.visit); err != nil {
		return nil, nil, err
	}
	c.compile()
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(c.findings), c.reports, nil
}

type checker struct {
	site       *site.Site
	compiler   *runtime.Compiler
	components map[string]Component
	pages      []string // found
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
		if name != "." && strings.HasPrefix(base, ".") && !strings.EqualFold(name, site.WellKnown) {
			return fs.SkipDir
		}
		return nil
	}
	if strings.EqualFold(name, globalFile) || strings.EqualFold(path.Ext(base), ".asp") && !strings.HasPrefix(base, ".") {
		c.pages = append(c.pages, name)
	}
	return nil
}

// compile compiles the pages, as many at once as there are processors, and puts
// what it found in their order.
func (c *checker) compile() {
	each := make([]checker, len(c.pages))
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(goruntime.GOMAXPROCS(0), len(c.pages)) {
		running.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(c.pages)); i = next.Add(1) - 1 {
				each[i] = checker{site: c.site, compiler: c.compiler, components: c.components}
				each[i].page(c.pages[i], strings.EqualFold(c.pages[i], globalFile))
			}
		})
	}
	running.Wait()
	for i := range each {
		c.findings, c.reports = append(c.findings, each[i].findings...), append(c.reports, each[i].reports...)
	}
}

func rootCause(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// page compiles one page.
func (c *checker) page(name string, global bool) {
	files := &site.Reading{Site: c.site}
	prog, errs := c.compiler.Check(name, files, global)
	for _, f := range files.Folded {
		c.findings = append(c.findings, Finding{File: name, Warning: true,
			Message: "the include " + f.Asked + " is spelled " + f.Found + " on disk"})
	}
	r := PageReport{File: name}
	for _, err := range errs {
		r.Failures = append(r.Failures, c.failure(name, err))
	}
	if prog != nil {
		c.inspect(&r, prog)
	}
	c.reports = append(c.reports, r)
}

// inspect warns of what a page that compiles will meet.
func (c *checker) inspect(r *PageReport, prog *runtime.Program) {
	for _, w := range prog.Warnings() {
		c.warn(runtime.Place{File: w.File, Line: w.Line, Column: w.Column}, w.Message)
	}
	c.report(r, prog)
}

func (c *checker) warn(at runtime.Place, message string) {
	c.findings = append(c.findings, Finding{File: at.File, Line: at.Line, Column: at.Column, Message: message, Warning: true})
}

// report looks at what a page will meet when it runs.
func (c *checker) report(r *PageReport, prog *runtime.Program) {
	r.Report = c.compiler.Report(prog)
	for _, u := range r.Unknown {
		message := u.Name + " doesn't exist: it is undefined, and a call of it fails"
		if u.Instead != "" {
			message += "; did you mean " + u.Instead + "?"
		}
		c.warn(u.Place, message)
	}
	for _, h := range r.Habits {
		c.warn(h.Place, h.Message)
	}
	for _, u := range r.NoCall {
		c.warn(u.Place, u.Name+" is named and not called, which does nothing: write "+u.Instead)
	}
	for _, u := range r.ProgIDs {
		if !c.known(u.Name) && !slices.Contains(r.Missing, u.Name) {
			r.Missing = append(r.Missing, u.Name)
			c.warn(u.Place, "no component is registered as "+u.Name+": creating it throws ASP 0177")
		}
	}
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
func (c *checker) failure(name string, err error) PageError {
	f := PageError{Finding: Finding{File: name, Message: err.Error()}}
	if e, ok := errors.AsType[*asp.Error](err); ok {
		plain := *e
		plain.File = ""
		f.Message, f.Code = plain.Error(), e.Code
		if e.File != "" {
			f.File, f.Line, f.Column = e.File, e.Line, e.Column
		}
	}
	c.findings = append(c.findings, f.Finding)
	return f
}
