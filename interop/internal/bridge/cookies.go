package bridge

import "time"

// Cookies remembers what sessions the cookies were of whose records are gone,
// where only the library can read a cookie, and does so by loading its session.
// It is safe for any goroutine.
type Cookies struct{ names fading[string] }

// NewCookies remembers each cookie for keep at least and twice that at most.
func NewCookies(keep time.Duration) *Cookies { return &Cookies{newFading[string](keep)} }

// Add says that a cookie's value was that of the session name.
func (c *Cookies) Add(value, name string) { c.names.add(Key(value), name) }

// Name is the session of a cookie's value; "" where it isn't known.
func (c *Cookies) Name(value string) string {
	name, _ := c.names.get(Key(value))
	return name
}
