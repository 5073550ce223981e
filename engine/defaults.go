package engine

import (
	"log/slog"
	"net/http"
	goruntime "runtime"
	"strings"

	"github.com/najahost/naja/internal/setting"
)

// WithDefaults returns a copy of c in which every field says what is in
// force. It is the only place where a Config is checked: its errors are of
// type *[ConfigError]. A Config that went through it once comes out of it
// unchanged.
func (c Config) WithDefaults() (Config, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Path = "/" + strings.Trim(c.Path, "/")
	ownMax, ownCookie := c.ScriptTimeoutMax == 0, c.SessionCookie == ""
	setting.Fill(setting.Engine, &c)
	if ownMax { // a longer script_timeout says by itself that such pages are wanted
		c.ScriptTimeoutMax = max(c.ScriptTimeoutMax, c.ScriptTimeout)
	}
	if ownCookie {
		c.SessionCookie += cookieSuffix(c.Path)
	}
	fill(&c.UploadMaxRequestEntity, c.MaxRequestEntity)
	fill(&c.ProcessorThreadMax, 25*goruntime.GOMAXPROCS(0))
	fill(&c.SessionCookieSameSite, http.SameSiteLaxMode)
	c.Methods = wholeMethods(c.Methods)
	for i, ext := range c.StaticExtensions {
		if ext == "" {
			continue // files without one
		}
		c.StaticExtensions[i] = "." + strings.TrimPrefix(strings.ToLower(ext), ".")
	}
	if err := c.check(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// fill sets *field to its default if it is zero.
func fill[T comparable](field *T, def T) {
	var zero T
	if *field == zero {
		*field = def
	}
}

// cookieSuffix makes a cookie name's end of a mount path: "/a/b" is "_a_b".
// Each byte becomes one, so an application inside another's path (which gets
// the other's cookie as well) always has the longer name.
func cookieSuffix(mount string) string {
	if mount == "/" {
		return ""
	}
	suffix := []byte(mount)
	for i, b := range suffix {
		if !isAlphanumeric(b) {
			suffix[i] = '_'
		}
	}
	return string(suffix)
}

func isAlphanumeric(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}
