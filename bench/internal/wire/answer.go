package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// A Framing is how the end of a body is told.
type Framing string

// The framings of HTTP/1.
const (
	ByLength Framing = "length"
	ByChunks Framing = "chunks"
	ByClose  Framing = "close"
)

// An Answer is what one request got.
type Answer struct {
	Status  int
	Framing Framing
	First   time.Duration // from before the request (and the dialing) to the first byte
	Last    time.Duration // to the last byte of the body and its framing
	Chunks  int           // with the empty one that ends a chunked body
	Wire    int64         // bytes: header, body and framing
	Body    int64         // bytes of the body
	Kept    bool          // the connection lives on

	length int64 // as Content-Length says
	cookie string
}

// read reads one answer: its header and its whole body, which body gets if it
// isn't nil.
func (a *Answer) read(r *bufio.Reader, body io.Writer) error {
	if body == nil {
		body = discard{}
	}
	if err := a.readHeader(r); err != nil {
		return fmt.Errorf("reading the header: %w", err)
	}
	var err error
	switch a.Framing {
	case ByLength:
		err = a.copy(body, r, a.length)
	case ByChunks:
		err = a.readChunks(r, body)
	default:
		a.Body, err = io.Copy(body, r)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("reading the body (by %s, %d bytes came): %w", a.Framing, a.Body, err)
	}
	return nil
}

// readHeader reads the lines up to the empty one and finds out what frames the
// body. A chunked body has no use for a Content-Length.
func (a *Answer) readHeader(r *bufio.Reader) error {
	status, err := readLine(r)
	if err != nil {
		return err
	}
	proto, rest, _ := strings.Cut(status, " ")
	code, _, _ := strings.Cut(rest, " ")
	if a.Status, err = strconv.Atoi(code); err != nil || !strings.HasPrefix(proto, "HTTP/1.") {
		return fmt.Errorf("%q is no status line", status)
	}
	a.Framing, a.Kept = ByClose, proto != "HTTP/1.0"
	for {
		text, err := readLine(r)
		if err != nil {
			return err
		}
		if text == "" {
			a.Kept = a.Kept && a.Framing != ByClose
			return nil
		}
		if err := a.field(text); err != nil {
			return err
		}
	}
}

// field notes what a line of the header says about the body and the
// connection.
func (a *Answer) field(text string) (err error) {
	name, value, _ := strings.Cut(text, ":")
	value = strings.TrimSpace(value)
	is := func(want string) bool { return strings.EqualFold(name, want) }
	switch {
	case is("Content-Length"):
		if a.length, err = strconv.ParseInt(value, 10, 64); err != nil || a.length < 0 {
			return fmt.Errorf("bad Content-Length %q", value)
		}
		if a.Framing == ByClose {
			a.Framing = ByLength
		}
	case is("Transfer-Encoding"):
		a.Framing = ByChunks
	case is("Connection"):
		a.Kept = strings.EqualFold(value, "keep-alive")
	case is("Set-Cookie"):
		a.cookie = cookieOf(value)
	}
	return nil
}

func (a *Answer) readChunks(r *bufio.Reader, body io.Writer) error {
	for {
		text, err := readLine(r)
		if err != nil {
			return err
		}
		size, err := strconv.ParseUint(text, 16, 31)
		if err != nil {
			return fmt.Errorf("%q is no size of a chunk", text)
		}
		a.Chunks++
		if err := a.copy(body, r, int64(size)); err != nil {
			return err
		}
		if end, err := readLine(r); err != nil || end != "" {
			return errors.Join(fmt.Errorf("a chunk ends with %q", end), err)
		}
		if size == 0 {
			return nil
		}
	}
}

// copy moves n bytes of the body. What is thrown away isn't copied.
func (a *Answer) copy(body io.Writer, r *bufio.Reader, n int64) (err error) {
	var done int64
	if _, ok := body.(discard); ok {
		var skipped int
		skipped, err = r.Discard(int(n))
		done = int64(skipped)
	} else {
		done, err = io.CopyN(body, r, n)
	}
	a.Body += done
	return err
}

// readLine reads a line without its end. A line that doesn't fit the reader's
// buffer is an error.
func readLine(r *bufio.Reader) (string, error) {
	text, err := r.ReadSlice('\n')
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
}

// discard throws bytes away.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
