package asphttp

import (
	"fmt"
	"net/http"
)

// LimitError says that a request is larger than a setting allows.
type LimitError struct {
	Status  int    // the HTTP status to answer with: 413
	Setting string // the setting's name: "max_form_fields"
	Limit   int64  // its value
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("the request is larger than %s = %d allows", e.Setting, e.Limit)
}

func tooLarge(setting string, limit int64) *LimitError {
	return &LimitError{Status: http.StatusRequestEntityTooLarge, Setting: setting, Limit: limit}
}

// FormLimits bounds the fields of a query, a form and an upload. Zero is the default, a negative number no bound.
type FormLimits struct {
	MaxFields    int  // max_form_fields, 1000: fields of a form or of a query
	MaxFieldSize int  // max_form_field_size, 102400: bytes of one value, as sent
	MaxFiles     int  // max_upload_files, 100
	NoFiles      bool // no file at all, whatever MaxFiles is
}

const (
	defaultFields    = 1000
	defaultFieldSize = 102400
	defaultFiles     = 100
)

// limit gives the number in force, and whether there is one.
func limit(set, standard int) (n int, bounded bool) {
	if set == 0 {
		return standard, true
	}
	return set, set > 0
}

func over(n, set, standard int) bool {
	bound, bounded := limit(set, standard)
	return bounded && n > bound
}

func (l FormLimits) tooMany(fields int) bool { return over(fields, l.MaxFields, defaultFields) }
func (l FormLimits) tooLong(size int) bool   { return over(size, l.MaxFieldSize, defaultFieldSize) }
func (l FormLimits) tooManyFiles(n int) bool { return l.NoFiles || over(n, l.MaxFiles, defaultFiles) }

func (l FormLimits) fieldsError() error {
	n, _ := limit(l.MaxFields, defaultFields)
	return tooLarge("max_form_fields", int64(n))
}

func (l FormLimits) sizeError() error {
	n, _ := limit(l.MaxFieldSize, defaultFieldSize)
	return tooLarge("max_form_field_size", int64(n))
}

func (l FormLimits) filesError() error {
	n, _ := limit(l.MaxFiles, defaultFiles)
	if l.NoFiles {
		n = 0
	}
	return tooLarge("max_upload_files", int64(n))
}

// clampFields keeps a number of '&' past the limit from reserving memory.
func (l FormLimits) clampFields(pairs int) int {
	if n, bounded := limit(l.MaxFields, defaultFields); bounded && pairs > n {
		return n
	}
	return pairs
}
