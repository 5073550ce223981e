package gorillastore

import (
	"crypto/rand"

	"github.com/gorilla/securecookie"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/session/internal/bridge"
)

// newID is as gorilla's own: 256 bits.
func newID() string { return rand.Text() + rand.Text() }

func encode(values map[any]any) ([]byte, error) { return securecookie.GobEncoder{}.Serialize(values) }

func decode(data []byte) (map[any]any, error) {
	values := make(map[any]any)
	return values, securecookie.GobEncoder{}.Deserialize(data, &values)
}

// Ends implements [session.Ending] for the sessions of a [Store]; nil for
// other stores, which forget silently.
func (p *Provider) Ends() *session.Ends {
	own, ok := p.cfg.Store.(*Store)
	if !ok {
		return nil
	}
	_ = own.Close() // somebody else removes what expired
	return &session.Ends{Store: own.records.Store(), Volatile: p.cfg.Volatile, Read: func(c *session.Claimed) error {
		if !own.records.Has(c.ID) {
			return nil // of another kind
		}
		all, err := decode(c.Data)
		if err != nil {
			return err
		}
		values := make(map[string]any, len(all))
		for key, v := range all {
			if key, ok := key.(string); ok {
				values[key] = v
			}
		}
		return bridge.Readable(c, values, metaKey, flashKey)
	}}
}
