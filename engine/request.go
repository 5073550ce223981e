package engine

import (
	"net/http"
	"strconv"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/runtime"
)

// body reads the request's body, so that no apartment ever waits for one and
// net/http notices a client that leaves.
func (x *exchange) body() bool {
	c := x.e.live()
	if x.r.ContentLength != 0 {
		x.hasBody = true
		x.e.bodies.Add(1)
	}
	x.reading.Store(true)
	if x.e.cutting.Load() {
		x.readNoMore()
	}
	var err error
	x.in, err = asp.ReadBody(x.r.Context(), x.r, asp.BodyLimits{
		Max: c.MaxRequestEntity, UploadMax: c.UploadMaxRequestEntity, Memory: bodyMemory(x.e.bodies.Load()),
	})
	x.reading.Store(false)
	if err != nil {
		x.leaveBody()
		// What is left of the body isn't waited for.
		x.w.Header().Set("Connection", "close")
		if x.e.cutting.Load() {
			return x.refuse(shuttingDown)
		}
		return x.refuse(refusalOf(err))
	}
	x.request = asp.NewRequest(x.r, x.in, x.e.requestConfig(x))
	if err := x.request.CheckLimits(); err != nil {
		x.closeBody()
		return x.refuse(refusalOf(err))
	}
	return true
}

// bodyMemory is how many bytes of a body stay in memory when so many requests
// have one: 256 KB, and less in a crowd, so that what all of them keep is
// bounded. The rest of a body goes to a temporary file.
func bodyMemory(bodies int64) int {
	const all, each, least = 64 << 20, 256 << 10, 4 << 10
	return int(max(min(each, all/max(bodies, 1)), least))
}

func (x *exchange) leaveBody() {
	if x.hasBody {
		x.hasBody = false
		x.e.bodies.Add(-1)
	}
}

// closeBody removes the request's temporary files.
func (x *exchange) closeBody() {
	x.leaveBody()
	if x.orphan {
		return // the script may still read them: whoever waits for it does it
	}
	x.request.Close()
}

// requestConfig is what the page's Request doesn't see in the HTTP request.
func (e *Engine) requestConfig(x *exchange) asp.RequestConfig {
	cp, c := e.pageCodePage(x.prog), e.live()
	return asp.RequestConfig{
		ScriptName:      e.paths.URLPath(x.where.Name),
		PhysicalPath:    e.paths.Physical(x.where.Name),
		AppPath:         e.cfg.Path,
		AppPhysicalPath: e.paths.Physical(""),
		ServerSoftware:  "naja",
		CodePage:        cp,
		Variables:       x,
		Failed:          x.failedAs(),
		Limits: asp.FormLimits{MaxFields: c.MaxFormFields, MaxFieldSize: int(c.MaxFormFieldSize),
			MaxFiles: max(c.MaxUploadFiles, 0), NoFiles: c.MaxUploadFiles == None},
	}
}

// failedAs is the status that the page is there for, 0 for one that was asked
// for.
func (x *exchange) failedAs() int {
	if x.status == "" {
		return 0
	}
	return http.StatusNotFound
}

// pageCodePage is the code page that a page's text and requests are in.
func (e *Engine) pageCodePage(p *runtime.Program) *codepage.CodePage {
	if p != nil {
		if n := p.Directives().CodePage; n != 0 {
			if cp, ok := codepage.Lookup(n); ok {
				return cp
			}
		}
	}
	return e.codePage
}

// ServerVariable gives the server variables that are naja's own: the number of
// the apartment that runs the page, the milliseconds that the request waited for
// its turn and for the apartment, and what the session is called to operators.
func (x *exchange) ServerVariable(name string) (string, bool) {
	switch name {
	case "NAJA_APARTMENT":
		return strconv.Itoa(x.flight.apartment), true
	case "NAJA_SESSION":
		if x.handle == nil || !x.handle.Exists() {
			return "", true
		}
		return x.handle.ID(), true
	case "NAJA_QUEUE_TIME":
		return strconv.FormatInt(x.flight.queued.Milliseconds(), 10), true
	}
	return "", false
}
