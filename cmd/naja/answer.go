package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// An answer writes a page's answer down as it comes.
type answer struct {
	out     io.Writer
	include bool
	header  http.Header
	status  int   // 0 before it has started
	err     error // the first failure to write
}

func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	if !a.include {
		return
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\n", status, http.StatusText(status))
	var fields bytes.Buffer
	a.err = a.Header().Write(&fields)
	head.Write(bytes.ReplaceAll(fields.Bytes(), []byte("\r\n"), []byte("\n")))
	head.WriteByte('\n')
	a.write(head.Bytes())
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.write(p)
	return len(p), a.err
}

func (a *answer) write(p []byte) {
	if a.err == nil {
		_, a.err = a.out.Write(p)
	}
}

// FlushError makes a flush succeed: everything is written at once anyway.
func (a *answer) FlushError() error { return a.err }
