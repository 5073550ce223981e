package asptest

import (
	"os"
	"testing"
)

// Tests that repeat do little of it, and all of it when that was asked for:
// NAJA_SOAK=1 make soak.

// Soaking says that it was asked for.
func Soaking() bool { return os.Getenv("NAJA_SOAK") == "1" }

// Scaled is how much of something a test does: little, or all of it.
func Scaled(little, all int) int {
	if Soaking() {
		return all
	}
	return little
}

// SoakOnly skips a test that is long and wasn't asked for.
func SoakOnly(t testing.TB) {
	t.Helper()
	if !Soaking() {
		t.Skip("NAJA_SOAK=1 is not set")
	}
}
