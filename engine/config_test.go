package engine

import (
	"errors"
	"math"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

func TestDefaultsAreIISsWhereIISHasThem(t *testing.T) {
	c, err := Config{Root: "site"}.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Root: "site", Path: "/", Logger: c.Logger,
		BufferingLimit: 4194304, Methods: []string{"GET", "HEAD", "POST"}, MaxRequestEntity: 200000, MaxFormFields: 1000, MaxFormFieldSize: 102400,
		MaxUploadFiles: 100, UploadMaxRequestEntity: 200000,
		ProcessorThreadMax: c.ProcessorThreadMax, RequestQueueMax: 3000, SessionQueueMax: 50,
		QueueTimeout: 30 * time.Second, QueueConnectionTestTime: 3 * time.Second,
		ScriptTimeout: 90 * time.Second, ScriptTimeoutMax: 10 * time.Minute, EndTimeout: 30 * time.Second,
		SessionTimeout: 20 * time.Minute, SessionMax: 1000000, SessionRenewGrace: 10 * time.Second, SessionCookie: "NAJASESSIONID", SessionCookieSameSite: http.SameSiteLaxMode, PinnedSessionMax: 1000,
		ApplicationLockTimeout: 10 * time.Second, SendingMax: 268435456, WriteStallTimeout: 30 * time.Second, LingerTimeout: 10 * time.Second,
		CodePage: 65001, LCID: 1033, ScriptLanguage: "JavaScript", ScriptErrorMessage: c.ScriptErrorMessage,
		ScriptFileCacheSize: 500, CheckInterval: 2 * time.Second,
		DefaultDocuments: []string{"default.htm", "default.asp", "index.asp", "index.htm", "index.html", "iisstart.htm"},
		StaticExtensions: c.StaticExtensions, Isolation: "in-process",
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	if c.ProcessorThreadMax < 25 || c.ProcessorThreadMax%25 != 0 {
		t.Errorf("processor_thread_max = %d, want 25 for each CPU", c.ProcessorThreadMax)
	}
}

func TestWithDefaultsTwiceChangesNothing(t *testing.T) {
	first, err := Config{
		FS: fstest.MapFS{}, Path: "shop/", ScriptFileCacheSize: None, CheckInterval: None, QueueTimeout: None,
		RequestQueueMax: None, SendingMax: None, ScriptTimeout: time.Hour, StaticExtensions: []string{"HTML", ".css", ""},
		Methods: []string{"PUT", "GET", "PUT"},
	}.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	second, err := first.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Errorf("first  %+v\nsecond %+v", first, second)
	}
	if first.SessionCookie != "NAJASESSIONID_shop" || first.Path != "/shop" || first.StaticExtensions[0] != ".html" ||
		!slices.Equal(first.Methods, []string{"PUT", "GET", "HEAD"}) {
		t.Errorf("not normalised: %+v", first)
	}
}

func TestWithDefaultsCopiesLists(t *testing.T) {
	given := Config{Root: "site", StaticExtensions: []string{"HTML"}, DefaultDocuments: []string{"a.asp"}}
	c, err := given.WithDefaults()
	if err != nil {
		t.Fatal(err)
	}
	c.DefaultDocuments[0] = "changed"
	if given.StaticExtensions[0] != "HTML" || given.DefaultDocuments[0] != "a.asp" {
		t.Errorf("the caller's lists were changed: %v %v", given.StaticExtensions, given.DefaultDocuments)
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	tests := []struct {
		setting string
		spoil   func(*Config)
	}{
		{"root", func(c *Config) { c.Root = "" }},
		{"root", func(c *Config) { c.FS = fstest.MapFS{} }},
		{"path", func(c *Config) { c.Path = "/a/../b" }},
		{"path", func(c *Config) { c.Path = "/a//b" }},
		{"path", func(c *Config) { c.Path = "/a\nb" }},
		{"path", func(c *Config) { c.Path = `/a\b` }},
		{"isolation", func(c *Config) { c.Isolation = "pool" }},
		{"buffering_limit", func(c *Config) { c.BufferingLimit = -1 }},
		{"methods", func(c *Config) { c.Methods = []string{} }},
		{"methods", func(c *Config) { c.Methods = []string{"GET", ""} }},
		{"methods", func(c *Config) { c.Methods = []string{"GET POST"} }},
		{"methods", func(c *Config) { c.Methods = []string{"GET\r\nA: b"} }},
		{"methods", func(c *Config) { c.Methods = []string{"PÜT"} }},
		{"methods", func(c *Config) { c.Methods = []string{"get"} }},
		{"methods", func(c *Config) { c.Methods = []string{"Patch"} }},
		{"methods", func(c *Config) { c.Methods = []string{"GET", "TRACE"} }},
		{"methods", func(c *Config) { c.Methods = []string{"Connect"} }},
		{"methods", func(c *Config) { c.Methods = []string{"PRI"} }},
		{"max_request_entity", func(c *Config) { c.MaxRequestEntity = -1 }},
		{"max_form_fields", func(c *Config) { c.MaxFormFields = -1 }},
		{"max_form_field_size", func(c *Config) { c.MaxFormFieldSize = -7 }},
		{"max_upload_files", func(c *Config) { c.MaxUploadFiles = -2 }},
		{"upload_max_request_entity", func(c *Config) { c.UploadMaxRequestEntity = -1 }},
		{"processor_thread_max", func(c *Config) { c.ProcessorThreadMax = -1 }},
		{"request_queue_max", func(c *Config) { c.RequestQueueMax = -2 }},
		{"session_queue_max", func(c *Config) { c.SessionQueueMax = -2 }},
		{"session_max", func(c *Config) { c.SessionMax = -1 }},
		{"pinned_session_max", func(c *Config) { c.PinnedSessionMax = -2 }},
		{"sending_max", func(c *Config) { c.SendingMax = -2 }},
		{"memory_limit", func(c *Config) { c.MemoryLimit = -1 }},
		{"script_file_cache_size", func(c *Config) { c.ScriptFileCacheSize = -2 }},
		{"queue_timeout", func(c *Config) { c.QueueTimeout = -time.Second }},
		{"queue_connection_test_time", func(c *Config) { c.QueueConnectionTestTime = -time.Second }},
		{"check_interval", func(c *Config) { c.CheckInterval = -time.Second }},
		{"script_timeout", func(c *Config) { c.ScriptTimeout = -1 }},
		{"script_timeout_max", func(c *Config) { c.ScriptTimeoutMax = time.Second }},
		{"static_max_age", func(c *Config) { c.StaticMaxAge = 500 * time.Millisecond }},
		{"end_timeout", func(c *Config) { c.EndTimeout = -time.Second }},
		{"session_timeout", func(c *Config) { c.SessionTimeout = -1 }},
		{"application_lock_timeout", func(c *Config) { c.ApplicationLockTimeout = -1 }},
		{"write_stall_timeout", func(c *Config) { c.WriteStallTimeout = -1 }},
		{"session_cookie", func(c *Config) { c.SessionCookie = "a b" }},
		{"session_cookie", func(c *Config) { c.SessionCookie = "a\r\nb" }},
		{"session_cookie", func(c *Config) { c.SessionCookie = "ñ" }},
		{"script_language", func(c *Config) { c.ScriptLanguage = "VBScript" }},
		{"code_page", func(c *Config) { c.CodePage = -1 }},
		{"code_page", func(c *Config) { c.CodePage = 1 }},
		{"code_page", func(c *Config) { c.CodePage = 1200 }}, // UTF-16
		{"lcid", func(c *Config) { c.LCID = -1 }},
		{"error_page", func(c *Config) { c.ErrorPage = "/error.html" }},
		{"processor_thread_max", func(c *Config) { c.ProcessorThreadMax = 100_001 }},
		{"max_request_entity", func(c *Config) { c.MaxRequestEntity = math.MaxInt64 }},
		{"script_timeout_max", func(c *Config) { c.ScriptTimeoutMax = math.MaxInt64 }},
		{"lcid", func(c *Config) { c.LCID = 1 << 20 }},
		{"hold_queue_max", func(c *Config) { c.HoldQueueMax = -2 }},
		{"hold_timeout", func(c *Config) { c.HoldTimeout = -1 }},
		{"error_page_404", func(c *Config) { c.ErrorPage404 = "/404" }},
		{"error_folder", func(c *Config) { c.ErrorFolder = "/../errors" }},
		{"error_folder", func(c *Config) { c.ErrorFolder = "/" }},
		{"default_documents", func(c *Config) { c.DefaultDocuments = []string{"../a.asp"} }},
		{"default_documents", func(c *Config) { c.DefaultDocuments = []string{""} }},
		{"static_extensions", func(c *Config) { c.StaticExtensions = []string{"."} }},
		{"static_extensions", func(c *Config) { c.StaticExtensions = []string{".tar.gz"} }},
		{"static_extensions", func(c *Config) { c.StaticExtensions = []string{"ASP"} }},
		{"static_extensions", func(c *Config) { c.StaticExtensions = []string{".inc"} }},
	}
	for _, test := range tests {
		c := Config{Root: "site"}
		test.spoil(&c)
		_, err := c.WithDefaults()
		var bad *ConfigError
		if !errors.As(err, &bad) || bad.Setting != test.setting {
			t.Errorf("%s: got %v", test.setting, err)
		}
	}
}

func TestGoodSettingsAreTaken(t *testing.T) {
	tests := []func(*Config){
		func(c *Config) { c.Path = "/" },
		func(c *Config) { c.Methods = []string{"POST"} },
		func(c *Config) { c.Methods = []string{"GET", "PROPFIND", "x-my.method", "OPTIONS"} },
		func(c *Config) { c.Path = "/a/b/" },
		func(c *Config) { c.Isolation = "process" },
		func(c *Config) { c.CodePage = 1252 },
		func(c *Config) { c.ScriptLanguage = "jscript" },
		func(c *Config) { c.ErrorPage = "errors/500.ASP" },
		func(c *Config) { c.StaticExtensions = []string{} },
		func(c *Config) { c.StaticExtensions = []string{"", ".html"} },
		func(c *Config) { c.DefaultDocuments = []string{} },
		func(c *Config) { c.MaxUploadFiles, c.PinnedSessionMax, c.SessionQueueMax = None, None, None },
	}
	for i, set := range tests {
		c := Config{Root: "site"}
		set(&c)
		if _, err := c.WithDefaults(); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestCookieNamesOfNestedApplicationsDiffer(t *testing.T) {
	seen := make(map[string]string)
	for _, mount := range []string{"/", "/a", "/a/b", "/a/é", "/a/b/c"} {
		c, err := Config{Root: "site", Path: mount}.WithDefaults()
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := seen[c.SessionCookie]; taken {
			t.Errorf("%s and %s share the cookie %s", mount, other, c.SessionCookie)
		}
		seen[c.SessionCookie] = mount
	}
}
