package scsstore

import (
	"fmt"
	"net/http"
)

// complain tells that sessions are loaded before their turn.
func (p *Provider) complain(r *http.Request) error {
	if p.cfg.Dev {
		return errUnserialized
	}
	p.guard.unserialized.Do(func() { p.cfg.Logger.Error(errUnserialized.Error(), "path", r.URL.Path) })
	return nil
}

// unkept tells of what isn't stored that nobody misses.
func (p *Provider) unkept(err error) {
	p.lags.Warn(p.cfg.Logger, "scsstore: the session store takes nothing; who only reads goes on without", err)
}

// cannotShow tells once for each type that pages see undefined in its place.
func (p *Provider) cannotShow(key string, v any) {
	name := fmt.Sprintf("%T", v)
	if _, known := p.unfit.LoadOrStore(name, true); !known {
		p.cfg.Logger.Warn("scsstore: a value of this type can't be shown to pages", "key", key, "type", name)
	}
}
