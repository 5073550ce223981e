package config

import (
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/isolate"
)

// An Application is what the settings say about one application: the engine's,
// and what the command sees to before there is one. The comments name the keys
// and their defaults.
type Application struct {
	engine.Config

	// State (state) names the store of sessions and Application: memory,
	// sqlite:PATH, redis://…, postgres://…. Default "memory".
	State string
	// Durable (durable) is what a store on disk promises: strict, that what
	// was answered for is on the disk; relaxed, that it outlives the process,
	// while the last moments before a power cut may be lost. Default "strict".
	Durable string
	// Worker are the settings of worker processes (worker_…, recycle_… and
	// others), for isolation = "process"; its Engine isn't used.
	Worker isolate.Config
	// Hosting (preload, hold_…, update_… and others) is what operators have. The
	// command fills in the rest of it.
	Hosting host.Config
	// Watch (watch) has changed files noticed by the system's messages, beside
	// check_interval. Default true.
	Watch bool
	// Session ([session]) says which library keeps the sessions.
	Session Session
}

func defaultApplication() (app Application) {
	for _, of := range []setting.Owner{setting.Application, setting.Host, setting.Session} {
		setting.Fill(of, owner(target{app: &app}, of))
	}
	return app
}
