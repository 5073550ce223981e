package sessions

import "time"

// Limits are the settings of a [Manager] that can change while it is used; see
// [Config] for what they mean.
type Limits struct {
	Timeout      time.Duration // of sessions that set none, from their next request on
	Max          int           // for new sessions
	LeaseMax     time.Duration
	RenewGrace   time.Duration
	OnEndTimeout time.Duration
}

// SetLimits changes the limits; a field that is zero gets its default.
func (m *Manager) SetLimits(l Limits) {
	cfg, err := Config{Store: m.store, Timeout: l.Timeout, Max: l.Max, LeaseMax: l.LeaseMax, RenewGrace: l.RenewGrace, OnEndTimeout: l.OnEndTimeout}.withDefaults()
	if err != nil {
		return // can't be: these have no wrong values
	}
	m.limits.Store(limitsOf(cfg))
}

func limitsOf(cfg Config) *Limits {
	return &Limits{Timeout: cfg.Timeout, Max: cfg.Max, LeaseMax: cfg.LeaseMax, RenewGrace: cfg.RenewGrace, OnEndTimeout: cfg.OnEndTimeout}
}
