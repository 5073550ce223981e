//go:build unix

package engine

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// A rolling update: three processes of text A become B one by one, each of them
// killed or stopped and started again at random. Each text starts once, and the
// old one ends once, before that.
func TestARollingUpdate(t *testing.T) {
	t.Parallel()
	c := newCluster(t, processConfig{}, nil)
	roots := map[string]string{}
	for _, text := range []string{"A", "B"} {
		roots[text] = filepath.Join(t.TempDir(), text)
		writeFiles(t, roots[text], generational(text))
	}
	start := func(text string) *process {
		c.pc.Root = roots[text]
		p := c.start()
		c.must(p, "/ran.asp", "")
		return p
	}
	end := func(p *process) {
		if rand.N(2) == 0 {
			p.kill()
		} else {
			p.stop()
		}
	}
	nodes := []*process{start("A"), start("A"), start("A")}
	for i := range nodes {
		end(nodes[i])
		nodes[i] = start("B")
		for range 2 {
			k := rand.N(len(nodes))
			end(nodes[k])
			if k <= i {
				nodes[k] = start("B")
			} else {
				nodes[k] = start("A")
			}
		}
	}
	if got := c.must(nodes[0], "/ran.asp", "").body; got != "+A -A +B" {
		t.Errorf("what ran: %s", got)
	}
}
