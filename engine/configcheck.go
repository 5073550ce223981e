package engine

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/internal/setting"
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
		c.checkTable(),
		c.checkTimes(),
		checkMethods(c.Methods),
		c.checkSession(),
		c.checkPages(),
		c.checkFiles(),
	)
}

// checkTable is what the table of settings says of numbers, times and words.
func (c *Config) checkTable() error {
	if name, problem := setting.Check(setting.Engine, c); name != "" {
		return &ConfigError{name, problem}
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
	case c.Path != path.Clean(c.Path) || strings.ContainsAny(c.Path, `\%?#;:`) || site.HasControl(c.Path):
		return badSetting("path", "%q is not a URL prefix like /shop", c.Path)
	}
	return nil
}

func (c *Config) checkTimes() error {
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
	if cp, ok := codepage.Lookup(c.CodePage); !ok || !cp.ASCIICompatible() {
		return badSetting("code_page", "%d is not a code page that pages can be sent in; 65001 is UTF-8", c.CodePage)
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
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:`) || site.HasControl(name) {
			return badSetting("default_documents", "%q is not a file name", name)
		}
	}
	for _, ext := range c.StaticExtensions {
		switch {
		case ext == "":
		case len(ext) < 2 || strings.ContainsAny(ext[1:], `./\:`) || site.HasControl(ext):
			return badSetting("static_extensions", "%q is not an extension like .html; \"\" is for files without one", ext)
		case slices.Contains(site.NeverSent(), ext):
			return badSetting("static_extensions", "%q files are sources, databases or copies, which are never sent", ext)
		}
	}
	return nil
}

// checkEmbedded refuses an embed.FS in which the site lies one folder deeper than
// its root. Who wants that folder's name in front of the pages has it in Path.
func checkEmbedded(c Config) error {
	if folder := site.EmbeddedFolder(c.FS, c.StaticExtensions); folder != "" {
		return badSetting("root", "the embed.FS has the site in its folder %q; give the folder alone: fs.Sub(files, %q)", folder, folder)
	}
	return nil
}
