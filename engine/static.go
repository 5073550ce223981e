package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// statics sends the files of a site as they are. Any goroutine may use it; it
// must not be copied.
type statics struct {
	site  *site
	age   atomic.Int64      // seconds that a client may use a file for without asking
	types map[string]string // by lower-case extension

	// hashes holds the tags of files whose system knows no times, such as
	// those of an embed.FS: they don't change, so each is made once.
	hashes sync.Map // string → string
}

// newStatics takes a Config that went through WithDefaults.
func newStatics(s *site, c Config) *statics {
	st := &statics{site: s, types: contentTypes(c)}
	st.age.Store(clientAge(&c))
	return st
}

// clientAge is static_max_age in seconds. In development every file is asked
// about.
func clientAge(c *Config) int64 {
	if c.Dev {
		return 0
	}
	return int64(c.StaticMaxAge / time.Second)
}

// describe says what a file is, and for how long it may be used. A file of which
// nothing is said a browser uses for a tenth of its age (RFC 9111, section
// 4.2.2), so that one changed a month ago, and again now, stays the old one for
// days.
func (st *statics) describe(h http.Header, contentType string) {
	h.Set("Content-Type", contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	if age := st.age.Load(); age > 0 {
		h.Set("Cache-Control", "max-age="+strconv.FormatInt(age, 10))
	} else {
		h.Set("Cache-Control", "no-cache")
	}
}

// send answers a request for the file called name, which the router found. An
// error is that the file can't be opened, and then nothing was sent yet.
func (st *statics) send(w http.ResponseWriter, r *http.Request, name string) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		answerMethod(w, r, staticMethods)
		return nil
	}
	file, err := st.site.open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	tag, err := st.tag(name, file)
	if err != nil {
		return err
	}
	h := w.Header()
	st.describe(h, st.typeOf(name))
	h.Set("Etag", tagOfProxy(r, tag))
	http.ServeContent(w, r, "", file.info.ModTime(), file)
	return nil
}

func (st *statics) typeOf(name string) string {
	if ext := strings.ToLower(path.Ext(name)); ext != "" {
		return st.types[ext]
	}
	return bareType(name)
}

// tag makes the file's entity tag. A file changed within the last second may
// change again without its time or size telling, so its tag is a weak one:
// nobody must put pieces of two versions together.
func (st *statics) tag(name string, file *siteFile) (string, error) {
	modTime := file.info.ModTime()
	if modTime.IsZero() {
		return st.contentTag(name, file)
	}
	tag := `"` + strconv.FormatInt(modTime.UnixNano(), 36) + "-" + strconv.FormatInt(file.info.Size(), 36) + `"`
	if time.Since(modTime) < time.Second {
		tag = "W/" + tag
	}
	return tag, nil
}

// tagOfProxy is the tag under which a client has a file that Apache compressed
// on its way: mod_deflate and mod_brotli put a word of theirs at a tag's end, and
// don't take it off again when the client asks by it. The bytes before the
// compression are those of tag, so the answer may be 304, by the name that the
// client knows.
func tagOfProxy(r *http.Request, tag string) string {
	asked := r.Header.Get("If-None-Match")
	for _, word := range [...]string{"-gzip", "-br"} {
		if theirs := strings.TrimSuffix(tag, `"`) + word + `"`; strings.Contains(asked, theirs) {
			return theirs
		}
	}
	return tag
}

func (st *statics) contentTag(name string, file *siteFile) (string, error) {
	if tag, ok := st.hashes.Load(name); ok {
		return tag.(string), nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("reading %s again: %w", name, err)
	}
	tag := `"` + hex.EncodeToString(hash.Sum(nil)[:16]) + `"`
	st.hashes.Store(name, tag)
	return tag, nil
}
