package cborvalue

import (
	"strings"
	"unicode/utf8"
)

// Fold is the form in which keys are compared: lower case. A key that is
// already folded is returned as it is, without an allocation.
func Fold(key string) string { return strings.ToLower(key) }

// SameKey says whether two keys are the same without regard to case.
func SameKey(a, b string) bool { return sameKey(a, b) }

// sameKey compares a key as stored with one in any spelling. ASCII, which
// nearly all keys are, needs no copy.
func sameKey[T string | []byte](stored T, key string) bool {
	for i := 0; i < len(stored) && i < len(key); i++ {
		a, b := stored[i], key[i]
		if a|b >= utf8.RuneSelf {
			return Fold(string(stored)) == Fold(key)
		}
		if a != b && lower(a) != lower(b) {
			return false
		}
	}
	// What is left of the longer one folds to at least one letter.
	return len(stored) == len(key)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}
