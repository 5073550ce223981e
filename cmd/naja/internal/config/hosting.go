package config

import "time"

// Hosting are the settings of an application that the operator's side of it
// has, beside the engine. Each comment names the key and its default.
type Hosting struct {
	// Preload (preload) loads the application before the server listens: every
	// page compiled, Application_OnStart run. Default false.
	Preload bool
	// KeepAliveInterval (keepalive_interval) is how often what was idle is
	// exercised. Default 0: never.
	KeepAliveInterval time.Duration
	// HoldTimeout (hold_timeout) is how long a request waits while the
	// application is held or starts. Default 30s.
	HoldTimeout time.Duration
	// HoldQueueMax (hold_queue_max) is how many wait then. Default 1000.
	HoldQueueMax int
	// UpdateSource (update_source) is the folder that updates come from.
	// Default "": none.
	UpdateSource string
	// UpdateProgram (update_program) is the file that updates of
	// worker_executable come from. Default "": none.
	UpdateProgram string
	// UpdateDelete (update_delete) removes what it lacks. Default false.
	UpdateDelete bool
	// Watch (watch) has changed files noticed by the system's messages, beside
	// check_interval. Default true.
	Watch bool
}

func defaultHosting() Hosting {
	return Hosting{HoldTimeout: 30 * time.Second, HoldQueueMax: 1000, Watch: true}
}

// hostingKeys are the settings of operators.
func hostingKeys() []key {
	return []key{
		truth("preload", false, func(t target) *bool { return &t.app.Hosting.Preload }),
		duration("keepalive_interval", forBoth, zeroIsZero, "1m", func(t target) *time.Duration { return &t.app.Hosting.KeepAliveInterval }),
		duration("hold_timeout", forBoth, zeroRefused, "30s", func(t target) *time.Duration { return &t.app.Hosting.HoldTimeout }),
		number("hold_queue_max", forBoth, "a whole number, such as 1000", zeroIsNone, func(t target) *int { return &t.app.Hosting.HoldQueueMax }),
		text("update_source", forBoth, "the path of a folder", nil, func(t target) *string { return &t.app.Hosting.UpdateSource }),
		text("update_program", forBoth, "the path of a program", nil, func(t target) *string { return &t.app.Hosting.UpdateProgram }),
		truth("update_delete", false, func(t target) *bool { return &t.app.Hosting.UpdateDelete }),
		truth("watch", false, func(t target) *bool { return &t.app.Hosting.Watch }),
	}
}
