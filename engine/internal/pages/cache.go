// Package pages compiles the pages of a site, global.asa and modules, and keeps
// what it made of them as long as their files are the same.
package pages

import (
	"container/list"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// A Cache holds compiled pages. A page is compiled by one request while
// the others that want it wait, and looked at again every check interval: its
// own file and all that it includes. A page that doesn't compile any more
// keeps its last good version serving, except in development; one that is just
// being saved keeps it always.
type Cache struct {
	site     *site.Site
	compiler *runtime.Compiler
	told     func(name string, prog *runtime.Program, err error)
	strict   bool // a broken page shows its error (development)
	cfg      atomic.Pointer[Config]
	era      atomic.Int64 // grows whenever every page is to be looked at

	mu    sync.Mutex
	pages map[string]*cachedPage
	order *list.List // of *cachedPage, the one used last in front

	hits, misses atomic.Int64
}

// A Config is what can change while a Cache is used.
type Config struct {
	Size     int           // pages kept; 0 compiles at each request
	Interval time.Duration // 0 looks at each request
	Patience time.Duration // that a compilation may take: script_timeout
}

// A cachedPage is one page's place in the cache.
type cachedPage struct {
	name string
	elem *list.Element

	mu      sync.Mutex // one look or compilation at a time
	prog    *runtime.Program
	stamps  []site.Stamp
	err     error // of the last compilation
	checked time.Time
	era     int64 // of the last look
	late    Slow
	saving  bool // one of its files is just being saved
}

// New makes an empty cache. strict shows a page's error in the place of
// its last good version; told hears of each page that was compiled, or why it
// wasn't.
func New(s *site.Site, compiler *runtime.Compiler, strict bool, told func(name string, prog *runtime.Program, err error), c Config) *Cache {
	pc := &Cache{
		site: s, compiler: compiler, told: told, strict: strict,
		pages: make(map[string]*cachedPage), order: list.New(),
	}
	pc.Reconfigure(c)
	return pc
}

// Reconfigure changes how much is kept, and how long it isn't looked at.
func (pc *Cache) Reconfigure(c Config) { pc.cfg.Store(&c) }

// Forget has every page looked at when it is asked for.
func (pc *Cache) Forget() { pc.era.Add(1) }

// Room is how many pages are kept.
func (pc *Cache) Room() int { return pc.cfg.Load().Size }

// Get gives the program of a page, compiled now if need be. The error is an
// [*asp.Error] of the page, or of reading it.
func (pc *Cache) Get(name string) (*runtime.Program, error) {
	prog, _, err := pc.Find(name)
	return prog, err
}

// Find is Get, and says whether the page was there already.
func (pc *Cache) Find(name string) (prog *runtime.Program, kept bool, err error) {
	if pc.cfg.Load().Size == 0 {
		pc.misses.Add(1)
		c := pc.page(new(Slow), name)
		return c.Prog, false, c.Err
	}
	p := pc.place(name)
	p.mu.Lock()
	defer p.mu.Unlock()
	era := pc.era.Load() // before any file is read
	kept = pc.fresh(p, era)
	if kept {
		pc.hits.Add(1)
	} else {
		pc.misses.Add(1)
		pc.again(p)
	}
	p.era = era
	prog, err = p.answer(pc.strict)
	return prog, kept, err
}

// again compiles a page and notes what came of it. p.mu is held.
func (pc *Cache) again(p *cachedPage) {
	c := pc.page(&p.late, p.name)
	stamps, err := c.Stamps(), c.Err
	p.checked = time.Now()
	if p.saving = p.prog != nil && site.BeingSaved(p.stamps, stamps, p.checked); p.saving {
		return
	}
	p.err = err
	switch {
	case err == nil:
		p.prog, p.stamps = c.Prog, stamps
		pc.told(p.name, c.Prog, nil)
	case errors.Is(err, fs.ErrNotExist) && asp.CodeOf(err) == 0:
		p.prog, p.stamps = nil, nil // the page itself is gone
	default:
		p.stamps = stamps
		pc.told(p.name, nil, err)
	}
}

// answer is the last good version, or the error.
func (p *cachedPage) answer(strict bool) (*runtime.Program, error) {
	if p.prog != nil && (p.err == nil || !strict) {
		return p.prog, nil
	}
	return nil, p.err
}

// fresh says whether what is known of a page still counts. p.mu is held.
func (pc *Cache) fresh(p *cachedPage, era int64) bool {
	if p.prog == nil && p.err == nil {
		return false
	}
	if p.saving {
		return time.Since(p.checked) < site.SaveLook
	}
	if interval := pc.cfg.Load().Interval; interval > 0 && p.era == era && time.Since(p.checked) < interval {
		return true
	}
	if p.err != nil && pc.strict {
		return false // what it misses may be there now
	}
	if len(p.stamps) > 0 && pc.site.Unchanged(p.stamps) {
		p.checked = time.Now()
		return p.err == nil || !MissesFile(p.err)
	}
	return false
}

// MissesFile says that a page failed for want of an include, which may come
// without any of the page's files changing.
func MissesFile(err error) bool { return asp.CodeOf(err) == 126 }

// place finds or makes a page's place, and lets go of the one that was used
// least when there are too many.
func (pc *Cache) place(name string) *cachedPage {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if p := pc.pages[name]; p != nil {
		pc.order.MoveToFront(p.elem)
		return p
	}
	p := &cachedPage{name: name}
	p.elem = pc.order.PushFront(p)
	pc.pages[name] = p
	for pc.order.Len() > max(pc.cfg.Load().Size, 1) {
		last := pc.order.Back()
		pc.order.Remove(last)
		delete(pc.pages, last.Value.(*cachedPage).name)
	}
	return p
}

// Counts tells what is kept, and how often it was of use.
func (pc *Cache) Counts() (pages int, hits, misses int64) {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	return len(pc.pages), pc.hits.Load(), pc.misses.Load()
}

// CountAnew counts from 0 again.
func (pc *Cache) CountAnew() {
	pc.hits.Store(0)
	pc.misses.Store(0)
}

// Compiled is what a compilation came to.
type Compiled struct {
	Prog  *runtime.Program
	Files *site.Reading // as they were read, also when it failed; nil where it took too long
	Err   error
}

// Stamps are those of the files.
func (c *Compiled) Stamps() []site.Stamp {
	if c.Files == nil {
		return nil
	}
	return c.Files.Stamps
}

// A Slow is a compilation that took too long and goes on, perhaps. It isn't begun
// a second time before it has ended. Its zero value is none.
type Slow struct{ done <-chan Compiled }

// page compiles a page.
func (pc *Cache) page(s *Slow, name string) Compiled {
	files := &site.Reading{Site: pc.site}
	return pc.Compile(s, name, files, func() (*runtime.Program, error) { return pc.compiler.Compile(name, files) })
}

// Compile reads and compiles a page, or global.asa, on a goroutine of its own,
// because nothing stops the script engine's compiler, and waits for it as long as
// a script may run. When it takes longer, asking again with s gives its result,
// once it is there, and refuses at once until then.
func (pc *Cache) Compile(s *Slow, name string, files *site.Reading, compile func() (*runtime.Program, error)) Compiled {
	patience := pc.cfg.Load().Patience
	if s.done != nil {
		select {
		case c := <-s.done:
			s.done = nil
			return c
		default:
			return tooLong(name, patience)
		}
	}
	done := compileApart(name, files, compile)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case c := <-done:
		return c
	case <-timer.C:
		s.done = done
		return tooLong(name, patience)
	}
}

func tooLong(name string, patience time.Duration) Compiled {
	return Compiled{Err: asp.New(asp.CodeTimeout, fmt.Sprintf("the page was not compiled within %v", patience)).At(name, 0, 0)}
}

// compileApart is that goroutine. It ends when the compiler does; who waits for
// it may leave.
func compileApart(name string, files *site.Reading, compile func() (*runtime.Program, error)) <-chan Compiled {
	done := make(chan Compiled, 1)
	go func() {
		c := Compiled{Files: files}
		defer func() {
			if r := recover(); r != nil { // no page may end the process
				c.Err = asp.Errorf(asp.CodeUnexpected, "the compiler panicked: %v", r).At(name, 0, 0)
			}
			done <- c
		}()
		c.Prog, c.Err = compile()
	}()
	return done
}
