package isolate

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// suspects are the pages that ran when a worker died. One of them has killed
// it, and nobody knows which: each runs alone, in a worker of its own, until
// it has been seen to end well. One that kills that worker too, again and
// again, is refused for a time.
type suspects struct {
	deaths int           // of workers with the page alone in them, until it is refused
	pause  time.Duration // for which it is refused

	some atomic.Bool // there are any

	mu   sync.Mutex
	all  map[string]*suspect // by page
	urls map[string]string   // pages by the lower-case paths they were asked for by
}

// A suspect is one page. Those that were cleared are remembered: the next time
// they have to end well more often.
type suspect struct {
	page    string
	last    time.Time // when it ran as a worker died
	times   int       // that it became one
	needed  int       // requests that have to end well; 0: it was cleared
	deaths  int       // of workers with it alone in them
	refused time.Time // until then
}

const (
	maxSuspects = 1000      // pages, and paths
	maxNeeded   = 1000      // requests that have to end well
	suspicion   = time.Hour // for which cleared ones are remembered
)

func newSuspects(deaths int, pause time.Duration) *suspects {
	s := &suspects{deaths: deaths, pause: pause}
	s.clear()
	return s
}

// accuse makes suspects of pages that ran when a worker died.
func (s *suspects) accuse(pages []runningPage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(s.all, func(_ string, one *suspect) bool { return one.needed == 0 && now.Sub(one.last) > suspicion })
	for _, p := range pages {
		one := s.all[p.page]
		if one == nil {
			if len(s.all) >= maxSuspects {
				continue
			}
			one = &suspect{page: p.page}
			s.all[p.page] = one
		}
		one.last = now
		if one.needed == 0 {
			one.needed, one.deaths = 1, 0
			for range min(one.times, 3) {
				one.needed = min(10*one.needed, maxNeeded)
			}
			one.times++
		}
		s.some.Store(true)
		s.nameIt(p.page, p.url)
	}
}

// name notes that a path leads to a suspect.
func (s *suspects) name(page, url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nameIt(page, url)
}

func (s *suspects) nameIt(page, url string) {
	if url != "" && len(s.urls) < maxSuspects {
		s.urls[strings.ToLower(url)] = page
	}
}

// of is the suspect that a path leads to, with how long it is refused yet.
func (s *suspects) of(url string) (page string, refused time.Duration, ok bool) {
	if !s.some.Load() {
		return "", 0, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.all[s.urls[strings.ToLower(url)]]
	if one == nil || one.needed == 0 {
		return "", 0, false
	}
	left := time.Until(one.refused)
	if left <= 0 && !one.refused.IsZero() { // another chance
		one.refused, one.deaths = time.Time{}, 0
	}
	return one.page, max(left, 0), true
}

// struck notes that a suspect's own worker died with it, and says whether it
// is refused from now on.
func (s *suspects) struck(page string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.all[page]
	if one == nil {
		return false
	}
	one.last = time.Now()
	one.deaths++
	if one.deaths < s.deaths {
		return false
	}
	one.refused = one.last.Add(s.pause)
	return true
}

// endedWell notes that a suspect has; it says whether that cleared it.
func (s *suspects) endedWell(page string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.all[page]
	if one == nil || one.needed == 0 {
		return false
	}
	one.needed--
	if one.needed > 0 {
		return false
	}
	maps.DeleteFunc(s.urls, func(_, of string) bool { return of == page })
	for _, other := range s.all {
		if other.needed > 0 {
			return true
		}
	}
	s.some.Store(false)
	return true
}

// A SuspectInfo is a page that ran when a worker died.
type SuspectInfo struct {
	Page    string     `json:"page"`
	Deaths  int        `json:"deaths"`  // of workers that it was alone in
	Needed  int        `json:"needed"`  // requests that have to end well to clear it
	Refused *time.Time `json:"refused"` // until then; nil: it isn't
}

// list is the suspects in the order of their pages.
func (s *suspects) list() []SuspectInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []SuspectInfo{}
	for _, one := range s.all {
		if one.needed > 0 {
			info := SuspectInfo{Page: one.page, Deaths: one.deaths, Needed: one.needed}
			if until := one.refused; time.Now().Before(until) {
				info.Refused = &until
			}
			all = append(all, info)
		}
	}
	slices.SortFunc(all, func(a, b SuspectInfo) int { return cmp.Compare(a.Page, b.Page) })
	return all
}

// pages are those of the suspects.
func (s *suspects) pages() []string {
	pages := []string{}
	for _, one := range s.list() {
		pages = append(pages, one.Page)
	}
	return pages
}

// clear forgets them all.
func (s *suspects) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.urls = map[string]*suspect{}, map[string]string{}
	s.some.Store(false)
}
