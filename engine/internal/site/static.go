package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/answer"
)

// staticMethods is what Allow says of a file.
const staticMethods = "GET, HEAD, OPTIONS"

// Statics sends the files of a site as they are. Any goroutine may use it; it
// must not be copied.
type Statics struct {
	site  *Site
	age   atomic.Int64      // seconds that a client may use a file for without asking
	types map[string]string // by lower-case extension

	// hashes holds the tags of files whose system knows no times, such as
	// those of an embed.FS: they don't change, so each is made once.
	hashes sync.Map // string → string
}

// NewStatics sends files with these extensions, "" for none, in a site whose
// pages have this code page.
func NewStatics(s *Site, extensions []string, codePage int, age time.Duration) *Statics {
	st := &Statics{site: s, types: contentTypes(extensions, codePage)}
	st.UseFor(age)
	return st
}

// UseFor says for how long a browser may use a file without asking.
func (st *Statics) UseFor(age time.Duration) { st.age.Store(int64(age / time.Second)) }

// Describe says what a file is, and for how long it may be used. A file of which
// nothing is said a browser uses for a tenth of its age (RFC 9111, section
// 4.2.2), so that one changed a month ago, and again now, stays the old one for
// days.
func (st *Statics) Describe(h http.Header, contentType string) {
	h.Set("Content-Type", contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	if age := st.age.Load(); age > 0 {
		h.Set("Cache-Control", "max-age="+strconv.FormatInt(age, 10))
	} else {
		h.Set("Cache-Control", "no-cache")
	}
}

// Send answers a request for the file called name, which the router found. An
// error is that the file can't be opened, and then nothing was sent yet.
func (st *Statics) Send(w http.ResponseWriter, r *http.Request, name string) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		answer.Method(w, r, staticMethods)
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
	st.Describe(h, st.TypeOf(name))
	h.Set("Etag", tagOfProxy(r, tag))
	http.ServeContent(w, r, "", file.info.ModTime(), file)
	return nil
}

// TypeOf is the content type of a file, by its name alone.
func (st *Statics) TypeOf(name string) string {
	if ext := strings.ToLower(path.Ext(name)); ext != "" {
		return st.types[ext]
	}
	return bareType(name)
}

// tag makes the file's entity tag. A file changed within the last second may
// change again without its time or size telling, so its tag is a weak one:
// nobody must put pieces of two versions together.
func (st *Statics) tag(name string, file *siteFile) (string, error) {
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

func (st *Statics) contentTag(name string, file *siteFile) (string, error) {
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

// contentTypes makes the table of the types that static files have.
// A type comes from the extension alone, never from the content: what is an
// upload today must not become a page of scripts in a browser tomorrow.
func contentTypes(extensions []string, codePage int) map[string]string {
	known := knownTypes()
	types := make(map[string]string, len(extensions))
	for _, ext := range extensions {
		typ := known[ext]
		if typ == "" {
			typ = mime.TypeByExtension(ext)
		}
		if typ == "" {
			typ = "application/octet-stream"
		}
		types[ext] = withCharset(typ, codePage)
	}
	return types
}

// bareType is the type of a file whose name has no extension: what nobody
// displays or runs, unless it is a well-known one that its readers want in a
// type of its own.
func bareType(name string) string {
	switch strings.ToLower(name) {
	case WellKnown + "/apple-app-site-association",
		WellKnown + "/openid-configuration",       // OpenID Connect Discovery 1.0
		WellKnown + "/oauth-authorization-server", // RFC 8414
		WellKnown + "/oauth-protected-resource":   // RFC 9728
		return "application/json"
	case WellKnown + "/host-meta": // RFC 6415
		return "application/xrd+xml"
	}
	return "application/octet-stream"
}

// withCharset says that plain text is UTF-8 in a site that is. HTML, CSS, XML
// and scripts say so themselves or take it from their page, and many an old
// site has some in another code page: a header would overrule them.
func withCharset(typ string, codePage int) string {
	switch typ {
	case "text/plain", "text/csv", "text/markdown", "text/vcard", "text/calendar":
		if codePage == 65001 {
			return typ + "; charset=utf-8"
		}
	}
	return typ
}

// knownTypes is the types of the default static extensions. The tables of the
// system that the mime package reads differ from one machine to the next.
func knownTypes() map[string]string {
	types := make(map[string]string)
	for line := range strings.Lines(`
		text/html .html .htm
		application/xhtml+xml .xhtml
		text/css .css
		text/javascript .js .mjs
		application/json .json .map
		application/manifest+json .webmanifest
		application/wasm .wasm
		text/plain .txt
		text/markdown .md
		text/csv .csv
		text/xml .xml .xsl
		application/rss+xml .rss
		application/atom+xml .atom
		application/pdf .pdf
		text/calendar .ics
		text/vcard .vcf
		image/png .png
		image/jpeg .jpg .jpeg
		image/gif .gif
		image/webp .webp
		image/avif .avif
		image/svg+xml .svg
		image/vnd.microsoft.icon .ico .cur
		image/bmp .bmp
		image/tiff .tif .tiff
		font/woff .woff
		font/woff2 .woff2
		font/ttf .ttf
		font/otf .otf
		application/vnd.ms-fontobject .eot
		audio/mpeg .mp3
		audio/mp4 .m4a
		audio/ogg .ogg .oga
		audio/wav .wav
		audio/flac .flac
		video/mp4 .mp4 .m4v
		video/webm .webm
		video/ogg .ogv
		text/vtt .vtt
		application/zip .zip
		application/gzip .gz .tgz
		application/x-7z-compressed .7z
		application/msword .doc
		application/vnd.openxmlformats-officedocument.wordprocessingml.document .docx
		application/vnd.ms-excel .xls
		application/vnd.openxmlformats-officedocument.spreadsheetml.sheet .xlsx
		application/vnd.ms-powerpoint .ppt
		application/vnd.openxmlformats-officedocument.presentationml.presentation .pptx
		application/vnd.oasis.opendocument.text .odt
		application/vnd.oasis.opendocument.spreadsheet .ods
		application/rtf .rtf
		application/x-shockwave-flash .swf`) {
		fields := strings.Fields(line)
		for i := 1; i < len(fields); i++ {
			types[fields[i]] = fields[0]
		}
	}
	return types
}
