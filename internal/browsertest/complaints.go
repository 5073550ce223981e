package browsertest

import (
	"slices"
	"strings"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// listen collects errors of the page: what its scripts throw and log, and what
// the browser has to say about it.
func (w *Window) listen(event any) {
	line := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		line = e.ExceptionDetails.Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			for _, arg := range e.Args {
				line += string(arg.Value) + arg.Description + " "
			}
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.LevelError || e.Entry.Level == cdplog.LevelWarning {
			line = e.Entry.Text + " " + e.Entry.URL
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if line != "" && !slices.ContainsFunc(w.expects, func(part string) bool { return strings.Contains(line, part) }) {
		w.complains = append(w.complains, line)
	}
}

// Expect lets the console say what contains one of the parts, from now on.
func (w *Window) Expect(parts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expects = append(w.expects, parts...)
}

// Heard gives what the console said that nobody expected, and forgets it.
func (w *Window) Heard() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.complains
	w.complains = nil
	return all
}
