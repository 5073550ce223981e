package gorillastore

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/store"
)

// Session is the session of a request, for handlers: as Store().Get gives it,
// but that its error tells one thing alone. Who brings no cookie, or one that
// is forged, too old or whose session is gone, is a new visitor and no error.
// An error is the store's, and there is no session then: that visitor may well
// have one, and isn't to be treated as logged out.
func (p *Provider) Session(r *http.Request) (*sessions.Session, error) {
	s, err := p.guard.Get(r, p.cfg.Name)
	if err != nil && !isNobody(err) {
		return nil, fmt.Errorf("gorillastore: loading the session: %w", err)
	}
	return s, nil
}

// absent is what libraries under stores say of a record that isn't there,
// where a store hands it on. The texts are whole: "not found" alone may be a
// host.
var absent = []string{
	"mc: not found",
	"memcache: cache miss",
	"mongo: no documents in result",
	"record not found",     // gorm
	"redigo: nil returned", // gomodule/redigo
	"redis: nil",           // go-redis
	"Key not found",        // badger
	"leveldb: not found",   // goleveldb
	"etcd: key not found",  // clients of etcd 2
	"datastore: no such entity",
}

// isNobody says that the error of New is the visitor's and not the store's:
// his cookie is forged, outdated or of a session that is gone.
func isNobody(err error) bool {
	if _, panicked := errors.AsType[*store.PanicError](err); panicked {
		return false
	}
	var one securecookie.Error
	var many securecookie.MultiError
	if errors.As(err, &one) || errors.As(err, &many) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, sql.ErrNoRows) {
		return true
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if slices.Contains(absent, e.Error()) {
			return true
		}
	}
	return false
}
