package runtime

import (
	"strings"

	"github.com/najahost/naja/asp"
)

// maxTransfers bounds the chain of Server.Transfer of one request.
const maxTransfers = 100

// program finds the page that Execute or Transfer names.
func (sc *script) program(verb, path string) (*Program, error) {
	if sc.env.Response == nil || sc.env.Request == nil {
		sc.missing("Server."+verb, "an event has no page")
	}
	if err := checkPath(path); err != nil {
		return nil, err
	}
	return sc.env.Host.Program(sc.ctx, sc.prog.name, path)
}

// checkPath refuses what IIS refuses in the path of Execute and Transfer.
func checkPath(path string) error {
	switch {
	case path == "":
		return asp.New(171, "")
	case len(path) > 4096:
		return asp.New(172, "the path is too long")
	case strings.Contains(path, "?"):
		return asp.New(235, "the path must not have a query string")
	case strings.ContainsAny(path, "*<>,:;'\"]\x00") || strings.Contains(path, "//"):
		return asp.New(173, clip(path))
	}
	return nil
}
