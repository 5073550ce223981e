package config

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A Secret is a key as it is written: its bytes, or "hex:" or "base64:" and
// its bytes so written.
type Secret string

// Bytes gives the key.
func (s Secret) Bytes() ([]byte, error) {
	if text, ok := strings.CutPrefix(string(s), "hex:"); ok {
		return hex.DecodeString(text)
	}
	if text, ok := strings.CutPrefix(string(s), "base64:"); ok {
		return base64.StdEncoding.DecodeString(text)
	}
	return []byte(s), nil
}

// String hides the key.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "xxxxx"
}

func checkSecret(s Secret, check func([]byte) error) error {
	b, err := s.Bytes()
	if err != nil {
		return errors.New(`isn't what "hex:" or "base64:" before it says`)
	}
	return check(b)
}

const random = `of a random generator, as they are or after "hex:" or "base64:"`

func checkHashKey(key []byte) error {
	if len(key) < 32 {
		return fmt.Errorf("is too short: it has %d bytes; want 32 or more, %s", len(key), random)
	}
	return nil
}

func checkBlockKey(key []byte) error {
	switch n := len(key); {
	case n == 16, n == 24, n == 32:
		return nil
	case n < 16:
		return fmt.Errorf("is too short: it has %d bytes; want 16, 24 or 32, %s", n, random)
	default:
		return fmt.Errorf("has %d bytes; want 16, 24 or 32, %s", n, random)
	}
}

// fromEnvironment is a key that the file doesn't have.
func fromEnvironment(s *Secret, variable string, check func([]byte) error) error {
	text := os.Getenv(variable)
	if *s != "" || text == "" {
		return nil
	}
	if err := checkSecret(Secret(text), check); err != nil {
		return &Error{Origin: Origin{Flag: variable}, Problem: err.Error()}
	}
	*s = Secret(text)
	return nil
}
