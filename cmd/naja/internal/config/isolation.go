package config

import (
	"strings"
	"time"

	"github.com/najahost/naja/operate/isolate"
)

// isolationKeys are the settings of worker processes, which an application has
// with isolation = "process".
func isolationKeys() []key {
	const bytes = "a whole number of bytes, such as 536870912"
	const count = "a whole number, such as 1000"
	return []key{
		text("worker_executable", forBoth, "the path of a program", nil, worker(func(c *isolate.Config) *string { return &c.Executable })),
		environmentKey(),
		text("worker_folder", forBoth, "the path of a folder", nil, worker(func(c *isolate.Config) *string { return &c.Folder })),
		text("worker_user", forBoth, "a user's name", nil, worker(func(c *isolate.Config) *string { return &c.User })),
		number("worker_memory_limit", forBoth, bytes, zeroIsZero, worker(func(c *isolate.Config) *int64 { return &c.MemoryLimit })),
		number("worker_nice", forBoth, "a whole number from 0 to 19", zeroIsZero, worker(func(c *isolate.Config) *int { return &c.Nice })),
		number("worker_files", forBoth, count, zeroIsZero, worker(func(c *isolate.Config) *int { return &c.Files })),
		number("worker_processors", forBoth, "a whole number, such as 2", zeroIsZero, worker(func(c *isolate.Config) *int { return &c.Processors })),
		duration("worker_start_timeout", forBoth, zeroRefused, "90s", worker(func(c *isolate.Config) *time.Duration { return &c.StartTimeout })),
		duration("worker_shutdown_timeout", forBoth, zeroRefused, "90s", worker(func(c *isolate.Config) *time.Duration { return &c.ShutdownTimeout })),
		duration("worker_idle_timeout", forBoth, zeroIsZero, "20m", worker(func(c *isolate.Config) *time.Duration { return &c.IdleTimeout })),
		duration("ping_interval", forBoth, zeroIsNone, "30s", worker(func(c *isolate.Config) *time.Duration { return &c.PingInterval })),
		duration("ping_timeout", forBoth, zeroRefused, "90s", worker(func(c *isolate.Config) *time.Duration { return &c.PingTimeout })),
		number("recycle_requests", forBoth, count, zeroIsZero, worker(func(c *isolate.Config) *int64 { return &c.RecycleRequests })),
		duration("recycle_time", forBoth, zeroIsNone, "29h", worker(func(c *isolate.Config) *time.Duration { return &c.RecycleTime })),
		number("recycle_memory", forBoth, bytes, zeroIsZero, worker(func(c *isolate.Config) *int64 { return &c.RecycleMemory })),
		list("recycle_schedule", `a list of times of day, such as ["03:30"]`, worker(func(c *isolate.Config) *[]string { return &c.RecycleSchedule })),
		number("rapid_fail_crashes", forBoth, "a whole number, such as 5", zeroIsNone, worker(func(c *isolate.Config) *int { return &c.RapidFailCrashes })),
		duration("rapid_fail_interval", forBoth, zeroRefused, "5m", worker(func(c *isolate.Config) *time.Duration { return &c.RapidFailInterval })),
		duration("rapid_fail_pause", forBoth, zeroRefused, "5m", worker(func(c *isolate.Config) *time.Duration { return &c.RapidFailPause })),
		number("suspect_deaths", forBoth, "a whole number, such as 2", zeroRefused, worker(func(c *isolate.Config) *int { return &c.SuspectDeaths })),
		duration("suspect_pause", forBoth, zeroRefused, "10m", worker(func(c *isolate.Config) *time.Duration { return &c.SuspectPause })),
		text("crash_page", forBoth, "the path of a file from the root", nil, worker(func(c *isolate.Config) *string { return &c.CrashPage })),
	}
}

// worker makes a field of an application's worker settings one of a target.
func worker[T any](field func(*isolate.Config) *T) func(target) *T {
	return func(t target) *T { return field(&t.app.Worker) }
}

// environmentKey hides the values that may be secrets.
func environmentKey() key {
	k := list("worker_environment", `a list of NAME=VALUE, such as ["TZ=Europe/Paris"]`,
		worker(func(c *isolate.Config) *[]string { return &c.Environment }))
	get := k.get
	k.get = func(from target) any {
		shown := []string{}
		for _, pair := range get(from).([]string) {
			if name, _, _ := strings.Cut(pair, "="); SecretName(name) {
				pair = name + "=xxxxx"
			}
			shown = append(shown, pair)
		}
		return shown
	}
	return k
}
