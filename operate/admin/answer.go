package admin

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/najahost/naja/internal/answer"
)

// An Answer is what the console says to a request that changes something, or
// that it refuses.
type Answer struct {
	OK      bool   `json:"ok"`
	Message string `json:"message"` // a sentence for people
	// Application is the URL prefix of the one that it is about; "" for none.
	Application string `json:"application,omitempty"`
	// Details are what there is to say beside the message, a sentence each.
	Details []string `json:"details,omitempty"`
	// Link is the URL that a pass is taken with; see [Passes].
	Link string `json:"link,omitempty"`
	// Result is what there is to know for programs; its form depends on the
	// request.
	Result any `json:"result,omitempty"`
}

// write answers in JSON.
func write(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil { // a value that has no JSON: a mistake of ours
		status, body = http.StatusInternalServerError, []byte(`{"ok": false, "message": "the answer has no JSON form"}`)
	}
	answer.Body(w, r, status, "application/json; charset=utf-8", append(body, '\n'))
}

// refuse answers a request that isn't heard, and logs that.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, no *denial) {
	if no.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="naja", charset="UTF-8"`)
	}
	answer.RetryAfter(w.Header(), no.retry)
	c.cfg.Logger.LogAttrs(r.Context(), slog.LevelWarn, "administration refused",
		slog.String("account", clip(no.account)), slog.String("remote", r.RemoteAddr),
		slog.String("method", clip(r.Method)), slog.String("path", clip(r.URL.Path)),
		slog.Int("status", no.status), slog.String("why", no.message))
	write(w, r, no.status, Answer{Message: no.message})
	c.linger.Read(w, r, refusedPatience)
}

// refusedPatience is for how long a client that was refused may go on sending its
// request's body, so that it comes to read the answer.
const refusedPatience = 10 * time.Second

// audit logs a change that was asked for, done or not.
func (c *Console) audit(r *http.Request, account string, a Answer, status int, took time.Duration, params []slog.Attr) {
	level := slog.LevelInfo
	if !a.OK {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{
		slog.String("action", r.URL.Path), slog.String("account", clip(account)), slog.String("remote", r.RemoteAddr),
		slog.String("application", a.Application), slog.Int("status", status), slog.Bool("ok", a.OK),
		slog.Duration("duration", took), slog.String("message", a.Message),
	}
	c.cfg.Logger.LogAttrs(r.Context(), level, "administration", append(attrs, params...)...)
}
