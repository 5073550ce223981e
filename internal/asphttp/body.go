package asphttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

const (
	defaultBody       = 200000
	defaultBodyMemory = 256 << 10
	firstRead         = 4 << 10
)

// BodyLimits bounds what ReadBody takes in. Zero is the default.
type BodyLimits struct {
	Max       int64  // max_request_entity, 200000 bytes
	UploadMax int64  // upload_max_request_entity, for multipart/form-data; 0 is Max
	Memory    int    // bytes kept in memory, 256 KiB; a longer body goes to a temporary file
	TempDir   string // where; "" is the system's
}

func (l BodyLimits) max(r *http.Request) (int64, string) {
	if l.UploadMax > 0 && isMultipart(r) {
		return l.UploadMax, "upload_max_request_entity"
	}
	if l.Max > 0 {
		return l.Max, "max_request_entity"
	}
	return defaultBody, "max_request_entity"
}

// BodyError says that a body could not be read, or not understood.
type BodyError struct {
	Status int  // the HTTP status to answer with: 400 malformed, 408 too slow, 500 no place to keep it
	Gone   bool // the client has left, or closed its side before the body was complete: an answer is hardly read
	Err    error
}

func (e *BodyError) Error() string { return fmt.Sprintf("reading the request body: %v", e.Err) }

// Unwrap gives the cause.
func (e *BodyError) Unwrap() error { return e.Err }

// Body is a request's whole body, in memory or in a temporary file that has no name any more where the system allows
// that. A nil *Body is an empty one. One goroutine at a time may use it; Close it when the request is over.
type Body struct {
	data []byte
	file *os.File
	name string // of a file that could not be removed while open
	size int64
}

// Size is its length in bytes.
func (b *Body) Size() int64 {
	if b == nil {
		return 0
	}
	return b.size
}

// Reader reads it from the beginning; several readers don't disturb each other.
func (b *Body) Reader() io.ReadSeeker {
	switch {
	case b == nil:
		return bytes.NewReader(nil)
	case b.file != nil:
		return io.NewSectionReader(b.file, 0, b.size)
	}
	return bytes.NewReader(b.data)
}

// InMemory says whether no file is behind it.
func (b *Body) InMemory() bool { return b == nil || b.file == nil }

// Close removes the file, where there is one. More than one call does no harm.
func (b *Body) Close() error {
	if b == nil || b.file == nil {
		return nil
	}
	file, name := b.file, b.name
	b.file, b.name, b.data, b.size = nil, "", nil, 0
	err := file.Close()
	if name != "" {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// ReadBody reads r's whole body, so that nothing waits for the network while a page runs, and so that net/http
// notices when the client leaves. It returns nil when there is no body. It never keeps more than the limit, and never
// allocates by the length a client merely claims. How long it may take is the server's read timeout to say; ctx is
// looked at between reads.
//
// Errors are a *LimitError (413) or a *BodyError; nothing is left behind then. The rest of the body is unread: the
// answer needs "Connection: close", or net/http waits for that rest before it sends the answer.
func ReadBody(ctx context.Context, r *http.Request, limits BodyLimits) (*Body, error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil, nil
	}
	bound, setting := limits.max(r)
	if r.ContentLength > bound {
		return nil, tooLarge(setting, bound)
	}
	if limits.Memory <= 0 {
		limits.Memory = defaultBodyMemory
	}
	s := spool{memory: limits.Memory, dir: limits.TempDir}
	for {
		n, err := r.Body.Read(s.space(r.ContentLength))
		s.took(n)
		if s.size > bound {
			s.drop()
			return nil, tooLarge(setting, bound)
		}
		if err == io.EOF {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			s.drop()
			return nil, readError(ctx, err)
		}
		if s.err != nil {
			break
		}
	}
	return s.body()
}

// readError tells why a read failed.
func readError(ctx context.Context, err error) *BodyError {
	e := &BodyError{Status: http.StatusBadRequest, Err: err}
	var netErr net.Error
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		e.Status = http.StatusRequestTimeout
	case ctx.Err() != nil, errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.As(err, new(*net.OpError)):
		e.Gone = true
	}
	return e
}
