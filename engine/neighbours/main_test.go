//go:build unix

package neighbours

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the tables of docs/deploying.md")

func TestMain(m *testing.M) {
	// net/http sleeps half a second before it closes a connection that it
	// refused, whether its server is closed or not.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}
