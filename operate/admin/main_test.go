package admin

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a console leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
