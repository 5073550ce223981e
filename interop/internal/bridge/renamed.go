package bridge

import "time"

// Renamed remembers the names that sessions had before theirs were changed in
// this process, for requests that were under way: those in line by then, and
// who comes within the grace. It is safe for any goroutine.
type Renamed struct {
	grace time.Duration
	names fading[rename]
	lines fading[Name] // what the names changed to, by the keys of their turns
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
	grace = max(grace, 0)
	keep := max(grace, longest)
	return &Renamed{grace, newFading[rename](keep), newFading[Name](keep)}
}

// Grace is how long a former name leads to its session.
func (r *Renamed) Grace() time.Duration { return r.grace }

// Add says that the session from has another name from now on, and moves the
// line that p stands in.
func (r *Renamed) Add(p *Place, from string, to Name) { r.add(p, from, to, r.grace) }

// AddNow is Add without a grace, for a library whose own way of changing a name
// promises that the former one is worth nothing: who stands in line came before.
func (r *Renamed) AddNow(p *Place, from string, to Name) { r.add(p, from, to, 0) }

func (r *Renamed) add(p *Place, from string, to Name, grace time.Duration) {
	r.names.add(from, rename{to, time.Now().Add(grace)})
	r.lines.add(Key(to.Name), to)
	p.Move(Key(to.Name), grace)
}

// Find is the session that name led to, for a request in the place p: one that
// was in line has the turn of it, whatever its name was; another comes within
// the grace of the last change.
func (r *Renamed) Find(p *Place, name string) (now Name, ok bool) {
	if line := p.key(); line != "" && line != Key(name) {
		if now, ok = r.lines.get(line); ok {
			return now, true
		}
	}
	next, known := r.names.get(name)
	if !known || !time.Now().Before(next.until) {
		return now, false
	}
	_, again := r.names.get(next.to.Name)
	return next.to, !again
}
