package engine

import (
	"fmt"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// compiled is what a compilation came to. The stamps are those of the files as
// they were read, also when it failed.
type compiled struct {
	prog   *runtime.Program
	stamps []site.Stamp
	err    error
}

// compile reads and compiles a page on a goroutine of its own, because nothing
// stops the script engine's compiler. That goroutine ends when the compiler
// does; who waits for it may leave.
func (pc *pageCache) compile(name string) <-chan compiled {
	files := &site.Reading{Site: pc.site}
	return compileApart(name, files, func() (*runtime.Program, error) { return pc.compiler.Compile(name, files) })
}

// compileApart is that goroutine, for a page or global.asa.
func compileApart(name string, files *site.Reading, compile func() (*runtime.Program, error)) <-chan compiled {
	done := make(chan compiled, 1)
	go func() {
		var c compiled
		defer func() {
			if r := recover(); r != nil { // no page may end the process
				c.err = asp.Errorf(asp.CodeUnexpected, "the compiler panicked: %v", r).At(name, 0, 0)
			}
			c.stamps = files.Stamps
			done <- c
		}()
		c.prog, c.err = compile()
	}()
	return done
}

// watch waits for a compilation as long as a script may run. When it takes
// longer, late is where its result will be.
func (pc *pageCache) watch(done <-chan compiled, name string) (c compiled, late <-chan compiled) {
	timer := time.NewTimer(pc.cfg.Load().patience)
	defer timer.Stop()
	select {
	case c := <-done:
		return c, nil
	case <-timer.C:
		return compiled{err: pc.tooLong(name)}, done
	}
}

func (pc *pageCache) tooLong(name string) error {
	return asp.New(asp.CodeTimeout, fmt.Sprintf("the page was not compiled within %v", pc.cfg.Load().patience)).At(name, 0, 0)
}

// renew compiles a page again. One that took too long is not begun a second
// time before it has ended: requests for it are refused at once meanwhile.
// p.mu is held.
func (pc *pageCache) renew(p *cachedPage) (*runtime.Program, []site.Stamp, error) {
	done := p.late
	if done != nil {
		select {
		case c := <-done:
			p.late = nil
			return c.prog, c.stamps, c.err
		default:
			return nil, nil, pc.tooLong(p.name)
		}
	}
	c, late := pc.watch(pc.compile(p.name), p.name)
	p.late = late
	return c.prog, c.stamps, c.err
}
