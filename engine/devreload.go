package engine

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
)

// In development a browser reloads the page that it shows when a file of the
// site changes. A browser's own navigation gets a line of script at the end of
// the document; nobody else's answer is touched.

// These names are below the application's path, and hidden like every name
// that begins with a dot: the stream of events, and the script that listens to
// it. The script has an address so that a page may forbid scripts that stand in
// it (Content-Security-Policy) and is reloaded nevertheless.
const (
	reloadName   = ".naja/reload"
	reloadScript = ".naja/reload.js"
)

// The addresses of both end in the fingerprint of the files that the document
// was made of, so that no change is missed in between.
const reloadSource = `{
	const script = new URL(document.currentScript.src);
	new EventSource(new URL("reload" + script.search, script)).onmessage = () => location.reload();
}
`

// reloadPoll is how often the site's files are looked at while a browser
// listens.
const reloadPoll = 400 * time.Millisecond

// maxWatched bounds the files that are looked at.
const maxWatched = 20000

// isReload says whether the request is for the script, or the script's.
func (x *exchange) isReload() bool {
	return x.e.cfg.Dev && x.r.Method == http.MethodGet &&
		(x.r.URL.Path == x.e.urlPath(reloadName) || x.r.URL.Path == x.e.urlPath(reloadScript))
}

// sendReload sends the script.
func (x *exchange) sendReload() bool {
	x.w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	x.w.Header().Set("Cache-Control", "no-store")
	n, err := io.WriteString(x.w, reloadSource)
	x.log.sent, x.log.status, x.log.bytes, x.log.err = sentStatic, http.StatusOK, int64(n), err
	return false
}

// reload tells the script, by a server-sent event, when a file changed.
func (x *exchange) reload() bool {
	if x.r.URL.Path == x.e.urlPath(reloadScript) {
		return x.sendReload()
	}
	x.log.sent = sentFlushed
	h := x.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	x.w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(x.w)
	tick := time.NewTicker(reloadPoll)
	defer tick.Stop()
	seen := x.r.URL.RawQuery
	if seen == "" {
		seen = x.e.site.fingerprint()
	}
	for beat := 0; !x.e.closed.Load(); beat++ {
		line := ""
		if now := x.e.site.fingerprint(); now != seen {
			seen, line = now, "data: changed\n\n"
		} else if beat%25 == 0 {
			line = ": still here\n\n" // a client that left is noticed by writing
		}
		if line != "" {
			if _, err := fmt.Fprint(x.w, line); err != nil || out.Flush() != nil {
				break
			}
		}
		select {
		case <-tick.C:
		case <-x.r.Context().Done():
			return false
		}
	}
	return false
}

// fingerprint changes when a file of the site comes, goes or changes.
func (s *site) fingerprint() string {
	h := fnv.New64a()
	n := 0
	_ = fs.WalkDir(s.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if name != "." && strings.HasPrefix(path.Base(name), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if n++; n > maxWatched {
			return fs.SkipAll
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprint(h, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return strconv.FormatUint(h.Sum64(), 16)
}

// reloads says that the answer is to a browser's own navigation, which alone
// asks for a document.
func (x *exchange) reloads() bool {
	return x.e.cfg.Dev && x.r.Method == http.MethodGet && x.r.Header.Get("Sec-Fetch-Dest") == "document"
}

// withReload gives a whole document the line of script.
func (x *exchange) withReload(b *asp.Buffer) body {
	if !x.reloads() || !strings.HasPrefix(x.header.Get("Content-Type"), "text/html") {
		return b
	}
	return bytes.NewReader(x.insertReload(b.Bytes()))
}

// insertReload gives a copy of a document with the line of script before its
// end.
func (x *exchange) insertReload(page []byte) []byte {
	end := bytes.LastIndex(bytes.ToLower(page), []byte("</body>"))
	if end < 0 {
		return page
	}
	script := fmt.Sprintf("<script src=%q></script>\n", x.e.urlPath(reloadScript)+"?"+x.e.site.fingerprint())
	return slices.Concat(page[:end], []byte(script), page[end:])
}
