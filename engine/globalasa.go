package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/pages"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// changed says that global.asa, or what it includes, isn't what was read.
func (l *lifecycle) changed() bool {
	if err := l.broken.Load(); err != nil && pages.MissesFile(*err) {
		return true // what it misses may be there now
	}
	if len(l.stamps) == 0 {
		_, _, err := l.e.site.Find(globalFile)
		return err == nil
	}
	if l.e.site.Unchanged(l.stamps) {
		return false
	}
	old := slices.Clone(l.stamps)
	for i := range old {
		old[i].Young = false
	}
	if !l.e.site.Unchanged(old) {
		return true
	}
	// All that makes it suspect is that it was read right after it was
	// written. To end every session for that would be too much: is it the
	// same?
	before := l.sum
	_, stamps, _ := l.compile()
	if l.sum != before {
		l.sum = before // change reads it
		return true
	}
	l.stamps = stamps
	return false
}

// compile reads global.asa; a site without one has no program. It waits as
// long as for a page, and doesn't begin a second time before the first has
// ended.
func (l *lifecycle) compile() (*runtime.Program, []site.Stamp, error) {
	files := &site.Reading{Site: l.e.site, Summed: true}
	name, _, err := l.e.site.Find(globalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading global.asa: %w", err)
	}
	c := l.e.pages.Compile(&l.late, name, files, func() (*runtime.Program, error) { return l.e.compiler.CompileGlobal(name, files) })
	if c.Files != nil {
		l.sum = c.Files.Sum
	}
	return l.orWithout(c)
}

// orWithout leaves a global.asa out that is VBScript, where the application is to
// start all the same.
func (l *lifecycle) orWithout(c pages.Compiled) (*runtime.Program, []site.Stamp, error) {
	e, ok := errors.AsType[*asp.Error](c.Err)
	if !ok || !l.e.cfg.IgnoreVBScriptGlobal || e.Code != asp.CodeLanguage && !runtime.IsVBScript(e) {
		return c.Prog, c.Stamps(), c.Err
	}
	l.e.cfg.Logger.Error("global.asa is VBScript and is left out (ignore_vbscript_global_asa): its events don't run, its objects aren't there",
		errorAttrs(globalFile, c.Err)...)
	return nil, c.Stamps(), nil
}
