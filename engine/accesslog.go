package engine

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// How a response was sent, for the access log.
const (
	sentBuffered = "buffered" // a page in one piece
	sentFlushed  = "flushed"  // a page in several
	sentStatic   = "static"   // a file
	sentRefused  = "refused"  // nothing ran: 404, 405, 503, a redirect to a folder
)

// An access is what the log says of a request when it has been answered.
type access struct {
	status int
	bytes  int64         // of the body, as far as they were sent
	took   time.Duration // from the request's first look to the last byte handed over
	queued time.Duration // of it, waiting for a turn and an apartment
	sent   string        // one of the words above
	note   string        // Response.AppendToLog
	err    error         // why the client got less than all of it, if so
}

// log writes the request's one line.
func (a *access) log(logger *slog.Logger, r *http.Request) {
	// The request's context may have ended, but its values are for the log.
	ctx := context.WithoutCancel(r.Context())
	if !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	var room [10]slog.Attr
	attrs := append(room[:0],
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.Int("status", a.status),
		slog.Int64("bytes", a.bytes),
		slog.Duration("duration", a.took),
		slog.Duration("queued", a.queued),
		slog.String("sent", a.sent),
	)
	if a.note != "" {
		attrs = append(attrs, slog.String("note", a.note))
	}
	if a.err != nil {
		attrs = append(attrs, slog.String("error", a.err.Error()))
	}
	logger.LogAttrs(ctx, slog.LevelInfo, "request", attrs...)
}
