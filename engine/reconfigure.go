package engine

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/najahost/naja/internal/sessions"
)

// Reconfigured is what became of new settings, by their names in a
// configuration file.
type Reconfigured struct {
	Changed      []string `json:"changed"`       // that are in force now
	NeedsRestart []string `json:"needs_restart"` // that differ, and count when the application is loaded again
}

// Reconfigure puts settings in force while requests run; those that began keep
// some of the old ones. It changes what can change so, and names what can't.
// What only Go programs set (Logger, Components, Backend …) stays. A Config that
// isn't right changes nothing: the error is a [*ConfigError]. It doesn't look at
// ctx, which is for runners that are farther away.
func (e *Engine) Reconfigure(_ context.Context, cfg Config) (Reconfigured, error) {
	// What a program set is in the Config already, and isn't asked for again.
	cfg.FS, cfg.Logger, cfg.Dev = e.cfg.FS, e.cfg.Logger, e.cfg.Dev
	if cfg.FS != nil {
		cfg.Root = ""
	}
	cfg, err := cfg.WithDefaults()
	if err != nil {
		return Reconfigured{}, err
	}
	e.reconfiguring.Lock()
	defer e.reconfiguring.Unlock()
	next := *e.live()
	var r Reconfigured
	for _, s := range liveSettings() {
		if s.take(&next, &cfg) {
			r.Changed = append(r.Changed, s.name)
		}
	}
	for _, s := range fixedSettings() {
		if s.take(&cfg, &e.cfg) {
			r.NeedsRestart = append(r.NeedsRestart, s.name)
		}
	}
	slices.Sort(r.Changed)
	slices.Sort(r.NeedsRestart)
	e.apply(&next)
	return r, nil
}

// apply puts settings in force.
func (e *Engine) apply(c *Config) {
	e.current.Store(c)
	e.lobby.set(c)
	e.memory.limit.Store(c.MemoryLimit)
	e.wires.stall.Store(int64(c.WriteStallTimeout))
	e.statics.stall.Store(int64(c.WriteStallTimeout))
	e.statics.age.Store(clientAge(c))
	e.pages.cfg.Store(cacheConfigOf(c))
	e.routes.reconfigure(c)
	e.apartments.reconfigure(c)
	if e.cfg.Sessions == nil {
		e.turns.SetBounds(c.SessionQueueMax, c.RequestQueueMax)
	}
	e.objects.setMax(c.PinnedSessionMax)
	app := e.life.app()
	app.state.SetLockTimeout(c.ApplicationLockTimeout)
	if app.manager != nil {
		app.manager.SetLimits(sessionLimits(c))
	}
}

// sessionLimits are the settings of sessions that can change.
func sessionLimits(c *Config) sessions.Limits {
	return sessions.Limits{
		Timeout: c.SessionTimeout, Max: c.SessionMax, RenewGrace: c.SessionRenewGrace,
		LeaseMax: c.ScriptTimeoutMax + 5*time.Second, OnEndTimeout: c.ScriptTimeoutMax + time.Minute,
	}
}

// reconfigure changes the bounds of the queue; who waits already stays.
func (p *pool) reconfigure(c *Config) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfg.queueMax, p.cfg.timeout, p.cfg.testAfter = c.RequestQueueMax, c.QueueTimeout, c.QueueConnectionTestTime
}

// setMax changes how many sessions may be pinned; those that are stay so.
func (l *liveObjects) setMax(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.maxPinned = max(n, 0)
}

// A setting is a field of Config.
type setting struct {
	name  string
	field func(*Config) any // a pointer to it
}

// take makes the setting of to that of from, and says whether it was another.
func (s setting) take(to, from *Config) bool {
	a, b := reflect.ValueOf(s.field(to)).Elem(), reflect.ValueOf(s.field(from)).Elem()
	if reflect.DeepEqual(a.Interface(), b.Interface()) {
		return false
	}
	a.Set(b)
	return true
}

// liveSettings are those that can change while requests run.
func liveSettings() []setting {
	return []setting{
		{"buffering", func(c *Config) any { return &c.DisableBuffering }},
		{"buffering_limit", func(c *Config) any { return &c.BufferingLimit }},
		{"methods", func(c *Config) any { return &c.Methods }},
		{"max_request_entity", func(c *Config) any { return &c.MaxRequestEntity }},
		{"max_form_fields", func(c *Config) any { return &c.MaxFormFields }},
		{"max_form_field_size", func(c *Config) any { return &c.MaxFormFieldSize }},
		{"max_upload_files", func(c *Config) any { return &c.MaxUploadFiles }},
		{"upload_max_request_entity", func(c *Config) any { return &c.UploadMaxRequestEntity }},
		{"request_queue_max", func(c *Config) any { return &c.RequestQueueMax }},
		{"session_queue_max", func(c *Config) any { return &c.SessionQueueMax }},
		{"queue_timeout", func(c *Config) any { return &c.QueueTimeout }},
		{"hold_timeout", func(c *Config) any { return &c.HoldTimeout }},
		{"hold_queue_max", func(c *Config) any { return &c.HoldQueueMax }},
		{"queue_connection_test_time", func(c *Config) any { return &c.QueueConnectionTestTime }},
		{"memory_limit", func(c *Config) any { return &c.MemoryLimit }},
		{"write_stall_timeout", func(c *Config) any { return &c.WriteStallTimeout }},
		{"script_timeout", func(c *Config) any { return &c.ScriptTimeout }},
		{"script_timeout_max", func(c *Config) any { return &c.ScriptTimeoutMax }},
		{"end_timeout", func(c *Config) any { return &c.EndTimeout }},
		{"session_state", func(c *Config) any { return &c.DisableSessionState }},
		{"session_timeout", func(c *Config) any { return &c.SessionTimeout }},
		{"session_renew_grace", func(c *Config) any { return &c.SessionRenewGrace }},
		{"session_max", func(c *Config) any { return &c.SessionMax }},
		{"pinned_session_max", func(c *Config) any { return &c.PinnedSessionMax }},
		{"application_lock_timeout", func(c *Config) any { return &c.ApplicationLockTimeout }},
		{"script_error_sent_to_browser", func(c *Config) any { return &c.ScriptErrorSentToBrowser }},
		{"script_error_message", func(c *Config) any { return &c.ScriptErrorMessage }},
		{"error_page", func(c *Config) any { return &c.ErrorPage }},
		{"error_page_404", func(c *Config) any { return &c.ErrorPage404 }},
		{"script_file_cache_size", func(c *Config) any { return &c.ScriptFileCacheSize }},
		{"static_max_age", func(c *Config) any { return &c.StaticMaxAge }},
		{"check_interval", func(c *Config) any { return &c.CheckInterval }},
	}
}

// fixedSettings are those that count when the application is loaded again.
func fixedSettings() []setting {
	return []setting{
		{"root", func(c *Config) any { return &c.Root }},
		{"path", func(c *Config) any { return &c.Path }},
		{"processor_thread_max", func(c *Config) any { return &c.ProcessorThreadMax }},
		{"sending_max", func(c *Config) any { return &c.SendingMax }},
		{"session_cookie", func(c *Config) any { return &c.SessionCookie }},
		{"session.cookie_secure", func(c *Config) any { return &c.SessionCookieSecure }},
		{"session.cookie_same_site", func(c *Config) any { return &c.SessionCookieSameSite }},
		{"session.cookie_domain", func(c *Config) any { return &c.SessionCookieDomain }},
		{"session.cookie_partitioned", func(c *Config) any { return &c.SessionCookiePartitioned }},
		{"session.cookie_max_age", func(c *Config) any { return &c.SessionCookieMaxAge }},
		{"enable_parent_paths", func(c *Config) any { return &c.DisableParentPaths }},
		{"code_page", func(c *Config) any { return &c.CodePage }},
		{"lcid", func(c *Config) any { return &c.LCID }},
		{"script_language", func(c *Config) any { return &c.ScriptLanguage }},
		{"allow_proxy", func(c *Config) any { return &c.AllowProxy }},
		{"default_documents", func(c *Config) any { return &c.DefaultDocuments }},
		{"static_extensions", func(c *Config) any { return &c.StaticExtensions }},
		{"isolation", func(c *Config) any { return &c.Isolation }},
	}
}
