package isolate

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// memoryInterval is the time between two looks at a worker's memory, where it
// has a limit.
const memoryInterval = 50 * time.Millisecond

// watchMemory ends a worker that uses more memory than it may, and has one
// replaced that uses more than it should, until the process has ended.
func (w *worker) watchMemory(ended <-chan struct{}) {
	c := w.s.cfg
	if c.MemoryLimit == 0 && c.RecycleMemory == 0 {
		return
	}
	tick := time.NewTicker(memoryInterval)
	defer tick.Stop()
	asked := false
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		rss, err := residentMemory(w.child.cmd.Process.Pid)
		if err != nil {
			continue // it has just ended
		}
		w.noteMemory(rss)
		switch {
		case c.MemoryLimit > 0 && rss > c.MemoryLimit:
			w.doom(fmt.Sprintf("out of memory: it used %d bytes, worker_memory_limit is %d", rss, c.MemoryLimit))
			return
		case c.RecycleMemory > 0 && rss > c.RecycleMemory && !asked:
			asked = w.s.replaceSoon(w, fmt.Sprintf("it uses %d bytes of memory", rss))
		}
	}
}

func (w *worker) noteMemory(rss int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rss = rss
}

// dumpPatience is how long a worker that doesn't answer may take to write its
// stacks before it is killed.
const dumpPatience = 2 * time.Second

// ping asks the worker from time to time whether it is alive and well. One
// that doesn't answer in time writes the stacks of its goroutines, if it can,
// and is killed.
func (w *worker) ping(ended <-chan struct{}) {
	c := w.s.cfg
	if c.PingInterval < 0 {
		return
	}
	tick := time.NewTicker(c.PingInterval)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		if w.isUp() == nil {
			continue
		}
		var answer pong
		ctx, cancel := context.WithTimeout(context.Background(), c.PingTimeout)
		err := w.channel.call(ctx, "ping", nil, &answer)
		cancel()
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			w.hung(ended)
			return
		case err == nil && answer.Unhealthy:
			w.s.replaceSoon(w, unhealthy)
		}
	}
}

// hung ends a worker that doesn't answer.
func (w *worker) hung(ended <-chan struct{}) {
	why := fmt.Sprintf("it did not answer within %v", w.s.cfg.PingTimeout)
	w.mu.Lock()
	if w.doomed == "" {
		w.doomed = why
	}
	w.mu.Unlock()
	w.log.Error("worker hangs: its stacks follow", "number", w.number)
	w.child.dump()
	timer := time.NewTimer(dumpPatience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		w.doom(why)
	}
}

// houseInterval is the time between two looks whether something is due.
const houseInterval = 500 * time.Millisecond

// spareIdle is how long the worker for suspects is kept without one.
const spareIdle = time.Minute

// keepHouse replaces workers when their time has come, and ends idle ones.
func (s *Supervisor) keepHouse() {
	tick := time.NewTicker(houseInterval)
	defer tick.Stop()
	due := s.nextScheduled(time.Now())
	for {
		select {
		case <-s.ctx.Done():
			return
		case now := <-tick.C:
			scheduled := !due.IsZero() && !now.Before(due)
			if scheduled {
				due = s.nextScheduled(now)
			}
			s.lookRound(now, scheduled)
		}
	}
}

func (s *Supervisor) lookRound(now time.Time, scheduled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if w := s.spare; w != nil && w.inside == 0 && now.Sub(w.last) > spareIdle {
		s.spare = nil
		s.wg.Go(func() { w.retire("no suspects") })
	}
	w := s.current
	if w == nil || s.starting != nil {
		return
	}
	switch {
	case s.cfg.IdleTimeout > 0 && s.inside == 0 && now.Sub(s.used) >= s.cfg.IdleTimeout:
		s.current = nil
		s.log.Info("worker unloaded: no requests", "number", w.number)
		s.wg.Go(func() { w.retire("no requests") })
	case scheduled:
		_, _ = s.begin("recycle_schedule")
	case s.cfg.RecycleTime > 0 && now.Sub(w.began) >= s.cfg.RecycleTime:
		_, _ = s.begin("recycle_time")
	}
}

// nextScheduled is the next time of recycle_schedule after now; zero for none.
func (s *Supervisor) nextScheduled(now time.Time) (next time.Time) {
	for _, text := range s.cfg.RecycleSchedule {
		at, err := time.Parse("15:04", text)
		if err != nil {
			continue // it was checked
		}
		for day := range 2 {
			due := time.Date(now.Year(), now.Month(), now.Day()+day, at.Hour(), at.Minute(), 0, 0, now.Location())
			if due.After(now) && (next.IsZero() || due.Before(next)) {
				next = due
			}
		}
	}
	return next
}

// replaceSoon has a worker replaced: the current one by a new one, the one for
// suspects by none. It returns false for others: one that isn't in its place
// yet, or leaves it already.
func (s *Supervisor) replaceSoon(w *worker, why string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
	case w == s.current:
		_, err := s.begin(why)
		return err == nil
	case w == s.spare:
		s.spare = nil
		s.wg.Go(func() { w.retire(why) })
		return true
	}
	return false
}
