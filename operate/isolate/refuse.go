package isolate

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/najahost/naja/internal/answer"
)

// A stoppedError: too many workers crashed; the application tries again in a
// while.
type stoppedError struct{ left time.Duration }

func (e *stoppedError) Error() string { return "the application is stopped" }

// refuse answers a request for which there is no worker.
func (s *Supervisor) refuse(w http.ResponseWriter, r *http.Request, err error) {
	switch stopped, is := errors.AsType[*stoppedError](err); {
	case is:
		s.answer(w, r, http.StatusServiceUnavailable, "The application is stopped", stopped.left)
	case r.Context().Err() != nil:
		panic(http.ErrAbortHandler)
	case errors.Is(err, errShutdown):
		s.answer(w, r, http.StatusServiceUnavailable, "Server Shutting Down", 30*time.Second)
	default:
		s.log.Warn("request refused", "path", r.URL.Path, "error", err.Error())
		s.answer(w, r, http.StatusServiceUnavailable, "Server Too Busy", 5*time.Second)
	}
}

// refusePage answers for a page that killed its worker too often.
func (s *Supervisor) refusePage(w http.ResponseWriter, r *http.Request, left time.Duration) {
	s.answer(w, r, http.StatusServiceUnavailable, "The page is out of order", left)
}

// answer sends a status with a page of one line.
func (s *Supervisor) answer(w http.ResponseWriter, r *http.Request, status int, text string, retry time.Duration) {
	answer.RetryAfter(w.Header(), retry)
	page, ok := answer.Own(s.settings.Load().Root, s.settings.Load().ErrorFolder, status)
	if !ok {
		page = fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%[1]d %[2]s</title></head><body><h1>%[2]s</h1></body></html>\n", status, html.EscapeString(text))
	}
	s.send(w, r, status, answer.HTML, page)
}

// send answers without the rest of the request's body, which isn't worth a
// connection.
func (s *Supervisor) send(w http.ResponseWriter, r *http.Request, status int, kind, body string) {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
	}
	answer.Text(w, r, status, kind, body)
	s.linger.Read(w, r, s.settings.Load().LingerTimeout)
}

// maxCrashPage bounds the file that is sent when a worker died.
const maxCrashPage = 1 << 20

// sendCrashPage tells a client that the worker died with its request.
func (s *Supervisor) sendCrashPage(w http.ResponseWriter, r *http.Request) {
	clear(w.Header())
	if s.cfg.CrashPage != "" {
		text, err := s.readCrashPage()
		if err == nil {
			s.send(w, r, http.StatusBadGateway, answer.HTML, text)
			return
		}
		s.log.Error("crash_page can't be sent", "error", err.Error())
	}
	s.answer(w, r, http.StatusBadGateway, s.settings.Load().ScriptErrorMessage, 0)
}

// readCrashPage reads the page from the site, and nothing outside of it.
func (s *Supervisor) readCrashPage() (string, error) {
	root, err := os.OpenRoot(s.settings.Load().Root)
	if err != nil {
		return "", err
	}
	defer root.Close()
	name := filepath.FromSlash(strings.TrimPrefix(s.cfg.CrashPage, "/"))
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no file of the site", s.cfg.CrashPage)
	}
	f, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCrashPage))
	return string(text), err
}

// A reply looks whether the worker says that the request is for another one,
// which it does in an answer that isn't for the client.
type reply struct {
	http.ResponseWriter
	page string
}

// WriteHeader is [http.ResponseWriter].
func (a *reply) WriteHeader(status int) {
	if page := a.Header().Get(elsewhereHeader); page != "" {
		a.page = page
		clear(a.Header())
		return
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write is [http.ResponseWriter].
func (a *reply) Write(p []byte) (int, error) {
	if a.page != "" {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

// FlushError is what [http.ResponseController] calls.
func (a *reply) FlushError() error {
	if a.page != "" {
		return nil
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Unwrap gives [http.ResponseController] the rest.
func (a *reply) Unwrap() http.ResponseWriter { return a.ResponseWriter }
