package setting

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// What errors say would be right.
const (
	hostPort    = `HOST:PORT, such as "127.0.0.1:8080"`
	aPEM        = "the path of a PEM file"
	aFolder     = "the path of a folder"
	aProgram    = "the path of a program"
	aPage       = "the path of a page from the root"
	ofBytes     = "a whole number of bytes, such as 4194304"
	ofMoreBytes = "a whole number of bytes, such as 536870912"
	count       = "a whole number, such as 100"
	moreOf      = "a whole number, such as 1000"
)

// All lists every setting, in the order in which they are documented and written
// out. The list is everybody's: nobody changes it.
func All() []Setting { return all() }

var all = sync.OnceValue(func() []Setting {
	return slices.Concat(OfServer(), OfPlace(), OfRequests(), OfScripts(), OfPages(), OfOperation(), OfWorkers(), OfSessions(), OfMail())
})

// of fills in what the lines of a part of the table have in common.
func of(owner Owner, scope Scope, lines []Setting, needs ...Need) []Setting {
	for i := range lines {
		s := &lines[i]
		s.Of, s.Scope, s.Needs = owner, scope, slices.Concat(needs, s.Needs)
	}
	return lines
}

// OfServer are the keys of the server.
func OfServer() []Setting {
	admin, proxies := []Need{AdminAddr}, []Need{Proxies}
	return of(Server, TopLevel, []Setting{
		{Name: "addr", Field: "Addr", Default: "127.0.0.1:8080", Want: hostPort, Doc: "HOST:PORT to listen on; port 0 picks a free one"},
		{Name: "admin_addr", Field: "AdminAddr", Want: hostPort, Doc: "HOST:PORT of the [maintenance console](operations.md); `\"\"`: there is none"},
		{Name: "admin_account", Field: "AdminAccount", Want: `an account's name, or "any"`, Needs: admin, Doc: "who may use it: an account's name, or `\"any\"` for each of the file; `\"\"` is for a loopback `admin_addr` alone, and lets in whoever reaches it"},
		{Name: "admin_users", Field: "AdminUsers", Path: true, Want: "the path of a file", Needs: admin, Doc: "file of accounts, as `naja admin passwd` writes it"},
		{Name: "public_url", Field: "PublicURL", Want: `scheme and host, such as "https://www.example.com"`, Needs: admin, Doc: "where visitors reach the server when it is behind a proxy, such as `\"https://www.example.com\"`; for the console's [links](operations.md#passing-a-hold) to the site; `\"\"`: as it listens"},
		{Name: "admin_show_values", Field: "AdminShowValues", Needs: admin, Doc: "the console shows the values of sessions, not only names and sizes"},
		{Name: "admin_pprof", Field: "AdminPprof", Needs: admin, Doc: "Go's profiles on the console, below `/debug/pprof/`"},
		{Name: "read_header_timeout", Field: "ReadHeaderTimeout", Default: 10 * time.Second, Doc: "for a client to send a request's header"},
		{Name: "read_timeout", Field: "ReadTimeout", Default: 60 * time.Second, Doc: "for a client to send a whole request"},
		{Name: "write_stall_timeout", Field: "WriteStallTimeout", Engine: "WriteStallTimeout", Default: 30 * time.Second, When: Now, Doc: "a client that takes nothing for so long counts as gone. There is no limit for an answer as a whole"},
		{Name: "idle_timeout", Field: "IdleTimeout", Default: 150 * time.Second, Doc: "a connection is kept between two requests; longer than a proxy in front keeps its own (nginx 60 s, Caddy 2 min), so that it is the proxy that closes"},
		{Name: "max_header_bytes", Field: "MaxHeaderBytes", Default: 16384, Most: 1 << 30, Want: "a number of bytes, such as 16384", Doc: "bytes of a request's header; past it 431"},
		{Name: "max_connections", Field: "MaxConnections", Default: 10_000, Zero: Itself, Most: 1 << 30, Want: count, Doc: "connections at once; [those past it](hardening.md#too-many-at-once) are closed; 0: no limit"},
		{Name: "max_address_connections", Field: "MaxAddressConnections", Zero: Itself, Most: 1 << 30, Want: count, Doc: "of them one address may have, but for `trusted_proxies`; 0: no limit"},
		{Name: "max_address_requests", Field: "MaxAddressRequests", Zero: Itself, Most: 1 << 30, Want: count, Doc: "requests of one visitor's address that may be under way; past it 503; 0: no limit"},
		{Name: "max_address_bodies", Field: "MaxAddressBodies", Zero: Itself, Most: 1 << 30, Want: count, Doc: "bodies that one visitor's address may be sending; past it 503; 0: no limit"},
		{Name: "shutdown_timeout", Field: "ShutdownTimeout", Default: 30 * time.Second, Zero: Itself, Doc: "for running requests when the server is [told to stop](deploying.md#stopping-and-restarting); those that go on longer are cut off"},
		{Name: "restart_timeout", Field: "RestartTimeout", Default: time.Minute, Doc: "for the process that is to take the place of this one at a [restart](deploying.md#restarting-without-a-gap) to be ready; past it that one is ended, and this one serves on"},
		{Name: "tls_cert", Field: "TLSCert", Path: true, Want: aPEM, Doc: "PEM file of the certificate; with `tls_key` the server speaks HTTPS and HTTP/2"},
		{Name: "tls_key", Field: "TLSKey", Path: true, Want: aPEM, Doc: "PEM file of its key"},
		{Name: "h2c", Field: "H2C", Doc: "HTTP/2 without TLS is spoken besides HTTP/1, with clients that begin with it ([prior knowledge](deploying.md#http2-from-a-proxy))"},
		{Name: "trusted_proxies", Field: "TrustedProxies", Want: `a list of addresses or networks, such as ["127.0.0.1", "10.0.0.0/8"]`, Doc: "addresses and networks of proxies that are [believed](deploying.md#what-a-proxy-says-of-its-client) about their clients"},
		{Name: "forwarded", Field: "Forwarded", Default: []string{"x-forwarded-for"}, OneOf: []string{"x-forwarded-for", "x-forwarded-proto", "forwarded"}, Fold: true, Needs: proxies, Want: `a list of "x-forwarded-for", "x-forwarded-proto" and "forwarded"`, Doc: "headers of theirs that are believed: those that each of them sets or removes in every request; what one passes on is its client's own"},
		{Name: "proxy_protocol", Field: "ProxyProtocol", Needs: proxies, Doc: "connections of theirs begin with a header of the [PROXY protocol](deploying.md#the-proxy-protocol), version 1 or 2; without it they are closed"},
		{Name: "scheme", Field: "Scheme", Default: "auto", OneOf: []string{"auto", "http", "https"}, Doc: "`\"https\"`: visitors come by TLS, whatever the connection and headers say, as where all of them come through a proxy that speaks it; `\"http\"`: none does; `\"auto\"`: as it is told"},
		{Name: "log_format", Field: "LogFormat", Default: "text", OneOf: []string{"text", "json"}, Doc: "or `\"json\"`"},
		{Name: "log_level", Field: "LogLevel", OneOf: []string{"debug", "info", "warn", "error"}, Fold: true, Doc: "or `\"debug\"`, `\"warn\"`, `\"error\"`; the access log is `info`"},
		{Name: "log_buffer", Field: "LogBuffer", Default: 1 << 20, Most: 1 << 30, Want: "a whole number of bytes, such as 1048576", Doc: "bytes of the log that wait for a reader that is [stuck](deploying.md#the-log); past it lines are lost, and counted. Nothing waits for the reader"},
	})
}

// OfPlace are those that every application has of its own.
func OfPlace() []Setting {
	return of(Engine, InTable, []Setting{
		{Name: "path", Field: "Path", Want: `a URL prefix, such as "/" or "/shop"`, DefaultIs: " ", When: Started, Doc: "URL prefix: `\"/\"` or `\"/shop\"`"},
		{Name: "root", Field: "Root", Path: true, Want: "the folder that holds the site", DefaultIs: " ", Doc: "folder of the site; nothing outside is ever opened"},
	})
}

// OfRequests are an application's for its requests.
func OfRequests() []Setting {
	return of(Engine, Both, []Setting{
		{Name: "buffering", Field: "DisableBuffering", Inverted: true, Default: true, When: Now, Doc: "pages are buffered until they flush or end (IIS: bufferingOn)"},
		{Name: "buffering_limit", Field: "BufferingLimit", Default: 4 << 20, Most: mostBytes, Want: ofBytes, When: Now, Doc: "unsent bytes of a page; past it ASP 0251 (bufferingLimit)"},
		{Name: "methods", Field: "Methods", Default: []string{"GET", "HEAD", "POST"}, Want: `a list of methods, such as ["GET", "POST", "PUT"]`, When: Now, Doc: "methods of requests that [reach pages](pages.md#methods); any other is 405"},
		{Name: "max_request_entity", Field: "MaxRequestEntity", Default: 200_000, Most: mostBytes, Want: ofBytes, When: Now, Doc: "bytes of a body; past it 413 (maxRequestEntityAllowed)"},
		{Name: "max_form_fields", Field: "MaxFormFields", Default: 1000, Want: count, When: Now, Doc: "fields of a form or query; past it 413"},
		{Name: "max_form_field_size", Field: "MaxFormFieldSize", Default: 100 << 10, Most: mostBytes, Want: ofBytes, When: Now, Doc: "bytes of one field; past it 413"},
		{Name: "max_upload_files", Field: "MaxUploadFiles", Default: 100, Zero: IsNone, Want: count, When: Now, Doc: "files of a multipart form; past it 413; 0 refuses files"},
		{Name: "upload_max_request_entity", Field: "UploadMaxRequestEntity", DefaultIs: "as `max_request_entity`", Zero: Itself, Most: mostBytes, Want: ofBytes, When: Now, Doc: "bytes of a multipart body; past it 413"},
		{Name: "processor_thread_max", Field: "ProcessorThreadMax", DefaultIs: "25 for each CPU", Most: 100_000, Want: count, Doc: "apartments: pages that run at once (processorThreadMax)"},
		{Name: "request_queue_max", Field: "RequestQueueMax", Default: 3000, Zero: IsNone, Want: count, When: Now, Doc: "requests that wait, for turns and apartments; past it 503 (requestQueueMax); 0: none"},
		{Name: "session_queue_max", Field: "SessionQueueMax", Default: 50, Zero: IsNone, Want: count, When: Now, Needs: []Need{ServerKeeps}, Doc: "requests of one session that wait for their turn; past it 503; 0: none"},
		{Name: "queue_timeout", Field: "QueueTimeout", Default: 30 * time.Second, Zero: IsNone, When: Now, Doc: "a request waits; past it 503 (queueTimeout); 0: for ever"},
		{Name: "queue_connection_test_time", Field: "QueueConnectionTestTime", Default: 3 * time.Second, Zero: Tiny, When: Now, Doc: "a request that waited longer has its client looked at before it runs (queueConnectionTestTime); 0: each that waited"},
		{Name: "memory_limit", Field: "MemoryLimit", Zero: Itself, Most: mostBytes, Want: "a whole number of bytes, such as 1073741824", When: Now, Doc: "bytes of heap and stacks past which new pages get 503, see [hardening](hardening.md); 0: no limit"},
		{Name: "sending_max", Field: "SendingMax", Default: 256 << 20, Zero: IsNone, Most: mostBytes, Want: "a whole number of bytes, such as 268435456", Doc: "bytes of finished pages that may wait for slow readers; past it answers whose clients take nothing are given up, of the client with the most waiting first, and the others keep their apartments; 0: an answer always keeps its apartment"},
	})
}

// OfScripts are an application's for its scripts and sessions.
func OfScripts() []Setting {
	return of(Engine, Both, []Setting{
		{Name: "script_timeout", Field: "ScriptTimeout", Default: 90 * time.Second, When: Now, Doc: "a page runs; past it ASP 0113 (scriptTimeout)"},
		{Name: "script_timeout_max", Field: "ScriptTimeoutMax", Default: 10 * time.Minute, When: Now, Doc: "what a page may set `Server.ScriptTimeout` to"},
		{Name: "slow_log", Field: "SlowLog", Such: "5s", Zero: Itself, When: Now, Doc: "a page that still runs then is a line of level `WARN`, [with its line and the script's stack](operations.md#slow-pages); 0: none"},
		{Name: "end_timeout", Field: "EndTimeout", Default: 30 * time.Second, When: Now, Doc: "for `Session_OnEnd` of the sessions that end with the application, three quarters of it at most, and `Application_OnEnd`, once its last page has ended"},
		{Name: "session_state", Field: "DisableSessionState", Inverted: true, Default: true, When: Now, Doc: "false: pages have a session only if they ask for it by `EnableSessionState` (allowSessionState)"},
		{Name: "session_timeout", Field: "SessionTimeout", Default: 20 * time.Minute, When: Now, Doc: "a session lives without a request (timeout)"},
		{Name: "session_max", Field: "SessionMax", Default: 1_000_000, Want: "a whole number, such as 1000000", When: Now, Needs: []Need{ServerKeeps}, Doc: "live sessions; past it ASP 0246 (max)"},
		{Name: "session_renew_grace", Field: "SessionRenewGrace", Default: 10 * time.Second, Zero: IsNone, When: Now, Needs: []Need{ServerKeeps}, Doc: "the token that a session had before [`Session.Renew`](sessions.md#renew-at-login) leads to it yet; 0: for requests in line alone"},
		{Name: "session_cookie", Field: "SessionCookie", Default: "NAJASESSIONID", Want: "a cookie's name", Doc: "the cookie's name; for an application that isn't at `/` the default has a suffix: `NAJASESSIONID_shop`. Over TLS `__Secure-` stands before it"},
		{Name: "pinned_session_max", Field: "PinnedSessionMax", Default: 1000, Zero: IsNone, Want: moreOf, When: Now, Doc: "sessions that may be [pinned](sessions.md#pinned-sessions) to an apartment; 0: none"},
		{Name: "application_lock_timeout", Field: "ApplicationLockTimeout", Default: 10 * time.Second, When: Now, Doc: "`Application.Lock` waits before it throws"},
	})
}

// OfPages are an application's for its pages and files, and for where it is.
func OfPages() []Setting {
	pages := of(Engine, Both, []Setting{
		{Name: "enable_parent_paths", Field: "DisableParentPaths", Inverted: true, Default: true, Doc: "`..` in includes and `MapPath`, below the root (enableParentPaths, false there)"},
		{Name: "ignore_vbscript_global_asa", Field: "IgnoreVBScriptGlobal", Doc: "an application whose `global.asa` is in VBScript starts without it, and the log says so each time: no event of it runs, no object of it is there"},
		{Name: "allow_proxy", Field: "AllowProxy", Doc: "the global `Proxy` for pages, with which one can [end the process](hardening.md)"},
		{Name: "code_page", Field: "CodePage", Default: 65001, Want: "the number of a code page, such as 65001", Doc: "of pages that name none; 65001 is UTF-8 (codePage)"},
		{Name: "lcid", Field: "LCID", Default: 1033, Most: 0xfffff, Want: "the number of a locale, such as 1033", Doc: "of pages that name none"},
		{Name: "script_language", Field: "ScriptLanguage", Default: "JavaScript", OneOf: []string{"JavaScript", "JScript"}, Fold: true, Doc: "of pages that name none; or `\"JScript\"` (scriptLanguage, VBScript there)"},
		{Name: "script_error_sent_to_browser", Field: "ScriptErrorSentToBrowser", When: Now, Doc: "the browser sees a failed page's error (scriptErrorSentToBrowser)"},
		{Name: "script_error_message", Field: "ScriptErrorMessage", Default: "An error occurred on the server when processing the URL. Please contact the system administrator.", Want: "the text that a browser sees", When: Now, Doc: "what it sees otherwise (scriptErrorMessage)"},
		{Name: "error_page", Field: "ErrorPage", Want: aPage, When: Now, Doc: "page that runs when a page failed (IIS's 500;100), as a path from the root"},
		{Name: "error_page_404", Field: "ErrorPage404", Want: aPage, When: Now, Doc: "page that runs when a file is missing; its query string is IIS's, `404;http://host:port/path?query`"},
		{Name: "error_folder", Field: "ErrorFolder", Want: `the path of a folder from the root, such as "/errors"`, When: Now, Doc: "folder with files named by a status, such as `503.html` and `405.html`, which are sent with it where no page makes the answer: too much to do, a hold, a body that is too large; the text is UTF-8. `error_page` and `error_page_404` come first"},
		{Name: "script_file_cache_size", Field: "ScriptFileCacheSize", Default: 500, Zero: IsNone, Want: "a whole number, such as 500", When: Now, Doc: "compiled pages that are kept (scriptFileCacheSize); 0: none"},
		{Name: "check_interval", Field: "CheckInterval", Default: 2 * time.Second, Zero: IsNone, When: Now, Doc: "a compiled page is used before its files are looked at again; 0: look at each request"},
		{Name: "default_documents", Field: "DefaultDocuments", Default: []string{"default.htm", "default.asp", "index.asp", "index.htm", "index.html", "iisstart.htm"}, Want: `a list of file names, such as ["default.asp"]`, Doc: "tried in this order for a URL that ends in a slash (defaultDocument). The first that the folder has is the answer, in whatever case its name is there: `Default.ASP`. The default is IIS's list, in IIS's order, with `index.asp`"},
		{Name: "static_extensions", Field: "StaticExtensions", Default: staticExtensions(), DefaultIs: "a list of what browsers need; `naja config` shows it", Want: `a list of extensions, such as [".css", ".png"], "" for none`, Doc: "extensions of files that are sent as they are; everything else is 404. `\"\"` is for [files without one](#files-that-are-sent)"},
		{Name: "static_max_age", Field: "StaticMaxAge", Such: "1h", Zero: Itself, When: Now, Doc: "a browser uses such a file without asking whether it has changed, in whole seconds (clientCache/cacheControlMaxAge); 0: it asks each time, and gets 304 without a body. `--dev`: 0"},
	})
	state := of(Application, Both, []Setting{
		{Name: "state", Field: "State", Default: "memory", Want: `"memory", "sqlite:PATH", "redis://…" or "postgres://…"`, Doc: "where sessions and Application are kept: `\"memory\"`, or `\"sqlite:PATH\"` for one file that outlives the process and that several processes of the host may share, see [state.md](state.md)"},
		{Name: "durable", Field: "Durable", Default: "strict", OneOf: []string{"strict", "relaxed"}, Needs: []Need{StateFile}, Doc: "what a file promises: `\"strict\"`, what was answered for is on the disk; `\"relaxed\"`, it outlives the process, but the last moments before a power cut may be lost"},
	})
	isolation := of(Engine, Both, []Setting{
		{Name: "isolation", Field: "Isolation", Default: "in-process", OneOf: []string{"in-process", "process"}, When: Started, Doc: "or `\"process\"`: the application runs in [a process of its own](isolation.md) (AppIsolated)"},
	})
	return slices.Concat(pages, state, isolation)
}

// staticExtensions are what browsers and crawlers ask for. Formats that a server
// keeps its own data or source in (.inc, .toml, .db, .log, .bak) are left out, as
// is everything that nobody thought of.
func staticExtensions() []string {
	return strings.Fields(`
		.html .htm .xhtml .css .js .mjs .map .json .webmanifest .wasm
		.txt .md .csv .xml .xsl .rss .atom .pdf .ics .vcf
		.png .jpg .jpeg .gif .webp .avif .svg .ico .bmp .tif .tiff .cur
		.woff .woff2 .ttf .otf .eot
		.mp3 .m4a .ogg .oga .wav .flac .mp4 .m4v .webm .ogv .vtt
		.zip .gz .tgz .7z .doc .docx .xls .xlsx .ppt .pptx .odt .ods .rtf .swf`)
}

// OfOperation are those of operators.
func OfOperation() []Setting {
	host := of(Host, Both, []Setting{
		{Name: "preload", Field: "Preload", When: Now, Doc: "the application is [loaded](operations.md#loading-and-unloading) before the server listens"},
		{Name: "keepalive_interval", Field: "KeepAliveInterval", Such: "1m", Zero: Itself, When: Now, Doc: "what was idle is [exercised](operations.md#keeping-it-alive) so often; 0: never"},
		{Name: "hold_timeout", Field: "HoldTimeout", Engine: "HoldTimeout", EngineZero: true, Default: 30 * time.Second, When: Now, Doc: "a request waits while its application is [held](operations.md#holds), starts, starts again because `global.asa` has changed, or is updated; past it 503"},
		{Name: "hold_queue_max", Field: "HoldQueueMax", Engine: "HoldQueueMax", EngineZero: true, Default: 1000, Zero: IsNone, Want: moreOf, When: Now, Doc: "requests that wait then; past it 503; 0: none"},
		{Name: "linger_timeout", Field: "LingerTimeout", Engine: "LingerTimeout", Default: 10 * time.Second, Zero: IsNone, When: Now, Doc: "a client that is answered before its request's body was read (413, 503, 404 …) may go on sending, which is dropped, so that it comes to read the answer; at most 64 at once. 0: it is cut off, and may never see the answer"},
		{Name: "update_source", Field: "UpdateSource", Path: true, Want: aFolder, When: Now, Doc: "folder that [updates](operations.md#updates) come from; `\"\"`: there are none"},
		{Name: "update_program", Field: "UpdateProgram", Path: true, Want: aProgram, When: Now, Needs: []Need{Process}, Doc: "program that updates of `worker_executable` [come from](operations.md#the-program-of-workers); `\"\"`: there are none"},
		{Name: "update_delete", Field: "UpdateDelete", When: Now, Needs: []Need{UpdateSource}, Doc: "an update removes what its folder lacks"},
	})
	return append(host, of(Application, Both, []Setting{
		{Name: "watch", Field: "Watch", Default: true, When: Started, Doc: "changed files are [noticed at once](operations.md#reload), where the system tells"},
	})...)
}

// OfWorkers are those of worker processes.
func OfWorkers() []Setting {
	return of(Worker, Both, []Setting{
		{Name: "worker_executable", Field: "Executable", Path: true, Want: aProgram, Doc: "the program to run as a worker; `\"\"`: the server's own"},
		{Name: "worker_environment", Field: "Environment", Default: []string{}, Want: `a list of NAME=VALUE, such as ["TZ=Europe/Paris"]`, Doc: "`\"NAME=VALUE\"` that a worker has beside the server's environment"},
		{Name: "worker_folder", Field: "Folder", Path: true, Want: aFolder, Doc: "its working directory; `\"\"`: the server's"},
		{Name: "worker_user", Field: "User", Want: "a user's name", Doc: "whom it runs as, which only root may choose; `\"\"`: as the server"},
		{Name: "worker_memory_limit", Field: "MemoryLimit", Zero: Itself, Least: 32 << 20, Most: mostBytes, Want: ofMoreBytes, Doc: "bytes of memory past which a worker is ended; 0: no limit"},
		{Name: "worker_nice", Field: "Nice", Zero: Itself, Most: 19, Want: "a whole number from 0 to 19", Doc: "added to its CPU niceness, up to 19"},
		{Name: "worker_files", Field: "Files", Zero: Itself, Least: 64, Want: moreOf, Doc: "most files and connections that it may have open; 0: as the server"},
		{Name: "worker_processors", Field: "Processors", Zero: Itself, Want: "a whole number, such as 2", Doc: "processors that it uses (GOMAXPROCS); 0: as the server"},
		{Name: "worker_start_timeout", Field: "StartTimeout", Default: 90 * time.Second, Doc: "until it is ready (startupTimeLimit)"},
		{Name: "worker_shutdown_timeout", Field: "ShutdownTimeout", Default: 90 * time.Second, Doc: "for the requests of one that is replaced, and then for its end (shutdownTimeLimit)"},
		{Name: "worker_idle_timeout", Field: "IdleTimeout", Such: "20m", Zero: Itself, Doc: "without a request, after which it is ended until the next (idleTimeout, 20 minutes there); 0: never"},
		{Name: "ping_interval", Field: "PingInterval", Default: 30 * time.Second, Zero: IsNone, Doc: "between two questions whether it is well (pingInterval); 0: never"},
		{Name: "ping_timeout", Field: "PingTimeout", Default: 90 * time.Second, Needs: []Need{Pings}, Doc: "for the answer, before it is ended and another started (pingResponseTime)"},
		{Name: "recycle_requests", Field: "RecycleRequests", Zero: Itself, Want: moreOf, Doc: "after how many a worker is replaced (periodicRestart/requests); 0: never; 1: each has a process of its own"},
		{Name: "recycle_time", Field: "RecycleTime", Default: 29 * time.Hour, Zero: IsNone, Doc: "after which it is replaced (periodicRestart/time); 0: never"},
		{Name: "recycle_memory", Field: "RecycleMemory", Zero: Itself, Most: mostBytes, Want: ofMoreBytes, Doc: "bytes of memory past which it is replaced (periodicRestart/memory); 0: never"},
		{Name: "recycle_schedule", Field: "RecycleSchedule", Default: []string{}, Want: `a list of times of day, such as ["03:30"]`, Doc: "times of day at which it is replaced, such as `\"03:30\"` (periodicRestart/schedule)"},
		{Name: "rapid_fail_crashes", Field: "RapidFailCrashes", Default: 5, Zero: IsNone, Want: "a whole number, such as 5", Doc: "workers that may crash within the next key's time before the application is stopped (rapidFailProtectionMaxCrashes); 0: it never is"},
		{Name: "rapid_fail_interval", Field: "RapidFailInterval", Default: 5 * time.Minute, Needs: []Need{RapidFails}, Doc: "within which crashes count (rapidFailProtectionInterval)"},
		{Name: "rapid_fail_pause", Field: "RapidFailPause", Default: 5 * time.Minute, Needs: []Need{RapidFails}, Doc: "for which a stopped application stays so, unless an operator starts it"},
		{Name: "suspect_deaths", Field: "SuspectDeaths", Default: 2, Want: "a whole number, such as 2", Doc: "workers that a page may take with it while it runs alone, before it is refused"},
		{Name: "suspect_pause", Field: "SuspectPause", Default: 10 * time.Minute, Doc: "for which it is refused"},
		{Name: "crash_page", Field: "CrashPage", Want: "the path of a file from the root", Doc: "a file of the site that a client gets with 502 when a worker died with its request; `\"\"`: a page with `script_error_message`"},
	}, Process)
}

// OfSessions are those of [session].
func OfSessions() []Setting {
	gorilla := []Need{Gorilla}
	return of(Session, Both, []Setting{
		{Name: "session.provider", Field: "Provider", Default: "naja", OneOf: []string{"naja", "scs", "gorilla"}, Doc: "`\"naja\"`, `\"scs\"` or `\"gorilla\"`"},
		{Name: "session.store", Field: "Store", Default: "server", OneOf: []string{"server", "cookie"}, Doc: "sessions are kept where `state` says; `\"cookie\"`, of gorilla alone: all of a session travels with its visitor, with [the limits of that](embedding.md#gorillasessions)"},
		{Name: "session.hash_key", Field: "HashKey", Needs: gorilla, Doc: "signs gorilla's cookies: 32 bytes or more, as they are or after `hex:` or `base64:`. There is none built in: without one, and without `NAJA_SESSION_HASH_KEY`, naja doesn't start"},
		{Name: "session.block_key", Field: "BlockKey", Needs: gorilla, Doc: "encrypts them: 16, 24 or 32 bytes; else `NAJA_SESSION_BLOCK_KEY`, else they are signed only"},
		{Name: "session.old_hash_key", Field: "OldHashKey", Needs: gorilla, Doc: "a former key, whose cookies are still read"},
		{Name: "session.old_block_key", Field: "OldBlockKey", Needs: gorilla, Doc: "the one that belonged to it"},
		{Name: "session.lifetime", Field: "Lifetime", Default: 24 * time.Hour, Needs: []Need{SCS}, Doc: "ends a session of scs whoever comes; `session_timeout` is its IdleTimeout"},
		{Name: "session.cookie_persist", Field: "Persist", Needs: []Need{Library}, Doc: "the cookie of scs or gorilla outlives the browser"},
		{Name: "session.cookie_max_age", Field: "MaxAge", Engine: "SessionCookieMaxAge", Such: "720h", Zero: Itself, Needs: []Need{Naja}, Doc: "naja's own outlives the browser, for so long from when it was sent: when the session begins, and at `Session.Renew`; at most 400 days. The session ends by `session_timeout` all the same. 0: until the browser ends"},
		{Name: "session.cookie_secure", Field: "Secure", Engine: "SessionCookieSecure", Doc: "the cookie travels over TLS only; with `tls_cert` the default is true. Set it behind a proxy that speaks TLS and doesn't [say so](deploying.md). naja's own does so by itself for a request over TLS; with `true` for each"},
		{Name: "session.cookie_same_site", Field: "SameSite", Engine: "SessionCookieSameSite", EngineZero: true, Default: "lax", OneOf: []string{"lax", "strict", "none"}, Doc: "or `\"strict\"`; or `\"none\"`, which wants `cookie_secure`"},
		{Name: "session.cookie_domain", Field: "Domain", Engine: "SessionCookieDomain", Want: `a domain, such as "example.com"`, Doc: "for the hosts of this domain, in the place of the one that set it; no address, no name without a dot, no public suffix such as `co.uk`"},
		{Name: "session.cookie_host", Field: "Host", Engine: "SessionCookieHost", Needs: []Need{Naja}, Doc: "over TLS `__Host-` stands before the name of naja's own cookie, in the place of `__Secure-`: no other host of its domain can set it. It wants the application at `/` and no `cookie_domain`. A change ends the sessions that browsers have under the other name"},
		{Name: "session.cookie_partitioned", Field: "Partitioned", Engine: "SessionCookiePartitioned", Doc: "a cookie of its own for each site that has this one in a frame (CHIPS); it wants `cookie_secure`, and `cookie_same_site = \"none\"`"},
	})
}

// OfMail are those of [mail].
func OfMail() []Setting {
	return of(Mail, Both, []Setting{
		{Name: "mail.relay", Field: "Relay", Want: `an address, such as "smtp://USER@HOST:PORT"`, Doc: "takes the mail of pages that name no server: `\"smtp://HOST:PORT\"`, by TLS where it offers that, or `\"smtps://HOST:PORT\"`; with `USER@` before it naja signs in. Or where that is written: `\"env:NAME\"`, `\"file:PATH\"`, absolute or from where naja was started"},
		{Name: "mail.password", Field: "Password", Want: `"env:NAME" or "file:PATH"`, Doc: "where the password of the relay's user is: `\"env:NAME\"` or `\"file:PATH\"`"},
		{Name: "mail.allow", Field: "Allow", Default: []string{}, Want: `a list of addresses, such as ["mail.example.org:25"]`, Doc: "servers that pages may name by CDO's fields, as `HOST:PORT`"},
		{Name: "mail.per_minute", Field: "PerMinute", Default: 60, Want: count, Doc: "messages that all pages may send in a minute"},
		{Name: "mail.recipients_max", Field: "RecipientsMax", Default: 100, Want: count, Doc: "recipients of one message"},
		{Name: "mail.size_max", Field: "SizeMax", Default: 10 << 20, Most: mostBytes, Want: ofBytes, Doc: "bytes of one message's texts and files"},
		{Name: "mail.timeout", Field: "Timeout", Default: 30 * time.Second, Doc: "for a server to take a message"},
	})
}
