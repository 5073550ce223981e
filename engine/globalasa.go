package engine

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// changed says that global.asa, or what it includes, isn't what was read.
func (l *lifecycle) changed() bool {
	if err := l.broken.Load(); err != nil && missesFile(*err) {
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
	files := &site.Reading{Site: l.e.site}
	name, _, err := l.e.site.Find(globalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading global.asa: %w", err)
	}
	if l.late != nil {
		select {
		case c := <-l.late:
			l.late, l.sum = nil, l.lateSums.sum
			return l.orWithout(c)
		default:
			return nil, nil, l.e.pages.tooLong(name)
		}
	}
	sums := &summedFiles{Files: files}
	done := compileApart(name, files, func() (*runtime.Program, error) { return l.e.compiler.CompileGlobal(name, sums) })
	c, late := l.e.pages.watch(done, name)
	if l.late, l.lateSums = late, sums; late == nil {
		l.sum = sums.sum
	}
	return l.orWithout(c)
}

// orWithout leaves a global.asa out that is VBScript, where the application is to
// start all the same.
func (l *lifecycle) orWithout(c compiled) (*runtime.Program, []site.Stamp, error) {
	e, ok := errors.AsType[*asp.Error](c.err)
	if !ok || !l.e.cfg.IgnoreVBScriptGlobal || e.Code != asp.CodeLanguage && !runtime.IsVBScript(e) {
		return c.prog, c.stamps, c.err
	}
	l.e.cfg.Logger.Error("global.asa is VBScript and is left out (ignore_vbscript_global_asa): its events don't run, its objects aren't there",
		errorAttrs(globalFile, c.err)...)
	return nil, c.stamps, nil
}

// summedFiles are files whose contents can be compared with another reading.
type summedFiles struct {
	runtime.Files
	sum [sha256.Size]byte
}

// ReadFile is [runtime.Files].
func (f *summedFiles) ReadFile(name string) ([]byte, error) {
	content, err := f.Files.ReadFile(name)
	f.sum = sha256.Sum256(append(f.sum[:], content...))
	return content, err
}
