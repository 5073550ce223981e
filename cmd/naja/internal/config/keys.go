package config

import (
	"slices"
	"time"

	"github.com/najahost/naja/engine"
)

// keys lists every setting, in the order in which they are documented and
// written out. Whatever engine.Config checks itself isn't checked here.
func keys() []key {
	return slices.Concat(serverKeys(), placeKeys(), requestKeys(), scriptKeys(), pageKeys(), stateKeys(), hostingKeys(), isolationKeys(), sessionKeys())
}

func serverKeys() []key {
	at := func(f func(*Server) *time.Duration) func(target) *time.Duration {
		return func(t target) *time.Duration { return f(t.server) }
	}
	str := func(f func(*Server) *string) func(target) *string {
		return func(t target) *string { return f(t.server) }
	}
	const hostPort = `HOST:PORT, such as "127.0.0.1:8080"`
	return []key{
		text("addr", forServer, hostPort, checkAddr, str(func(s *Server) *string { return &s.Addr })),
		text("admin_addr", forServer, hostPort, orEmpty(checkAddr), str(func(s *Server) *string { return &s.AdminAddr })),
		text("admin_account", forServer, `an account's name, or "any"`, nil, str(func(s *Server) *string { return &s.AdminAccount })),
		text("admin_users", forServer, "the path of a file", nil, str(func(s *Server) *string { return &s.AdminUsers })),
		text("public_url", forServer, `scheme and host, such as "https://www.example.com"`, orEmpty(checkSite), str(func(s *Server) *string { return &s.PublicURL })),
		ofServer(truth("admin_show_values", false, func(t target) *bool { return &t.server.AdminShowValues })),
		ofServer(truth("admin_pprof", false, func(t target) *bool { return &t.server.AdminPprof })),
		duration("read_header_timeout", forServer, zeroRefused, "10s", at(func(s *Server) *time.Duration { return &s.ReadHeaderTimeout })),
		duration("read_timeout", forServer, zeroRefused, "60s", at(func(s *Server) *time.Duration { return &s.ReadTimeout })),
		duration("write_stall_timeout", forServer, zeroRefused, "30s", at(func(s *Server) *time.Duration { return &s.WriteStallTimeout })),
		duration("idle_timeout", forServer, zeroRefused, "120s", at(func(s *Server) *time.Duration { return &s.IdleTimeout })),
		number("max_header_bytes", forServer, "a number of bytes, such as 16384", zeroRefused,
			func(t target) *int { return &t.server.MaxHeaderBytes }),
		duration("shutdown_timeout", forServer, zeroIsZero, "30s", at(func(s *Server) *time.Duration { return &s.ShutdownTimeout })),
		text("tls_cert", forServer, "the path of a PEM file", nil, str(func(s *Server) *string { return &s.TLSCert })),
		text("tls_key", forServer, "the path of a PEM file", nil, str(func(s *Server) *string { return &s.TLSKey })),
		proxiesKey(),
		text("log_format", forServer, `"text" or "json"`, oneOf("text", "json"), str(func(s *Server) *string { return &s.LogFormat })),
		levelKey(),
	}
}

// ofServer makes a key one of the server alone.
func ofServer(k key) key {
	k.scope = forServer
	return k
}

func placeKeys() []key {
	return []key{
		text("path", forTable, `a URL prefix, such as "/" or "/shop"`, checkMount, app(func(c *engine.Config) *string { return &c.Path })),
		text("root", forTable, "the folder that holds the site", notEmpty, app(func(c *engine.Config) *string { return &c.Root })),
	}
}

func requestKeys() []key {
	const bytes = "a whole number of bytes, such as 4194304"
	const count = "a whole number, such as 100"
	return []key{
		truth("buffering", true, app(func(c *engine.Config) *bool { return &c.DisableBuffering })),
		number("buffering_limit", forBoth, bytes, zeroRefused, app(func(c *engine.Config) *int64 { return &c.BufferingLimit })),
		list("methods", `a list of methods, such as ["GET", "POST", "PUT"]`, app(func(c *engine.Config) *[]string { return &c.Methods })),
		number("max_request_entity", forBoth, bytes, zeroRefused, app(func(c *engine.Config) *int64 { return &c.MaxRequestEntity })),
		number("max_form_fields", forBoth, count, zeroRefused, app(func(c *engine.Config) *int { return &c.MaxFormFields })),
		number("max_form_field_size", forBoth, bytes, zeroRefused, app(func(c *engine.Config) *int64 { return &c.MaxFormFieldSize })),
		number("max_upload_files", forBoth, count, zeroIsNone, app(func(c *engine.Config) *int { return &c.MaxUploadFiles })),
		number("upload_max_request_entity", forBoth, bytes, zeroIsZero, app(func(c *engine.Config) *int64 { return &c.UploadMaxRequestEntity })),
		number("processor_thread_max", forBoth, count, zeroRefused, app(func(c *engine.Config) *int { return &c.ProcessorThreadMax })),
		number("request_queue_max", forBoth, count, zeroIsNone, app(func(c *engine.Config) *int { return &c.RequestQueueMax })),
		number("session_queue_max", forBoth, count, zeroIsNone, app(func(c *engine.Config) *int { return &c.SessionQueueMax })),
		duration("queue_timeout", forBoth, zeroIsNone, "30s", app(func(c *engine.Config) *time.Duration { return &c.QueueTimeout })),
		duration("queue_connection_test_time", forBoth, zeroIsTiny, "3s", app(func(c *engine.Config) *time.Duration { return &c.QueueConnectionTestTime })),
	}
}

func scriptKeys() []key {
	return []key{
		duration("script_timeout", forBoth, zeroRefused, "90s", app(func(c *engine.Config) *time.Duration { return &c.ScriptTimeout })),
		duration("script_timeout_max", forBoth, zeroRefused, "10m", app(func(c *engine.Config) *time.Duration { return &c.ScriptTimeoutMax })),
		duration("end_timeout", forBoth, zeroRefused, "30s", app(func(c *engine.Config) *time.Duration { return &c.EndTimeout })),
		truth("session_state", true, app(func(c *engine.Config) *bool { return &c.DisableSessionState })),
		duration("session_timeout", forBoth, zeroRefused, "20m", app(func(c *engine.Config) *time.Duration { return &c.SessionTimeout })),
		number("session_max", forBoth, "a whole number, such as 1000000", zeroRefused, app(func(c *engine.Config) *int { return &c.SessionMax })),
		duration("session_renew_grace", forBoth, zeroIsNone, "10s", app(func(c *engine.Config) *time.Duration { return &c.SessionRenewGrace })),
		text("session_cookie", forBoth, "a cookie's name", notEmpty, app(func(c *engine.Config) *string { return &c.SessionCookie })),
		number("pinned_session_max", forBoth, "a whole number, such as 1000", zeroIsNone, app(func(c *engine.Config) *int { return &c.PinnedSessionMax })),
		duration("application_lock_timeout", forBoth, zeroRefused, "10s", app(func(c *engine.Config) *time.Duration { return &c.ApplicationLockTimeout })),
		number("memory_limit", forBoth, "a whole number of bytes, such as 1073741824", zeroIsZero, app(func(c *engine.Config) *int64 { return &c.MemoryLimit })),
		number("sending_max", forBoth, "a whole number of bytes, such as 268435456", zeroIsNone, app(func(c *engine.Config) *int64 { return &c.SendingMax })),
	}
}

func pageKeys() []key {
	return []key{
		truth("enable_parent_paths", true, app(func(c *engine.Config) *bool { return &c.DisableParentPaths })),
		truth("allow_proxy", false, app(func(c *engine.Config) *bool { return &c.AllowProxy })),
		number("code_page", forBoth, "the number of a code page, such as 65001", zeroRefused, app(func(c *engine.Config) *int { return &c.CodePage })),
		number("lcid", forBoth, "the number of a locale, such as 1033", zeroRefused, app(func(c *engine.Config) *int { return &c.LCID })),
		text("script_language", forBoth, `"JavaScript" or "JScript"`, oneOfFold("JavaScript", "JScript"), app(func(c *engine.Config) *string { return &c.ScriptLanguage })),
		truth("script_error_sent_to_browser", false, app(func(c *engine.Config) *bool { return &c.ScriptErrorSentToBrowser })),
		text("script_error_message", forBoth, "the text that a browser sees", notEmpty, app(func(c *engine.Config) *string { return &c.ScriptErrorMessage })),
		text("error_page", forBoth, "the path of a page from the root", nil, app(func(c *engine.Config) *string { return &c.ErrorPage })),
		text("error_page_404", forBoth, "the path of a page from the root", nil, app(func(c *engine.Config) *string { return &c.ErrorPage404 })),
		number("script_file_cache_size", forBoth, "a whole number, such as 500", zeroIsNone, app(func(c *engine.Config) *int { return &c.ScriptFileCacheSize })),
		duration("check_interval", forBoth, zeroIsNone, "2s", app(func(c *engine.Config) *time.Duration { return &c.CheckInterval })),
		list("default_documents", `a list of file names, such as ["default.asp"]`, app(func(c *engine.Config) *[]string { return &c.DefaultDocuments })),
		duration("static_max_age", forBoth, zeroIsZero, "1h", app(func(c *engine.Config) *time.Duration { return &c.StaticMaxAge })),
		list("static_extensions", `a list of extensions, such as [".css", ".png"], "" for none`, app(func(c *engine.Config) *[]string { return &c.StaticExtensions })),
	}
}

func stateKeys() []key {
	return []key{
		stateKey(),
		text("durable", forBoth, `"strict" or "relaxed"`, oneOf("strict", "relaxed"), func(t target) *string { return &t.app.Durable }),
		text("isolation", forBoth, `"in-process" or "process"`, oneOf("in-process", "process"), app(func(c *engine.Config) *string { return &c.Isolation })),
	}
}

// app makes a field of an application one of a target.
func app[T any](field func(*engine.Config) *T) func(target) *T {
	return func(t target) *T { return field(&t.app.Config) }
}
