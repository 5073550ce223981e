package engine

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/internal/codepage"
)

// A ConfigError says which setting of a [Config] can't be used and why.
type ConfigError struct {
	// Setting is the name as a configuration file spells it: session_timeout.
	Setting string
	// Problem says what is wrong and what would be right.
	Problem string
}

func (e *ConfigError) Error() string { return e.Setting + ": " + e.Problem }

// check reports the first setting that can't be used. It runs after the
// defaults are filled in, so nothing here is zero by omission.
func (c *Config) check() error {
	return cmp.Or(
		c.checkRoot(),
		c.checkSizes(),
		c.checkTimes(),
		checkMethods(c.Methods),
		c.checkSession(),
		c.checkPages(),
		c.checkFiles(),
		c.checkMemory(),
	)
}

// checkMemory: 0 is no limit.
func (c *Config) checkMemory() error {
	if c.MemoryLimit < 0 {
		return badSetting("memory_limit", "%d is too small; 0 is no limit", c.MemoryLimit)
	}
	return nil
}

func badSetting(setting, format string, args ...any) error {
	return &ConfigError{Setting: setting, Problem: fmt.Sprintf(format, args...)}
}

func (c *Config) checkRoot() error {
	switch {
	case c.Root == "" && c.FS == nil:
		return badSetting("root", "is missing; name the folder that holds the site")
	case c.Root != "" && c.FS != nil:
		return badSetting("root", "is set to %q and a file system is given too; set one of them", c.Root)
	case c.Path != path.Clean(c.Path) || strings.ContainsAny(c.Path, `\%?#;:`) || hasControl(c.Path):
		return badSetting("path", "%q is not a URL prefix like /shop", c.Path)
	}
	return oneOf("isolation", c.Isolation, "in-process", "process")
}

func oneOf(setting, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return badSetting(setting, "%q is not one of %s", value, strings.Join(allowed, ", "))
}

// hasControl reports whether s has a byte that no header, cookie or path of
// ours may have.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// A bound is a number's setting and the least it may be.
type bound struct {
	setting      string
	value, least int64
}

func checkBounds(bounds []bound) error {
	for _, b := range bounds {
		if b.value == None && b.least <= 0 {
			continue
		}
		if b.value < max(b.least, 1) {
			return badSetting(b.setting, "%d is too small; the least is %d", b.value, max(b.least, 0))
		}
	}
	return nil
}

// checkSizes: 0 as the least means that None is allowed.
func (c *Config) checkSizes() error {
	return checkBounds([]bound{
		{"buffering_limit", c.BufferingLimit, 1},
		{"max_request_entity", c.MaxRequestEntity, 1},
		{"max_form_fields", int64(c.MaxFormFields), 1},
		{"max_form_field_size", c.MaxFormFieldSize, 1},
		{"max_upload_files", int64(c.MaxUploadFiles), 0},
		{"upload_max_request_entity", c.UploadMaxRequestEntity, 1},
		{"processor_thread_max", int64(c.ProcessorThreadMax), 1},
		{"hold_queue_max", int64(cmp.Or(c.HoldQueueMax, None)), 0},
		{"request_queue_max", int64(c.RequestQueueMax), 0},
		{"session_queue_max", int64(c.SessionQueueMax), 0},
		{"session_max", int64(c.SessionMax), 1},
		{"pinned_session_max", int64(c.PinnedSessionMax), 0},
		{"sending_max", c.SendingMax, 0},
		{"script_file_cache_size", int64(c.ScriptFileCacheSize), 0},
	})
}

func (c *Config) checkTimes() error {
	times := []struct {
		setting string
		value   time.Duration
		none    bool
	}{
		{"queue_timeout", c.QueueTimeout, true},
		{"hold_timeout", c.HoldTimeout, false},
		{"queue_connection_test_time", c.QueueConnectionTestTime, true},
		{"check_interval", c.CheckInterval, true},
		{"script_timeout", c.ScriptTimeout, false},
		{"script_timeout_max", c.ScriptTimeoutMax, false},
		{"end_timeout", c.EndTimeout, false},
		{"session_timeout", c.SessionTimeout, false},
		{"session_renew_grace", c.SessionRenewGrace, true},
		{"application_lock_timeout", c.ApplicationLockTimeout, false},
		{"write_stall_timeout", c.WriteStallTimeout, false},
		{"static_max_age", c.StaticMaxAge, false},
	}
	for _, t := range times {
		if t.value < 0 && !(t.none && t.value == None) {
			return badSetting(t.setting, "%v is negative", t.value)
		}
	}
	if c.StaticMaxAge%time.Second != 0 {
		return badSetting("static_max_age", "%v is no whole number of seconds, which browsers are told", c.StaticMaxAge)
	}
	if c.ScriptTimeoutMax < c.ScriptTimeout {
		return badSetting("script_timeout_max", "%v is less than script_timeout, %v", c.ScriptTimeoutMax, c.ScriptTimeout)
	}
	return nil
}

// isToken reports whether s is a token of RFC 9110 section 5.6.2.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 || !isAlphanumeric(byte(r)) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func (c *Config) checkPages() error {
	switch strings.ToLower(c.ScriptLanguage) {
	case "javascript", "jscript":
	default:
		return badSetting("script_language", "%q is not one of JavaScript, JScript", c.ScriptLanguage)
	}
	if cp, ok := codepage.Lookup(c.CodePage); !ok || !cp.ASCIICompatible() {
		return badSetting("code_page", "%d is not a code page that pages can be sent in; 65001 is UTF-8", c.CodePage)
	}
	if c.LCID < 0 || c.LCID > 0xfffff {
		return badSetting("lcid", "%d is not a locale identifier", c.LCID)
	}
	return cmp.Or(checkPage("error_page", c.ErrorPage), checkPage("error_page_404", c.ErrorPage404))
}

func checkPage(setting, page string) error {
	if page != "" && !strings.EqualFold(path.Ext(page), ".asp") {
		return badSetting(setting, "%q is not a page; name a .asp file by its path from the root", page)
	}
	return nil
}

func (c *Config) checkFiles() error {
	for _, name := range c.DefaultDocuments {
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:`) || hasControl(name) {
			return badSetting("default_documents", "%q is not a file name", name)
		}
	}
	for _, ext := range c.StaticExtensions {
		switch {
		case ext == "":
		case len(ext) < 2 || strings.ContainsAny(ext[1:], `./\:`) || hasControl(ext):
			return badSetting("static_extensions", "%q is not an extension like .html; \"\" is for files without one", ext)
		case slices.Contains(neverSent(), ext):
			return badSetting("static_extensions", "%q files are sources, databases or copies, which are never sent", ext)
		}
	}
	return nil
}
