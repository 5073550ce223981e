package engine

import (
	"io/fs"
	"log/slog"
	"net/http"
	goruntime "runtime"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// None is what a field of [Config] holds to mean "none" or "off", where its
// comment allows that. Zero always means the default, so it can't.
const None = -1

// A Config says what an application is and how much it may use. Only Root or
// FS has to be set: the zero value of every other field is its default. Each
// comment names the setting in a configuration file, its default and its
// unit; the names are those of IIS where IIS has the setting.
//
// [New] copies the Config, so that changing it afterwards changes nothing.
type Config struct {
	// Root (root) is the folder that holds the site. Nothing outside it is
	// ever opened, not through a symbolic link either.
	Root string
	// FS is the site instead of Root: an embed.FS, an fstest.MapFS. Exactly
	// one of the two is set. An embed.FS whose root is nothing but the folder
	// that was embedded is refused: fs.Sub takes that folder off.
	FS fs.FS
	// Path (path) is the URL prefix that the application is mounted at, "/"
	// by default. The engine takes it off itself: don't use http.StripPrefix.
	Path string
	// Logger gets the access log, page errors and console output of pages.
	// Default: slog.Default().
	Logger *slog.Logger
	// Dev is for the time while a site is written: the files of a page are
	// looked at at every request, errors are shown in full to the browser, a
	// broken page's too instead of its last good version, and a browser shows
	// its page anew when a file of the site has changed.
	Dev bool

	// DisableBuffering (buffering = false) makes pages start unbuffered.
	// Default: a page is buffered until it flushes or ends.
	DisableBuffering bool
	// BufferingLimit (buffering_limit) is the most bytes a page may hold
	// unsent, past it ASP 0251. Default 4194304.
	BufferingLimit int64

	// Methods (methods) are the methods of requests that reach pages, spelled as
	// in a request; any other is answered with 405 and Allow. With GET goes HEAD.
	// OPTIONS is answered with Allow where it isn't among them. Static files take
	// GET and HEAD, whatever is here. Default: GET, HEAD, POST.
	Methods []string

	// MaxRequestEntity (max_request_entity) is the most bytes of a request
	// body, past it 413. Default 200000.
	MaxRequestEntity int64
	// MaxFormFields (max_form_fields) is the most fields of a form or a query
	// string, past it 413. Default 1000.
	MaxFormFields int
	// MaxFormFieldSize (max_form_field_size) is the most bytes of one field,
	// past it 413. Default 102400.
	MaxFormFieldSize int64
	// MaxUploadFiles (max_upload_files) is the most files of a multipart
	// form, past it 413. Default 100; None refuses files.
	MaxUploadFiles int
	// UploadMaxRequestEntity (upload_max_request_entity) is the most bytes of
	// a multipart body. Default: as MaxRequestEntity.
	UploadMaxRequestEntity int64

	// ProcessorThreadMax (processor_thread_max) is the number of apartments,
	// that is of pages that run at once. Default 25 for each CPU.
	ProcessorThreadMax int
	// RequestQueueMax (request_queue_max) is how many requests may wait for
	// an apartment, past it 503. Default 3000; None lets none wait.
	RequestQueueMax int
	// SessionQueueMax (session_queue_max) is how many requests of one session
	// may wait for their turn, past it 503. Default 50; None lets none wait.
	SessionQueueMax int
	// QueueTimeout (queue_timeout) is how long a request may wait for its
	// turn, and then for an apartment, past it 503. Default 30s; None waits
	// for ever.
	QueueTimeout time.Duration
	// HoldQueueMax (hold_queue_max) and HoldTimeout (hold_timeout) bound the
	// requests that wait while the application starts, or starts again because
	// global.asa has changed, and how long they do, where that is less than
	// RequestQueueMax and QueueTimeout; past it 503. Default: those. None lets
	// none wait.
	HoldQueueMax int
	HoldTimeout  time.Duration
	// QueueConnectionTestTime (queue_connection_test_time): a request that
	// waited longer has its connection looked at before it runs. Default 3s;
	// None never looks.
	QueueConnectionTestTime time.Duration

	// ScriptTimeout (script_timeout) is how long a page may run before it is
	// stopped with ASP 0113. Default 90s.
	ScriptTimeout time.Duration
	// ScriptTimeoutMax (script_timeout_max) is the most that a page may set
	// Server.ScriptTimeout to. Default 10m, never less than ScriptTimeout.
	ScriptTimeoutMax time.Duration

	// SlowLog (slow_log) is after how long a page that still runs is told in the
	// log, with its line and the script's stack. Default 0: never.
	SlowLog time.Duration

	// EndTimeout (end_timeout) is how long what belongs to the application's
	// end may take once its last page has ended: Session_OnEnd of all sessions
	// that end with it, for three quarters of the time at most, and
	// Application_OnEnd. Default 30s.
	EndTimeout time.Duration

	// DisableSessionState (session_state = false) makes pages sessionless
	// unless they ask for a session by @EnableSessionState.
	DisableSessionState bool
	// SessionTimeout (session_timeout) is how long a session lives without a
	// request. Default 20m.
	SessionTimeout time.Duration
	// SessionMax (session_max) is the most sessions alive, past it ASP 0246.
	// Default 1000000.
	SessionMax int
	// SessionRenewGrace (session_renew_grace) is for how long the token that a
	// session had before Session.Renew leads to it yet, for requests that were
	// under way; those in line have no such bound. None: not at all. Default
	// 10s.
	SessionRenewGrace time.Duration
	// SessionCookie (session_cookie) is the cookie's name. Default
	// NAJASESSIONID, followed by a suffix made of Path where that isn't "/",
	// because a browser sends the cookies of all enclosing paths.
	SessionCookie string
	// SessionCookieSecure (session.cookie_secure): the session's cookie is
	// Secure, and named as over TLS, whichever way a request came; for a server
	// behind a proxy that speaks TLS and doesn't say so. Over TLS it is always.
	SessionCookieSecure bool
	// SessionCookieSameSite (session.cookie_same_site) is Lax, Strict, or None,
	// which wants SessionCookieSecure. Default Lax.
	SessionCookieSameSite http.SameSite
	// SessionCookieDomain (session.cookie_domain) sends the cookie to all hosts
	// of a domain. Default: to the host that set it.
	SessionCookieDomain string
	// SessionCookieHost (session.cookie_host) has "__Host-" before the cookie's
	// name over TLS, in the place of "__Secure-", so that no other host of its
	// domain can set it. It wants the path "/" and no SessionCookieDomain. Default
	// false: sessions that browsers have under the other name would be lost.
	SessionCookieHost bool
	// SessionCookiePartitioned (session.cookie_partitioned) keeps the cookie
	// apart for each site that has this one in a frame. It wants
	// SessionCookieSecure, and None for SessionCookieSameSite.
	SessionCookiePartitioned bool
	// SessionCookieMaxAge (session.cookie_max_age) keeps the cookie when the
	// browser ends, for so long from when it was sent: at the session's
	// beginning, and at Session.Renew. At most 400 days. Default: until the
	// browser ends.
	SessionCookieMaxAge time.Duration
	// PinnedSessionMax (pinned_session_max) is the most sessions that may be
	// bound to an apartment at once. Default 1000; None forbids it.
	PinnedSessionMax int

	// ApplicationLockTimeout (application_lock_timeout) is how long
	// Application.Lock waits before it throws. Default 10s.
	ApplicationLockTimeout time.Duration

	// SendingMax (sending_max) is the most bytes, of all buffered pages
	// together, that may wait for slow readers after their page gave its
	// apartment back; past it the apartment is kept. Default 268435456;
	// None keeps it always.
	SendingMax int64
	// WriteStallTimeout (write_stall_timeout) is how long a client may take
	// no byte of what is sent to it before it counts as gone. Default 30s.
	WriteStallTimeout time.Duration
	// LingerTimeout (linger_timeout) is for how long a client that was answered
	// before its request's body was read may go on sending, so that it comes to
	// read the answer; what it sends is dropped. At most 64 do so at once.
	// Default 10s; None: they are cut off.
	LingerTimeout time.Duration

	// MemoryLimit (memory_limit) is how many bytes of memory the process may
	// use, heap and stacks, before new pages are refused with 503; running
	// ones and static files go on. Default 0: no limit.
	MemoryLimit int64

	// DisableParentPaths (enable_parent_paths = false) refuses ".." in
	// include and MapPath. Default: allowed inside the root.
	DisableParentPaths bool
	// CodePage (code_page) is the code page of pages that name none.
	// Default 65001, UTF-8.
	CodePage int
	// LCID (lcid) is the locale of pages that name none. Default 1033.
	LCID int
	// ScriptLanguage (script_language) is the language of pages that name
	// none: JavaScript or JScript. Default JavaScript.
	ScriptLanguage string

	// IgnoreVBScriptGlobal (ignore_vbscript_global_asa) lets an application
	// start without its global.asa when that is VBScript, which is an error in
	// the log each time. Default: it doesn't start.
	IgnoreVBScriptGlobal bool

	// AllowProxy (allow_proxy) gives pages the global Proxy, with which a page
	// can end the process. Default: pages have none.
	AllowProxy bool

	// ScriptErrorSentToBrowser (script_error_sent_to_browser) shows a failed
	// page's error in the browser. Default: ScriptErrorMessage instead.
	ScriptErrorSentToBrowser bool
	// ScriptErrorMessage (script_error_message) is what a browser sees of an
	// error. Default: IIS's sentence.
	ScriptErrorMessage string
	// ErrorPage (error_page) is the page run when a page failed (IIS's
	// 500;100), as a path from the root. Default: none.
	ErrorPage string
	// ErrorPage404 (error_page_404) is the page run when a file is missing, as
	// a path from the root. Default: none.
	ErrorPage404 string
	// ErrorFolder (error_folder) is a folder, as a path from the root, whose
	// STATUS.html, such as 503.html, is sent with that status in the place of
	// naja's own answer. Default: none.
	ErrorFolder string

	// ScriptFileCacheSize (script_file_cache_size) is how many compiled pages
	// are kept. Default 500; None compiles at each request.
	ScriptFileCacheSize int
	// CheckInterval (check_interval) is how long a compiled page is used
	// before its files are looked at again. Default 2s; None looks at each
	// request, and so does Dev.
	CheckInterval time.Duration

	// DefaultDocuments (default_documents) are the files tried, in order, for
	// a URL that ends in a slash, whatever the case of their names. Default:
	// IIS's list with one more: default.htm, default.asp, index.asp, index.htm,
	// index.html, iisstart.htm.
	DefaultDocuments []string
	// StaticExtensions (static_extensions) are the extensions, dot included,
	// of files that are sent as they are, "" for those without one; everything
	// else is 404, but for what lies in /.well-known without an extension.
	// Default: a list of what browsers need, without "".
	StaticExtensions []string

	// StaticMaxAge (static_max_age) is for how long a browser may use a file of
	// StaticExtensions without asking whether it has changed, in whole seconds
	// (IIS: clientCache/cacheControlMaxAge). Default 0: it asks each time, which
	// costs it an answer without a body; so it does in development.
	StaticMaxAge time.Duration

	// Backend (state) keeps sessions and Application where they outlive the
	// process: a *sqlite.DB of store/sqlite, for instance, opened for this
	// application alone. Its owner closes it after Shutdown. Default: nil, in
	// memory.
	Backend store.Backend
	// StateEnds says that what the Backend keeps is forgotten after Shutdown,
	// as memory is. Sessions end with the application, then and when global.asa
	// changes, as they do without a Backend. Default: they stay.
	StateEnds bool
	// Isolation (isolation) is in-process or process. Default in-process.
	Isolation string

	// Components are the Go types that pages make by Server.CreateObject,
	// <object> or new ActiveXObject, by ProgID. Default: none.
	Components map[string]Component
	// Sessions keeps the sessions instead of the engine's own manager:
	// interop/scs, interop/gorilla or the program's own. Its owner
	// closes it after the engine. The bounds of its queues are its own, in the
	// place of SessionQueueMax and RequestQueueMax, where Go handlers stand in
	// them too. Default: nil, by Backend.
	Sessions session.Provider
	// Secure says whether a request reached the server over TLS. A server
	// behind a proxy that speaks TLS for it wants its own. Default: the
	// request's own connection counts.
	Secure func(*http.Request) bool
	// OnError is called with each error of a page, beside the log; from the
	// apartment's goroutine, so that it should be quick. Default: nil.
	OnError func(*asp.Error)
	// Observer hears of each request that was answered, for metrics. Default:
	// nil, which costs nothing.
	Observer Observer
	// Recorder is told which page runs where, for those who want to know what
	// ran when the process died. Default: nil, which costs nothing.
	Recorder Recorder

	lease time.Duration // of sessions and locks; tests shorten it. Default: theirs
}

// What pages can create, and who may call it; see [runtime.Component].
type (
	// Component is a Go type that pages can create.
	Component = runtime.Component
	// Threading says which goroutines may call a component.
	Threading = runtime.Threading
)

// The threading models of components.
const (
	PerRequest = runtime.PerRequest
	Apartment  = runtime.Apartment
	Agile      = runtime.Agile
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
