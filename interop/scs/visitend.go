package scsstore

import (
	"context"

	"github.com/najahost/naja/interop/internal/bridge"
)

// Destroy implements bridge.Backend.
func (v *visit) Destroy(context.Context) error {
	v.ending = true
	defer func() { v.ending = false }()
	return v.manager().Destroy(v.ctx)
}

// former is the name that the session had before this request changed it; ""
// where it keeps its name.
func (v *visit) former() string {
	if len(v.outdated) > 0 {
		return v.outdated[0]
	}
	return v.limbo
}

// lacksAll says that nothing of the session as it was loaded is left.
func (v *visit) lacksAll() bool {
	now := v.values()
	for key := range v.first {
		if _, ok := now[key]; ok {
			return false
		}
	}
	return len(v.first) > 0
}

// over ends a session that a handler destroyed.
func (v *visit) over() {
	v.leftBehind()
	in := v.p.guard.ends.in()
	if v.limbo == "" || in == nil {
		return
	}
	ctx, cancel := v.p.guard.bound(context.Background())
	defer cancel()
	if err := v.overIn(ctx, in); err != nil {
		v.p.guard.ends.complain(err)
	}
}

func (v *visit) overIn(ctx context.Context, in *bridge.Records) error {
	err := in.End(ctx, v.limbo)
	if err == nil {
		v.limbo = ""
	}
	return err
}
