package engine

import (
	"log/slog"
	"net/http"
	goruntime "runtime"
	"slices"
	"strings"
	"time"
)

// WithDefaults returns a copy of c in which every field says what is in
// force. It is the only place where a Config is checked: its errors are of
// type *[ConfigError]. A Config that went through it once comes out of it
// unchanged.
func (c Config) WithDefaults() (Config, error) {
	c.fillServing()
	c.fillSession()
	c.fillPages()
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

func (c *Config) fillServing() {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Path = "/" + strings.Trim(c.Path, "/")
	fill(&c.BufferingLimit, 4<<20)
	if c.Methods == nil {
		c.Methods = defaultMethods()
	}
	c.Methods = wholeMethods(c.Methods)
	fill(&c.MaxRequestEntity, 200_000)
	fill(&c.MaxFormFields, 1000)
	fill(&c.MaxFormFieldSize, 100<<10)
	fill(&c.MaxUploadFiles, 100)
	fill(&c.UploadMaxRequestEntity, c.MaxRequestEntity)
	fill(&c.ProcessorThreadMax, 25*goruntime.GOMAXPROCS(0))
	fill(&c.RequestQueueMax, 3000)
	fill(&c.SessionQueueMax, 50)
	fill(&c.QueueTimeout, 30*time.Second)
	fill(&c.QueueConnectionTestTime, 3*time.Second)
	fill(&c.SendingMax, 256<<20)
	fill(&c.WriteStallTimeout, 30*time.Second)
	fill(&c.Isolation, "in-process")
}

func (c *Config) fillSession() {
	fill(&c.ScriptTimeout, 90*time.Second)
	// A longer script_timeout says by itself that such pages are wanted.
	fill(&c.ScriptTimeoutMax, max(10*time.Minute, c.ScriptTimeout))
	fill(&c.EndTimeout, 30*time.Second)
	fill(&c.SessionTimeout, 20*time.Minute)
	fill(&c.SessionMax, 1_000_000)
	fill(&c.SessionRenewGrace, 10*time.Second)
	fill(&c.SessionCookie, "NAJASESSIONID"+cookieSuffix(c.Path))
	fill(&c.SessionCookieSameSite, http.SameSiteLaxMode)
	fill(&c.PinnedSessionMax, 1000)
	fill(&c.ApplicationLockTimeout, 10*time.Second)
}

func (c *Config) fillPages() {
	fill(&c.CodePage, 65001)
	fill(&c.LCID, 1033)
	fill(&c.ScriptLanguage, "JavaScript")
	fill(&c.ScriptErrorMessage, "An error occurred on the server when processing the URL. Please contact the system administrator.")
	fill(&c.ScriptFileCacheSize, 500)
	fill(&c.CheckInterval, 2*time.Second)
	c.DefaultDocuments = slices.Clone(c.DefaultDocuments)
	if c.DefaultDocuments == nil {
		c.DefaultDocuments = defaultDocuments()
	}
	c.StaticExtensions = slices.Clone(c.StaticExtensions)
	if c.StaticExtensions == nil {
		c.StaticExtensions = defaultStaticExtensions()
	}
	for i, ext := range c.StaticExtensions {
		if ext == "" {
			continue // files without one
		}
		c.StaticExtensions[i] = "." + strings.TrimPrefix(strings.ToLower(ext), ".")
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

// defaultDocuments are IIS's, in IIS's order, and index.asp among them. Their
// case doesn't matter.
func defaultDocuments() []string {
	return []string{"default.htm", "default.asp", "index.asp", "index.htm", "index.html", "iisstart.htm"}
}

// defaultStaticExtensions is what browsers and crawlers ask for. Formats that
// a server keeps its own data or source in (.inc, .toml, .db, .log, .bak) are
// left out, as is everything that nobody thought of.
func defaultStaticExtensions() []string {
	return strings.Fields(`
		.html .htm .xhtml .css .js .mjs .map .json .webmanifest .wasm
		.txt .md .csv .xml .xsl .rss .atom .pdf .ics .vcf
		.png .jpg .jpeg .gif .webp .avif .svg .ico .bmp .tif .tiff .cur
		.woff .woff2 .ttf .otf .eot
		.mp3 .m4a .ogg .oga .wav .flac .mp4 .m4v .webm .ogv .vtt
		.zip .gz .tgz .7z .doc .docx .xls .xlsx .ppt .pptx .odt .ods .rtf .swf`)
}
