package admin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// tokenFor is how long a token may be used.
const tokenFor = 2 * time.Hour

// A signer makes texts that only it can make, and that end by themselves.
type signer struct{ key []byte }

// sign makes the text that stands for what, for whom, until the given time.
func (s signer) sign(what, whom string, until time.Time) string {
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(head[:], s.mac(what, whom, head[:])...))
}

// verify says whether text was made for that, and hasn't ended.
func (s signer) verify(text, what, whom string, now time.Time) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != 8+sha256.Size {
		return false
	}
	good := hmac.Equal(raw[8:], s.mac(what, whom, raw[:8]))
	return good && now.Unix() < int64(binary.BigEndian.Uint64(raw))
}

func (s signer) mac(what, whom string, head []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	for _, part := range []string{what, whom} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write([]byte(part))
	}
	mac.Write(head)
	return mac.Sum(nil)
}
