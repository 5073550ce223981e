package runtime

import (
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// TestDialect runs testdata/dialect: what JScript's pages need of the
// language and of the intrinsics, a file for each chapter, a case for each
// rule. A page that fails has a mark where it fails.
func TestDialect(t *testing.T) {
	eachDialectCase(t, "dialect", func(t *testing.T, c asptest.Case) {
		s := newDialectSite(c)
		prog, err := s.compile()
		if err != nil {
			if msg := c.CompareFailure(failureOf(err)); msg != "" {
				t.Error(msg)
			}
			return
		}
		if msg := s.run(prog); msg != "" {
			t.Error(msg)
		}
	})
}
