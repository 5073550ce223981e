package engine

import (
	"context"
	"fmt"
	"maps"
	"sync/atomic"
	"testing"
	"time"
)

// A script timeout that is short enough to wait for is one that a page which
// behaves may miss on a busy machine. So tests leave it as it is, and a page
// that is to run out of time says so, by a component.

// outOfTime is script after which the page that runs it has no time left.
const outOfTime = ` Server.CreateObject("Test.Time").Out(String(Request.ServerVariables("URL"))); `

// outOfTimeIn is the same in an event that has no request.
func outOfTimeIn(event string) string {
	return fmt.Sprintf(` Server.CreateObject("Test.Time").Out(%q); `, globalFile+" "+event)
}

// A testTime is the component Test.Time. It learns its engine when that is made.
type testTime struct {
	t    *testing.T
	e    atomic.Pointer[Engine]
	hang func(point string)
}

// add gives a site's pages the component.
func (c *testTime) add(cfg *Config) {
	cfg.Components = maps.Clone(cfg.Components)
	if cfg.Components == nil {
		cfg.Components = map[string]Component{}
	}
	cfg.Components["Test.Time"] = Component{Threading: Agile, New: func(context.Context) (any, error) { return c, nil }}
}

// outOfTimeHanging is script that has no time left when it hangs at a point,
// so that it becomes an orphan.
func outOfTimeHanging(point string) string {
	return fmt.Sprintf(` Server.CreateObject("Test.Time").Hang(String(Request.ServerVariables("URL")), %q); `, point)
}

// Hang is Out and then a call that doesn't end.
func (c *testTime) Hang(what, point string) {
	c.Out(what)
	c.hang(point)
}

// Out ends the time of what runs: all requests of a page, or an event by its
// name. Pages and tests may call it.
func (c *testTime) Out(what string) {
	found := false
	for _, f := range c.e.Load().busy.runs() {
		if f.url == what || "/"+f.page == what || f.page == what {
			f.deadline.expire(f.id)
			found = true
		}
	}
	if !found {
		c.t.Errorf("out of time: nothing runs that is %q", what)
	}
}

// expire is kill, but for the reason.
func (d *deadline) expire(job int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.job == job {
		d.began = time.Now().Add(-d.timeout)
		d.timer.Reset(0)
	}
}
