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
	stall atomic.Int64      // nanoseconds
	types map[string]string // by lower-case extension

	// hashes holds the tags of files whose system knows no times, such as
	// those of an embed.FS: they don't change, so each is made once.
	hashes sync.Map // string → string
}

// newStatics takes a Config that went through WithDefaults.
func newStatics(s *site, c Config) *statics {
	st := &statics{site: s, types: contentTypes(c)}
	st.stall.Store(int64(c.WriteStallTimeout))
	return st
}

// send answers a request for the file called name, which the router found. An
// error is that the file can't be opened, and then nothing was sent yet.
// Otherwise it returns the sender, which knows the status and the bytes.
func (st *statics) send(w http.ResponseWriter, r *http.Request, name string) (*sender, error) {
	s := new(sender)
	s.init(w, r, time.Duration(st.stall.Load()))
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.status = answerMethod(w, r, staticMethods)
		return s, nil
	}
	file, err := st.site.open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	tag, err := st.tag(name, file)
	if err != nil {
		return nil, err
	}
	h := w.Header()
	h.Set("Content-Type", st.types[strings.ToLower(path.Ext(name))])
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Etag", tag)
	http.ServeContent(s, r, "", file.info.ModTime(), file)
	return s, nil
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
