package engine

import (
	"container/list"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// A pageCache holds compiled pages. A page is compiled by one request while
// the others that want it wait, and looked at again every check interval: its
// own file and all that it includes. A page that doesn't compile any more
// keeps its last good version serving, except in development; one that is just
// being saved keeps it always.
type pageCache struct {
	site     *site.Site
	compiler *runtime.Compiler
	log      *slog.Logger
	strict   bool // a broken page shows its error (development)
	cfg      atomic.Pointer[cacheConfig]
	era      atomic.Int64 // grows whenever every page is to be looked at

	mu    sync.Mutex
	pages map[string]*cachedPage
	order *list.List // of *cachedPage, the one used last in front

	hits, misses atomic.Int64
}

// A cacheConfig is what can change while a pageCache is used.
type cacheConfig struct {
	size     int           // pages kept; 0 compiles at each request
	interval time.Duration // 0 looks at each request
	patience time.Duration // that a compilation may take: script_timeout
}

// cacheConfigOf takes a Config that went through WithDefaults.
func cacheConfigOf(c *Config) *cacheConfig {
	cc := &cacheConfig{size: max(c.ScriptFileCacheSize, 0), interval: max(c.CheckInterval, 0), patience: c.ScriptTimeout}
	if c.Dev {
		cc.interval = 0
	}
	return cc
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
	era     int64           // of the last look
	late    <-chan compiled // of one that took too long and may end yet
	saving  bool            // one of its files is just being saved
}

func newPageCache(s *site.Site, compiler *runtime.Compiler, c Config) *pageCache {
	pc := &pageCache{
		site: s, compiler: compiler, log: c.Logger, strict: c.Dev,
		pages: make(map[string]*cachedPage), order: list.New(),
	}
	pc.cfg.Store(cacheConfigOf(&c))
	return pc
}

// get gives the program of a page, compiled now if need be. The error is an
// [*asp.Error] of the page, or of reading it.
func (pc *pageCache) get(name string) (*runtime.Program, error) {
	prog, _, err := pc.find(name)
	return prog, err
}

// find is get, and says whether the page was there already.
func (pc *pageCache) find(name string) (prog *runtime.Program, kept bool, err error) {
	if pc.cfg.Load().size == 0 {
		pc.misses.Add(1)
		c, _ := pc.watch(pc.compile(name), name)
		return c.prog, false, c.err
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
func (pc *pageCache) again(p *cachedPage) {
	prog, stamps, err := pc.renew(p)
	p.checked = time.Now()
	if p.saving = p.prog != nil && site.BeingSaved(p.stamps, stamps, p.checked); p.saving {
		return
	}
	p.err = err
	switch {
	case err == nil:
		p.prog, p.stamps = prog, stamps
	case errors.Is(err, fs.ErrNotExist) && asp.CodeOf(err) == 0:
		p.prog, p.stamps = nil, nil // the page itself is gone
	default:
		p.stamps = stamps
		pc.log.Error("page does not compile", errorAttrs(p.name, err)...)
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
func (pc *pageCache) fresh(p *cachedPage, era int64) bool {
	if p.prog == nil && p.err == nil {
		return false
	}
	if p.saving {
		return time.Since(p.checked) < site.SaveLook
	}
	if interval := pc.cfg.Load().interval; interval > 0 && p.era == era && time.Since(p.checked) < interval {
		return true
	}
	if p.err != nil && pc.strict {
		return false // what it misses may be there now
	}
	if len(p.stamps) > 0 && pc.site.Unchanged(p.stamps) {
		p.checked = time.Now()
		return p.err == nil || !missesFile(p.err)
	}
	return false
}

// missesFile says that a page failed for want of an include, which may come
// without any of the page's files changing.
func missesFile(err error) bool { return asp.CodeOf(err) == 126 }

// place finds or makes a page's place, and lets go of the one that was used
// least when there are too many.
func (pc *pageCache) place(name string) *cachedPage {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if p := pc.pages[name]; p != nil {
		pc.order.MoveToFront(p.elem)
		return p
	}
	p := &cachedPage{name: name}
	p.elem = pc.order.PushFront(p)
	pc.pages[name] = p
	for pc.order.Len() > max(pc.cfg.Load().size, 1) {
		last := pc.order.Back()
		pc.order.Remove(last)
		delete(pc.pages, last.Value.(*cachedPage).name)
	}
	return p
}

// status tells what is kept and how often it was of use.
func (pc *pageCache) status(s *Status) {
	s.CacheHits, s.CacheMisses = pc.hits.Load(), pc.misses.Load()
	pc.mu.Lock()
	defer pc.mu.Unlock()
	s.Pages = len(pc.pages)
}
