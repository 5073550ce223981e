package server

import (
	goruntime "runtime"
	"time"
)

// lookEvery is how often a meter looks at its gauges.
const lookEvery = 2 * time.Millisecond

// A meter counts what a measurement uses. One goroutine calls begin and end in
// turn.
type meter struct {
	apartments, handlers func() int
	cpu                  func() (time.Duration, bool)

	began time.Time
	used  time.Duration // of the processors, when it began
	stop  chan struct{}
	seen  chan looks // once, after stop
}

// looks are what a meter saw.
type looks struct {
	n, apartments, handlers      int
	mostApartments, mostHandlers int
}

// begin collects what earlier measurements left behind and starts to count.
func (m *meter) begin() {
	goruntime.GC()
	m.stop, m.seen = make(chan struct{}), make(chan looks)
	m.began = time.Now()
	m.used, _ = m.cpu()
	go m.look(m.stop, m.seen)
}

// look samples the gauges until stop.
func (m *meter) look(stop <-chan struct{}, seen chan<- looks) {
	var l looks
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			seen <- l
			return
		case <-tick.C:
		}
		a, h := m.apartments(), m.handlers()
		l.n++
		l.apartments, l.mostApartments = l.apartments+a, max(l.mostApartments, a)
		l.handlers, l.mostHandlers = l.handlers+h, max(l.mostHandlers, h)
	}
}

// end stops counting. Its zero value is the answer to an end without a begin.
func (m *meter) end() Usage {
	if m.stop == nil {
		return Usage{}
	}
	cpu, ok := m.cpu()
	u := Usage{Took: time.Since(m.began), CPU: cpu - m.used}
	if !ok {
		u.CPU = -1
	}
	close(m.stop)
	l := <-m.seen
	m.stop = nil
	if l.n > 0 {
		u.Apartments = Gauge{float64(l.apartments) / float64(l.n), l.mostApartments}
		u.Handlers = Gauge{float64(l.handlers) / float64(l.n), l.mostHandlers}
	}
	return u
}
