package bridge

import (
	"crypto/rand"
	"encoding/binary"
	"net/url"
	"strconv"
	"time"
)

// A Meta is what a page's session remembers beside its contents. The library
// keeps it as one text under a hidden key, which every codec can do and which
// a program without pages may ignore.
type Meta struct {
	ID       string        // Session.SessionID, once it can't be told from the library's name any more
	Timeout  time.Duration // Session.Timeout; 0: the library's
	LCID     int           // Session.LCID; 0: the application's
	CodePage int           // Session.CodePage; 0: the application's
}

// ParseMeta reads what String wrote. What isn't one is empty.
func ParseMeta(v any) (m Meta) {
	text, _ := v.(string)
	fields, err := url.ParseQuery(text)
	if err != nil {
		return m
	}
	m.ID = fields.Get("id")
	m.Timeout, _ = time.ParseDuration(fields.Get("timeout"))
	m.LCID, _ = strconv.Atoi(fields.Get("lcid"))
	m.CodePage, _ = strconv.Atoi(fields.Get("codepage"))
	return m
}

// String is the text that is kept.
func (m Meta) String() string {
	fields := url.Values{}
	if m.ID != "" {
		fields.Set("id", m.ID)
	}
	if m.Timeout > 0 {
		fields.Set("timeout", m.Timeout.String())
	}
	if m.LCID > 0 {
		fields.Set("lcid", strconv.Itoa(m.LCID))
	}
	if m.CodePage > 0 {
		fields.Set("codepage", strconv.Itoa(m.CodePage))
	}
	return fields.Encode()
}

// publicID is the Session.SessionID of a session that its library knows by
// name.
func publicID(name string) string { return strconv.FormatInt(serial(name), 10) }

// newID is one for a session without a name.
func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return strconv.FormatInt(int64(binary.LittleEndian.Uint64(b[:])>>1)|1<<40, 10)
}
