package bridge

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/session"
)

// A Backend is one request's session in its library. A [Handle] calls it with
// its own lock held, so that one goroutine at a time is in it.
type Backend interface {
	// Name is what the library knows the session by; empty while it has no
	// name. It may be secret.
	Name() string
	// Create prepares a session that doesn't exist; the first Save stores it.
	Create(ctx context.Context) error
	// Fits says that v can be kept under key: that the library can encode it
	// and, where the whole session has a bound, that all of it is within.
	Fits(key string, v any, all func() map[string]any) error
	// Save stores the changes and gives the header lines that tell the
	// visitor: nil where there is nothing to tell, empty where somebody else
	// tells it with the same header. After an error it may be
	// called again with the same changes. [store.ErrLost]: the session was
	// ended by another request.
	Save(ctx context.Context, s Saving) (http.Header, error)
	// Probe has the store keep the session as it was when it was loaded, or
	// something else that is small and goes again: nil says that it takes that.
	Probe(ctx context.Context) error
	// Touch moves the expiry of a session that wasn't changed, where that is
	// due, and gives header lines as Save does.
	Touch(ctx context.Context) (http.Header, error)
	// Former says that the visitor came with a name that the session had
	// before: he is told nothing.
	Former() bool
	// Part leaves the session as it was loaded, and goes on with a new one that
	// is empty; the next Save stores it.
	Part(ctx context.Context) error
	// Destroy ends the session in the library.
	Destroy(ctx context.Context) error
	// Forget gives the header lines that make the visitor forget the session.
	Forget() http.Header
}

// A Saving is what [Backend.Save] does.
type Saving struct {
	Changes []Change
	Timeout time.Duration // the session's own; 0: the library's
	Renew   bool          // give the session a new name, the old one ends
}

// Options say how a [Handle] behaves.
type Options struct {
	Mode    session.Mode
	Exists  bool           // the session was found, or Go code made it in this request
	New     bool           // Go code made it in this request: its visitor doesn't know of it
	Values  map[string]any // as the library has them; the Handle keeps and changes the map
	Hidden  []string       // keys that no page sees, MetaKey aside
	MetaKey string         // where the Meta is kept

	// CookieOnly: everything travels in the cookie, so that nothing can be
	// stored once the headers are away.
	CookieOnly bool
	// StoreName is what the store calls a session that the library calls name.
	// Default: the same.
	StoreName func(name string) string
	// Unnamed: the library's name isn't the session's for life, so that
	// whatever is stored takes the Session.SessionID along.
	Unnamed bool

	Size, MaxSize  int // bytes: of the record now, and at most
	Timeout        time.Duration
	LCID, CodePage int
	Place          *Place                  // left at Close and Discard; nil where somebody else's
	Unfit          func(key string, v any) // told of a Go value that no page can be shown; may be nil
	// Unkept is told why something wasn't stored that its page doesn't miss:
	// a later expiry, a session with nothing in it. May be nil.
	Unkept func(err error)
}

// hides reports whether a key, in any spelling, is none of a page's.
func (o *Options) hides(key string) bool {
	if strings.EqualFold(key, o.MetaKey) {
		return true
	}
	for _, k := range o.Hidden {
		if cborvalue.SameKey(k, key) {
			return true
		}
	}
	return false
}
