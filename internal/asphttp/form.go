package asphttp

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/najahost/naja/asp"
)

// Form is the fields of an urlencoded or multipart form; for any other body it is empty. Reading it, or Files, ends
// BinaryRead, and the other way round.
//
// Errors: ASP 0207 after BinaryRead, a *LimitError (413), a *BodyError (400) for a multipart body that can't be read;
// each call returns the same.
func (r *Request) Form() (*Values, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.useForm(); err != nil {
		return nil, err
	}
	return r.form, nil
}

// Files are the uploaded files of a multipart form, in their order. Errors as for Form.
func (r *Request) Files() ([]*File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.useForm(); err != nil {
		return nil, err
	}
	r.nameFiles()
	return r.files, nil
}

// useForm reads the form once.
func (r *Request) useForm() error {
	switch {
	case r.readUsed:
		return asp.New(asp.CodeFormAfterRead, "")
	case r.formUsed:
		return r.formErr
	case r.closed:
		return ErrDetached
	}
	r.formUsed = true
	r.form, r.formErr = r.parseForm()
	return r.formErr
}

func (r *Request) parseForm() (*Values, error) {
	if r.body.Size() == 0 {
		return nil, nil
	}
	switch {
	case isURLEncoded(r.http):
		raw, err := r.bodyText()
		if err != nil {
			return nil, err
		}
		if err := checkFields(r.cfg.Limits, raw, strings.Count(raw, "&")+1); err != nil {
			return nil, err
		}
		return lateValues(raw, r.decodePairs), nil
	case isMultipart(r.http):
		return r.parseMultipart()
	}
	return nil, nil
}

func (r *Request) bodyText() (string, error) {
	if r.body.InMemory() {
		return string(r.body.data), nil
	}
	b, err := io.ReadAll(r.body.Reader())
	if err != nil {
		return "", &BodyError{Status: http.StatusInternalServerError, Err: err}
	}
	return string(b), nil
}

// contentType is the Content-Type header, parameters included.
func contentType(r *http.Request) string {
	values := r.Header["Content-Type"]
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func isURLEncoded(r *http.Request) bool { return isType(r, "application/x-www-form-urlencoded") }
func isMultipart(r *http.Request) bool  { return isType(r, "multipart/form-data") }

// isType compares the media type of a request without regard to case and parameters.
func isType(r *http.Request, want string) bool {
	ct := contentType(r)
	if !hasPrefixFold(ct, want) {
		return false
	}
	return len(ct) == len(want) || ct[len(want)] == ';' || ct[len(want)] == ' ' || ct[len(want)] == '\t'
}

// boundary is the one of a multipart form.
func boundary(r *http.Request) (string, error) {
	_, params, err := mime.ParseMediaType(contentType(r))
	if err != nil {
		return "", &BodyError{Status: http.StatusBadRequest, Err: err}
	}
	if params["boundary"] == "" {
		return "", &BodyError{Status: http.StatusBadRequest, Err: errors.New("the multipart form names no boundary")}
	}
	return params["boundary"], nil
}

// CheckLimits says whether the query or a form has more fields or files, or longer fields, than the limits allow,
// without keeping anything of it: the engine asks before the request queues, so that a form past them costs no apartment.
// The error is a *LimitError.
func (r *Request) CheckLimits() error {
	l := r.cfg.Limits
	query := r.http.URL.RawQuery
	if err := checkFields(l, query, strings.Count(query, "&")+1); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.body.Size() == 0:
		return nil
	case isMultipart(r.http):
		return r.checkMultipart()
	case !isURLEncoded(r.http):
		return nil
	}
	if r.body.InMemory() {
		return checkFields(l, r.body.data, bytes.Count(r.body.data, []byte("&"))+1)
	}
	raw, err := r.bodyText()
	if err != nil {
		return err
	}
	return checkFields(l, raw, strings.Count(raw, "&")+1)
}

// checkFields walks over a query or form of so many pieces. Nearly all are within the limits by their numbers alone.
func checkFields[T string | []byte](l FormLimits, raw T, pieces int) error {
	if !l.tooMany(pieces) && !l.tooLong(len(raw)) {
		return nil
	}
	fields, start, value := 0, 0, -1
	for i := 0; i <= len(raw); i++ {
		switch {
		case i == len(raw) || raw[i] == '&':
			if i > start {
				fields++
			}
			if l.tooMany(fields) {
				return l.fieldsError()
			}
			if value >= 0 && l.tooLong(i-value) {
				return l.sizeError()
			}
			start, value = i+1, -1
		case raw[i] == '=' && value < 0:
			value = i + 1
		}
	}
	return nil
}
