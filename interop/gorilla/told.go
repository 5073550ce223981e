package gorillastore

import "fmt"

// odd tells once of each way in which the store does something else than it is
// told to.
func (p *Provider) odd(err error) error {
	if _, known := p.oddities.LoadOrStore(err, true); !known {
		p.cfg.Logger.Error(err.Error())
	}
	if p.cfg.Dev {
		return err
	}
	return nil
}

// unkept tells of what isn't stored that nobody misses.
func (p *Provider) unkept(err error) {
	p.lags.Warn(p.cfg.Logger, "gorillastore: the session store takes nothing; who only reads goes on without", err)
}

// cannotShow tells once for each type that pages see undefined in its place.
func (p *Provider) cannotShow(key string, v any) {
	name := fmt.Sprintf("%T", v)
	if _, known := p.unfit.LoadOrStore(name, true); !known {
		p.cfg.Logger.Warn("gorillastore: a value of this type can't be shown to pages", "key", key, "type", name)
	}
}
