package engine

import (
	_ "embed"
	"net/http"
	"strconv"
	"strings"

	"github.com/najahost/naja/internal/answer"
)

// In development a browser shows a page anew when a file of the site changes.
// A browser's own navigation gets a line of script at the end of its document
// (devtag.go); nobody else's answer is touched. The script asks, again and again
// while its page is seen, whether anything changed. No connection stands between
// two questions: a browser has six for a host, for all its tabs together, and
// pages need them.

// These names are below the application's path, and hidden like every name
// that begins with a dot: the question, and the script that asks it. The script
// has an address so that a page may forbid scripts that stand in it
// (Content-Security-Policy) and is shown anew nevertheless.
const (
	reloadName   = ".naja/reload"
	reloadScript = ".naja/reload.js"
)

//go:embed devreload.js
var reloadSource string

// answersReload answers the script in the pages of a developer's browser, and
// says whether the request was its. These questions are nobody's visit: they wait
// for nothing, and neither the log nor the counters know of them.
func (e *Engine) answersReload(w http.ResponseWriter, r *http.Request) bool {
	if !e.cfg.Dev || r.Method != http.MethodGet {
		return false
	}
	var text string
	switch r.URL.Path {
	default:
		return false
	case e.paths.URLPath(reloadScript):
		text = reloadSource
	case e.paths.URLPath(reloadName):
		text = "export default " + strconv.FormatBool(e.changedSince(r.URL.RawQuery)) + ";\n"
	}
	answer.Text(w, r, http.StatusOK, "text/javascript; charset=utf-8", text)
	return true
}

// changedSince says whether the site's files differ from those of a fingerprint,
// which is the query's first part. An engine that ends has nothing to say.
func (e *Engine) changedSince(query string) bool {
	seen, _, _ := strings.Cut(query, "&")
	if seen == "" || e.closed.Load() {
		return false
	}
	now := e.lookout.Lately()
	return now != "" && now != seen
}
