package bridge

import "time"

// Renamed remembers the names that sessions had before theirs were changed in
// this process, for requests that were under way: those in line by then, and
// who comes within the grace. It is safe for any goroutine.
type Renamed struct {
	grace time.Duration
	names fading[rename]
}

type rename struct {
	to    Name
	until time.Time
}

// A Name is what a session is known by, and the cookie's value with it where
// that is another text.
type Name struct{ Name, Cookie string }

// NewRenamed leads from a former name for grace; a negative one is none.
// longest is how long a request may stand in line.
func NewRenamed(grace, longest time.Duration) *Renamed {
	return &Renamed{max(grace, 0), newFading[rename](max(grace, longest))}
}

// Grace is how long a former name leads to its session.
func (r *Renamed) Grace() time.Duration { return r.grace }

// Add says that the session from has another name from now on, and moves the
// line that p stands in.
func (r *Renamed) Add(p *Place, from string, to Name) {
	r.names.add(from, rename{to, time.Now().Add(r.grace)})
	p.Move(Key(to.Name), r.grace)
}

// most is how many times a session's name may change while a request of it
// waits.
const most = 100

// Find is the session that name led to, for a request in the place p: one that
// was in line has the turn of it, another comes within the grace of the last
// change.
func (r *Renamed) Find(p *Place, name string) (now Name, ok bool) {
	line := p.key()
	for range most {
		next, known := r.names.get(name)
		if !known {
			return now, false
		}
		if line != "" && line == Key(next.to.Name) {
			return next.to, true
		}
		if _, again := r.names.get(next.to.Name); !again {
			return next.to, now == Name{} && time.Now().Before(next.until)
		}
		name, now = next.to.Name, next.to
	}
	return now, false
}
