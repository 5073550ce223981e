package sessions

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
)

// tokenLen is the length of a token in a cookie: 24 random bytes, base64url.
const tokenLen = 32

func newToken() string {
	var b [24]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newSerial gives the number that a session is known by to people. It fits the
// integer column of a database and is never 0.
func newSerial() int64 {
	var b [8]byte
	rand.Read(b[:])
	return int64(binary.LittleEndian.Uint64(b[:])>>1) | 1<<40
}

// publicID is Session.SessionID.
func publicID(serial int64) string { return strconv.FormatInt(serial, 10) }

// wellFormed reports whether s looks like a token of newToken's.
func wellFormed(s string) bool {
	if len(s) != tokenLen {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// storeID is what the store knows the session of a token by: a hash, so that
// who reads the store can't take a session over. A token means another session
// over TLS than without.
func storeID(token string, secure bool) string {
	var room [64]byte
	b := append(room[:0], "naja session over http: "...)
	if secure {
		b = append(room[:0], "naja session over tls: "...)
	}
	sum := sha256.Sum256(append(b, token...))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// endID names the end of a session: the same at each attempt and in every
// process, and of no other session.
func endID(id string) string {
	sum := sha256.Sum256([]byte("naja end of session: " + id))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
}
