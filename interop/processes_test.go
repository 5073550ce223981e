package interop

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/alexedwards/scs/v2"
)

// Two processes, for all that sessions know: each has the file open by itself.
// Parallel requests of one session are exact all the same, and who logged out
// in one of them isn't brought back by the other.
func TestTwoProcesses(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, path string) library{
		"scs": func(t *testing.T, path string) library {
			return useSCS(t, scsStore(t, openFile(t, path)), scs.GobCodec{}, 0)
		},
		"scs, hashed": func(t *testing.T, path string) library {
			return useSCS(t, scsStore(t, openFile(t, path)), scs.GobCodec{}, 0, func(sm *scs.SessionManager) { sm.HashTokenInStore = true })
		},
		"gorilla": func(t *testing.T, path string) library { return useGorilla(t, gorillaStore(t, openFile(t, path)), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.db")
			one, two := newSite(t, open(t, path)), newSite(t, open(t, path))
			v := one.visitor()
			v.get("/begin.asp", 200)
			other := &visitor{two, v.client} // its cookies are for any port
			var wg sync.WaitGroup
			for k := range 50 {
				at, i := v, k/4%len(ways)
				if k%2 == 0 {
					at = other
				}
				path := fmt.Sprint("/go/add", i)
				if k/2%2 == 0 {
					path = fmt.Sprint("/add", i, ".asp")
				}
				wg.Go(func() { at.get(path, ways[i].status) })
			}
			wg.Wait()
			for _, at := range []*visitor{v, other} {
				if got := at.get("/go/seen", 200); !strings.HasSuffix(got, " int 50") {
					t.Errorf("after 50 increments: %s", got)
				}
			}
			// A page of one process has the session when the other is to end it.
			wg.Go(func() { other.get("/slow.asp", 200) })
			<-two.slow
			wg.Go(func() { v.get("/out.asp", 200) })
			two.slow <- true
			wg.Wait()
			if got := other.get("/go/seen", 200); strings.Contains(got, "int") {
				t.Errorf("after the logout: %s", got)
			}
		})
	}
}
