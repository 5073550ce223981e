//go:build unix

package isolate

import (
	"testing"
	"time"
)

// bombs are the scripts that no bound in one process holds, or that are only
// held if the page says what it does: docs/hardening.md.
var bombs = map[string]string{
	"names of bind": `var f=function(){};for(;;)f=f.bind()`,
	"buffers":       `var a=[];for(;;)a.push(new ArrayBuffer(1e7))`,
	"doubling":      `for(var s="x";;)s+=s`,
	"hidden name":   `"x"["rep"+"eat"](2**36)`,
	"hidden flat":   `a=[];a[0]=a;a["fl"+"at"](1/0)`,
	"hidden eval":   `(0,eval)("(".repeat(300000))`,
	"proxy circle":  `var t={},p=new Proxy(t,{});Object.setPrototypeOf(t,p);t.x`,
	"orphan":        `new Set({[Symbol.iterator]:()=>({next:Object})})`,
}

// TestBombs: whatever a bomb does to its worker, its client has a clear answer,
// the application serves the next request, and another application of the
// server never notices.
func TestBombs(t *testing.T) {
	t.Parallel()
	neighbour := newNeighbour(t)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		neighbour.run(stop)
	}()
	defer func() {
		close(stop)
		<-ended
		if neighbour.right.Load() == 0 {
			t.Error("the neighbour was asked nothing")
		}
	}()
	for name, script := range bombs {
		if raceDetector && name != "buffers" && name != "proxy circle" && name != "orphan" {
			continue // one of each kind: the detector makes them slow
		}
		t.Run(name, func(t *testing.T) {
			b := isolated(t, map[string]string{"bomb.asp": "<% " + script + " %>", "default.asp": `<%= 6 * 7 %>`}, func(c *Config) {
				c.Engine.AllowProxy, c.Engine.ScriptTimeout, c.MemoryLimit = true, time.Second, 384<<20
				c.ShutdownTimeout = time.Second
			})
			began := time.Now()
			a := b.get("/bomb.asp")
			if a.err != nil || a.status != 502 && a.status != 500 {
				t.Errorf("%d %q %v", a.status, clip(a.body, 200), a.err)
			}
			took := time.Since(began)
			b.wants("/", 200, "42")
			why := "it lives"
			if n := b.Status().Orphans; n > 0 {
				why = "it lives, and the next worker has no orphan"
				if err := b.Recycle(t.Context(), "test"); err != nil || b.Status().Orphans > 0 {
					t.Errorf("%d orphans, %v", b.Status().Orphans, err)
				}
			}
			if d := b.report().Deaths; len(d) > 0 {
				why = d[0].Reason
			}
			t.Logf("%d after %v: %s", a.status, took.Round(time.Millisecond), why)
		})
	}
}
