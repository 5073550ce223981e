package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/store"
)

const (
	tokenHeader = "X-Naja-Token"
	tokenField  = "token"
	tokenWhat   = "token" // what the signer is told
	maxForm     = 64 << 10

	// patience is how long a change may take: waiting for running pages, or
	// compiling all of a large site.
	patience = 5 * time.Minute
)

// An order is a change that somebody may make.
type order struct {
	c    *Console
	r    *http.Request
	app  *host.Application // nil where it isn't about one
	form url.Values
}

// A change carries an order out. The answer's Application is filled in; an
// error is answered by [failed].
type change func(context.Context, *order) (Answer, error)

// changeBy does what a POST asks for, if it may.
func (c *Console) changeBy(w http.ResponseWriter, r *http.Request, account string, to route) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	o, no := c.order(r, account, to)
	if no != nil {
		no.account = account
		c.refuse(w, r, no)
		return
	}
	began := c.cfg.now()
	// A client that leaves doesn't leave an application half held.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	a, err := to.change(ctx, o)
	status := http.StatusOK
	if err != nil {
		status, a = failed(err), Answer{Message: err.Error(), Details: a.Details, Result: a.Result}
	} else {
		a.OK = true
	}
	if o.app != nil {
		a.Application = o.app.Path()
	}
	c.audit(r, account, a, status, c.cfg.now().Sub(began), o.params())
	write(w, r, status, a)
}

// order is what a request wants, once it is known to come from an
// administrator who wants it.
func (c *Console) order(r *http.Request, account string, to route) (*order, *denial) {
	if no := foreign(r); no != nil {
		return nil, no
	}
	if no := parseForm(r); no != nil {
		return nil, no
	}
	token := r.Header.Get(tokenHeader)
	if token == "" {
		token = r.PostForm.Get(tokenField)
	}
	switch {
	case token == "":
		return nil, &denial{status: http.StatusForbidden, message: "the token is missing: GET /token, and send it as " + tokenHeader}
	case !c.tokens.verify(token, tokenWhat, account, c.cfg.now()):
		return nil, &denial{status: http.StatusForbidden, message: "the token isn't right, or has ended: GET /token for another"}
	}
	o := &order{c: c, r: r, form: r.Form}
	if to.server {
		return o, nil
	}
	path := o.form.Get("application")
	if path == "" {
		path = "/"
	}
	if o.app = c.application(path); o.app == nil {
		return nil, &denial{status: http.StatusNotFound, message: "there is no application at " + clip(path)}
	}
	return o, nil
}

// parseForm reads a form of either kind; what stands in the URL counts too,
// except for the token. A body that is no form is refused: what it says would
// not be heard, and something else be done.
func parseForm(r *http.Request) *denial {
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(maxForm)
	}
	if errors.Is(err, http.ErrNotMultipart) {
		if n, _ := io.ReadFull(r.Body, make([]byte, 1)); n > 0 { // that ParseForm has left
			return &denial{status: http.StatusUnsupportedMediaType, message: "the body is no form: send fields as application/x-www-form-urlencoded or multipart/form-data"}
		}
		return nil
	}
	if err == nil {
		return nil
	}
	no := &denial{status: http.StatusBadRequest, message: "the form can't be read: " + err.Error()}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		no.status, no.message = http.StatusRequestEntityTooLarge, fmt.Sprintf("the form is larger than %d bytes", large.Limit)
	}
	return no
}

// application is the one at a URL prefix.
func (c *Console) application(path string) *host.Application {
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	for _, app := range c.cfg.Applications {
		if app.Path() == path {
			return app
		}
	}
	return nil
}

// params are the order's parameters, for the log.
func (o *order) params() (list []slog.Attr) {
	for _, name := range []string{"mode", "id", "worker", "on"} {
		if value := o.form.Get(name); value != "" {
			list = append(list, slog.String(name, clip(value)))
		}
	}
	return list
}

// A problem is an error with its status.
type problem struct {
	status int
	text   string
}

func (p *problem) Error() string { return p.text }

// failed is the status of an error: the only place that decides it. What
// isn't known is a conflict with how things are.
func failed(err error) int {
	if p, ok := errors.AsType[*problem](err); ok {
		return p.status
	}
	switch {
	case errors.Is(err, host.ErrUnavailable), errors.Is(err, engine.ErrNotOurs):
		return http.StatusNotImplemented
	case errors.Is(err, engine.ErrNoRequest), errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout
	}
	return http.StatusConflict
}

// token hands out a token, in the body and as a header.
func (c *Console) token(w http.ResponseWriter, r *http.Request, account string) {
	until := c.cfg.now().Add(tokenFor)
	token := c.tokens.sign(tokenWhat, account, until)
	w.Header().Set(tokenHeader, token)
	write(w, r, http.StatusOK, struct {
		OK      bool      `json:"ok"`
		Message string    `json:"message"`
		Token   string    `json:"token"`
		Header  string    `json:"header"`
		Account string    `json:"account"`
		Expires time.Time `json:"expires"`
	}{true, "send it with each change", token, tokenHeader, account, until.UTC()})
}
