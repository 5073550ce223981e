package admin

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// A passwordHash is what is known of a password.
type passwordHash interface {
	matches(password string) bool
	cost() int // how long a check takes, compared with others
}

// The bounds of a check: a file of accounts is the operator's own, but a slip
// in it must not take all memory or all time.
const (
	bcryptCost     = 11 // of new hashes: a tenth of a second
	bcryptCostMax  = 16
	argonMemoryMax = 1 << 20 // KiB
	argonTimeMax   = 64
	maxPassword    = 72 // bytes; bcrypt would leave out what comes after them
)

// errHash names the hashes that there may be.
var errHash = errors.New("the hash is neither bcrypt ($2y$…) nor argon2id ($argon2id$…); 'naja admin passwd' makes one")

// parseHash reads a hash as htpasswd -B writes it, or in the PHC form of
// argon2id.
func parseHash(text string) (passwordHash, error) {
	switch {
	case strings.HasPrefix(text, "$2a$"), strings.HasPrefix(text, "$2b$"), strings.HasPrefix(text, "$2y$"):
		cost, err := bcrypt.Cost([]byte(text))
		if err != nil || len(text) != 60 || cost > bcryptCostMax {
			return nil, fmt.Errorf("a bcrypt hash has 60 characters and a cost up to %d", bcryptCostMax)
		}
		return bcryptHash{[]byte(text), cost}, nil
	case strings.HasPrefix(text, "$argon2id$"):
		return parseArgon(text)
	}
	return nil, errHash
}

// newHash hashes a new password; cost is bcrypt's.
func newHash(password string, cost int) (string, error) {
	switch {
	case password == "":
		return "", errors.New("the password is empty")
	case len(password) > maxPassword:
		return "", fmt.Errorf("the password has more than %d bytes", maxPassword)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		return "", fmt.Errorf("hashing the password: %w", err)
	}
	return string(hash), nil
}

type bcryptHash struct {
	text   []byte
	rounds int
}

func (h bcryptHash) matches(password string) bool {
	return bcrypt.CompareHashAndPassword(h.text, []byte(password)) == nil
}

func (h bcryptHash) cost() int { return 1 << h.rounds }

type argonHash struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

// parseArgon reads $argon2id$v=19$m=65536,t=3,p=4$SALT$KEY.
func parseArgon(text string) (passwordHash, error) {
	bad := errors.New("the argon2id hash isn't $argon2id$v=19$m=KIB,t=TIMES,p=THREADS$SALT$KEY, within its bounds")
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[2] != "v=19" {
		return nil, bad
	}
	var h argonHash
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); n != 3 || err != nil {
		return nil, bad
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return nil, bad
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return nil, bad
	}
	if h.memory > argonMemoryMax || h.time == 0 || h.time > argonTimeMax || h.threads == 0 || len(h.salt) < 8 || len(h.key) < 16 || len(h.key) > 64 {
		return nil, bad
	}
	return h, nil
}

func (h argonHash) matches(password string) bool {
	key := argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1
}

func (h argonHash) cost() int { return int(h.memory) * int(h.time) / 16 }
