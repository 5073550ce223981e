package asphttp

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/najahost/naja/internal/codepage"
)

// RequestConfig is what http.Request doesn't know: where the page lies, and what the server decided about the client.
// The zero value is a page of an application at "/".
type RequestConfig struct {
	ScriptName      string // URL path of the page, SCRIPT_NAME and URL; "" is the request's path
	Failed          int    // status that the page is there for: its query string is "404;http://host:port/path?query"
	PathInfo        string // PATH_INFO; "" is ScriptName, as in IIS
	PhysicalPath    string // PATH_TRANSLATED: the page's file
	AppPath         string // URL path of the application, APPL_MD_PATH; "" is "/"
	AppPhysicalPath string // APPL_PHYSICAL_PATH: the application's folder
	InstanceID      string // INSTANCE_ID; "" is "1"
	ServerSoftware  string // SERVER_SOFTWARE; "" is "naja"
	LocalAddr       string // host:port the request came in on; "" is what net/http says
	RemoteAddr      string // host or host:port of the client, behind a trusted proxy; "" is what net/http says
	Secure          bool   // HTTPS ends at a trusted proxy

	// User is the account the server has authenticated, and AuthType how. REMOTE_USER and LOGON_USER are this user
	// and nobody else: what an Authorization header merely claims is AUTH_USER and AUTH_PASSWORD.
	User, AuthType string

	// Variables answers to server variables of the host's own, asked in upper case; nil has none.
	Variables interface {
		ServerVariable(name string) (string, bool)
	}

	CodePage     *codepage.CodePage // decides decoding until SetCodePage or a Response; nil is UTF-8
	Limits       FormLimits
	UploadMemory int    // bytes of uploaded files kept in memory, 256 KiB in all; the rest goes to temporary files
	TempDir      string // where; "" is the system's
}

// Request is ASP's Request: everything is read from the HTTP request when the page asks, and costs nothing before.
// One goroutine at a time may use it, except for Close.
type Request struct {
	http     *http.Request
	body     *Body
	cfg      RequestConfig
	codePage *codepage.CodePage
	answer   *Response // that of the same page, once there is one

	query   *Values
	cookies *RequestCookies
	cert    *Values

	mu         sync.Mutex // guards the body and what is made of it
	closed     bool
	formUsed   bool // Form or Files was touched: BinaryRead is over
	form       *Values
	files      []*File
	filesNamed bool
	formErr    error
	readAt     int64 // how far BinaryRead is
	readUsed   bool  // BinaryRead was called: Form is over
}

// NewRequest returns the view of r that a page has. body is what ReadBody returned; the Request owns it from now on.
func NewRequest(r *http.Request, body *Body, cfg RequestConfig) *Request {
	return &Request{http: r, body: body, cfg: cfg, codePage: cfg.CodePage}
}

// HTTP is the HTTP request behind it.
func (r *Request) HTTP() *http.Request { return r.http }

// SetCodePage changes how collections are decoded that nobody has read in yet. The Response that knows this Request calls
// it with its own: IIS reads a request by the code page it answers in, which Response.CodePage and Session.CodePage set.
func (r *Request) SetCodePage(cp *codepage.CodePage) { r.codePage = cp }

// TotalBytes is the length of the body.
func (r *Request) TotalBytes() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.body.Size()
}

// QueryString is the query. Fields past MaxFields are not in it: CheckLimits says so beforehand.
func (r *Request) QueryString() *Values {
	if r.query == nil {
		r.query = lateValues(r.rawQuery(), r.decodePairs)
	}
	return r.query
}

// rawQuery is the query string. A page that runs in the place of what was asked for gets IIS's, which is how sites of its
// time made friendly URLs (IIS 6.0 SDK, Custom Error Messages).
func (r *Request) rawQuery() string {
	if r.cfg.Failed == 0 {
		return r.http.URL.RawQuery
	}
	return strconv.Itoa(r.cfg.Failed) + ";" + r.cacheURL()
}

// decodePairs fills a query, or an urlencoded form that is within its limits.
func (r *Request) decodePairs(v *Values) { _ = v.parseQuery(r.codePage, r.cfg.Limits) }

// Cookies are the cookies the client sent, with what the page has made of them.
func (r *Request) Cookies() *RequestCookies {
	if r.cookies == nil {
		r.cookies = r.parseCookies()
	}
	return r.cookies
}

// Close removes temporary files. The page gets ErrDetached afterwards where it asks for the body. Any goroutine may
// call it, any number of times.
func (r *Request) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, f := range r.files {
		f.body.Close() // the first error is the one that counts, and the body's is the likelier
	}
	return r.body.Close()
}
