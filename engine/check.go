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

// Check compiles every page of a site, and its global.asa, without running
// anything. Findings come in the order of files and lines. The error says
// that the site itself can't be read.
func Check(cfg Config) ([]Finding, error) {
	cfg, err := cfg.WithDefaults()
	if err != nil {
		return nil, err
	}
	site, err := openSite(cfg)
	if err != nil {
		return nil, err
	}
	defer site.close()
	c := checker{site: site, compiler: newCompiler(cfg)}
	if err := fs.WalkDir(site.fsys, ".", c.visit); err != nil {
		return nil, err
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(c.findings), nil
}

type checker struct {
	site     *site
	compiler *runtime.Compiler
	findings []Finding
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
		c.findings = append(c.findings, Finding{File: w.File, Line: w.Line, Column: w.Column, Message: w.Message, Warning: true})
	}
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
