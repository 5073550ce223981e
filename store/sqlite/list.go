package sqlite

import (
	"context"

	"github.com/najahost/naja/store"
)

// Count implements [store.Sessions].
func (s *sessions) Count(ctx context.Context) (store.Counts, error) {
	return read(ctx, s.db, "counting the sessions of", func(t *tx) (c store.Counts, err error) {
		err = t.scan(`SELECT live, ending FROM applications WHERE app = ?`, []any{t.app}, &c.Live, &c.Ending)
		return c, err
	})
}

// List implements [store.Sessions]. The order is by id.
func (s *sessions) List(ctx context.Context, after string, n int) ([]store.Info, error) {
	return read(ctx, s.db, "listing the sessions of", func(t *tx) (infos []store.Info, err error) {
		err = t.each(`SELECT id, serial, created, expires, token, until, ended, reason, length(data)
			FROM sessions s JOIN contents c ON c.n = s.n WHERE app = ? AND id > ? ORDER BY id LIMIT ?`, []any{t.app, after, n},
			func(scan func(...any) error) error {
				var e entry
				var info store.Info
				err := scan(&info.ID, &info.Serial, &e.created, &e.expires, &e.token, &e.until, &e.ended, &info.Ending, &info.Size)
				info.Created, info.Expires = moment(e.created), moment(e.expires)
				if !e.ended && e.expired(t.now) {
					info.Ending = store.ReasonTimeout
				}
				if e.leased(t.now) {
					info.Lease = until(t.now, e.until)
				}
				infos = append(infos, info)
				return err
			})
		return infos, err
	})
}
