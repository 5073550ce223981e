package asphttp

import (
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
)

const (
	maxLogEntry = 80
	maxLogText  = 4 << 10
)

// AppendToLog adds text to the request's line in the access log: cut after 80 characters, without commas (ASP 0163)
// and without control characters (ASP 0104).
func (r *Response) AppendToLog(text string) error {
	if err := r.enter(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if strings.Contains(text, ",") {
		return asp.New(asp.CodeComma, "")
	}
	if strings.IndexFunc(text, codepage.IsControl) >= 0 {
		return refused("The text for the log contains a control character.")
	}
	n := 0
	for i := range text {
		if n++; n > maxLogEntry {
			text = text[:i]
			break
		}
	}
	if len(r.logText)+len(text)+1 > maxLogText {
		return refused("The text for the log would be more than %d bytes.", maxLogText)
	}
	if len(r.logText) > 0 {
		r.logText = append(r.logText, ',')
	}
	r.logText = append(r.logText, text...)
	return nil
}

// LogText is everything AppendToLog was given, joined by commas.
func (r *Response) LogText() string { return string(r.logText) }
