package gorillastore

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/interop/internal/bridge"
)

// Touch implements bridge.Backend. A cookie has its age from when it was made:
// the session is saved again when half of it is over.
func (v *visit) Touch(context.Context) (http.Header, error) {
	own := v.p.guard.own
	if own != nil && v.s.Options.MaxAge == 0 {
		_, err := own.touch(v.r, v.s) // its cookie has no age
		return nil, err
	}
	if !v.aging() {
		return nil, nil
	}
	if own != nil {
		exists, err := own.touch(v.r, v.s)
		if v.late || !exists || err != nil {
			return nil, err
		}
		h := http.Header{"Vary": {"Cookie"}}
		return h, own.tell(bridge.Recorder(h), v.s)
	}
	if !v.readOnly {
		return v.save()
	}
	if v.p.cfg.CookieOnly {
		return nil, nil // another's cookie may be newer
	}
	turn, ok := v.p.gate.Try(bridge.Key(v.s.ID))
	if !ok {
		return nil, nil
	}
	defer turn.Leave()
	fresh := &visit{p: v.p, r: v.r, late: v.late}
	if err := fresh.load(); err != nil || fresh.s.IsNew {
		return nil, err
	}
	return fresh.save()
}

// aging says that half of the cookie's age is over.
func (v *visit) aging() bool {
	age := time.Duration(v.s.Options.MaxAge) * time.Second
	made, ok := v.made()
	return ok && age > 0 && time.Since(made) > age/2
}

// made is when the visitor's cookie was made, as securecookie wrote it down:
// the text before the first bar. That it is genuine was checked by whoever
// loaded the session.
func (v *visit) made() (time.Time, bool) {
	c, err := v.r.Cookie(v.p.cfg.Name)
	if err != nil {
		return time.Time{}, false
	}
	text, err := base64.URLEncoding.DecodeString(c.Value)
	if err != nil {
		return time.Time{}, false
	}
	date, _, ok := strings.Cut(string(text), "|")
	unix, err := strconv.ParseInt(date, 10, 64)
	return time.Unix(unix, 0), ok && err == nil
}
