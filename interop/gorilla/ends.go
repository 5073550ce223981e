package gorillastore

import (
	"crypto/rand"

	"github.com/gorilla/securecookie"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
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
	return &session.Ends{Store: own.records.Store(), Volatile: p.cfg.Volatile, Read: Read}
}

// Read makes the contents of a session that a [Store] keeps a record of package
// value, for its Session_OnEnd and for operators, and its Serial the number
// that pages know it by. It leaves alone what isn't a Store's.
func Read(c *store.Claimed) error {
	if !bridge.NewRecords(nil, kind, 0).Has(c.ID) {
		return nil
	}
	bridge.RegisterTypes()
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
}
