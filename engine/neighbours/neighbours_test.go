//go:build unix

package neighbours

import (
	"testing"
	"time"
)

// TestProxies looks at what becomes of naja's answers on their way.
func TestProxies(t *testing.T) {
	tb := readTable(t, "proxies")
	tb.columns, tb.rows = []string{""}, nil
	for _, r := range rows() {
		tb.rows = append(tb.rows, r.name)
	}
	for _, p := range proxies() {
		tb.columns = append(tb.columns, p.name)
		t.Run(p.name, func(t *testing.T) {
			s := serve(t, 150*time.Second)
			tp := tapped(t, s.addr)
			at := p.start(t, tp.addr)
			for _, r := range rows() {
				v := come(t, p, s, tp, at)
				v.waits = patience
				if collects := tb.cells[[2]string{flushedRow, p.name}] == atItsEnd; collects && r.name != eventsRow || *update {
					v.waits = time.Second // long enough to see that it has changed, mostly
				}
				tb.saw(t, r.name, p.name, r.look(v))
				v.conn.CloseIdleConnections()
			}
		})
	}
	if *update && !t.Failed() {
		tb.write(t)
	}
}
