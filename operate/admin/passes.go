package admin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	passPath   = "/.naja-pass" // below the application's URL prefix
	passCookie = "naja_pass"
	passFor    = time.Hour       // that a browser passes
	codeFor    = 2 * time.Minute // that a link may be followed
	codesMax   = 100             // links at once
)

// Passes let administrators through a hold that refuses everybody: the console
// hands out a link to the site which, once, leaves a signed cookie with the
// browser that follows it. Any goroutine may use it; nothing has to be closed.
type Passes struct {
	signer signer
	now    func() time.Time

	mu    sync.Mutex
	codes map[[sha256.Size]byte]code
}

// A code is what a link holds, of which only the hash is kept.
type code struct {
	application string
	until       time.Time
}

// NewPasses makes them: before the applications, whose [host.Config] Pass is
// Holds, and for [Config] Passes.
func NewPasses() *Passes {
	return &Passes{signer: signer{newKey()}, now: time.Now, codes: make(map[[sha256.Size]byte]code)}
}

// Holds says whether a request for the application at the URL prefix comes
// with a pass.
func (p *Passes) Holds(application string, r *http.Request) bool {
	for _, cookie := range r.CookiesNamed(passCookie) {
		if p.signer.verify(cookie.Value, "pass", application, p.now()) {
			return true
		}
	}
	return false
}

// link makes a new code and gives the path with it.
func (p *Passes) link(application string) string {
	raw := make([]byte, 24)
	_, _ = rand.Read(raw) // never fails
	text := base64.RawURLEncoding.EncodeToString(raw)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	oldest, until := [sha256.Size]byte{}, time.Time{}
	for sum, c := range p.codes {
		if !now.Before(c.until) {
			delete(p.codes, sum)
		} else if until.IsZero() || c.until.Before(until) {
			oldest, until = sum, c.until
		}
	}
	if len(p.codes) >= codesMax {
		delete(p.codes, oldest)
	}
	p.codes[sha256.Sum256([]byte(text))] = code{application, now.Add(codeFor)}
	return strings.TrimSuffix(application, "/") + passPath + "?code=" + url.QueryEscape(text)
}

// take uses a code up.
func (p *Passes) take(text, application string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := sha256.Sum256([]byte(text))
	c, ok := p.codes[sum]
	if !ok || c.application != application {
		return false
	}
	delete(p.codes, sum)
	return p.now().Before(c.until)
}

// Handler stands before the site of the application at the URL prefix, and
// answers for the links: with the cookie, once, and the way to the site. All
// other requests are next's, those for links included that aren't right.
func (p *Passes) Handler(application string, next http.Handler) http.Handler {
	at := strings.TrimSuffix(application, "/") + passPath
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != at || r.Method != http.MethodGet || !p.take(r.URL.Query().Get("code"), application) {
			next.ServeHTTP(w, r)
			return
		}
		until := p.now().Add(passFor)
		http.SetCookie(w, &http.Cookie{
			Name: passCookie, Value: p.signer.sign("pass", application, until), Path: application,
			MaxAge: int(passFor.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
		})
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, strings.TrimSuffix(application, "/")+"/", http.StatusSeeOther)
	})
}

// tokenFor is how long a token may be used.
const tokenFor = 2 * time.Hour

// A signer makes texts that only it can make, and that end by themselves.
type signer struct{ key []byte }

// sign makes the text that stands for what, for whom, until the given time.
func (s signer) sign(what, whom string, until time.Time) string {
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(head[:], s.mac(what, whom, head[:])...))
}

// verify says whether text was made for that, and hasn't ended.
func (s signer) verify(text, what, whom string, now time.Time) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != 8+sha256.Size {
		return false
	}
	good := hmac.Equal(raw[8:], s.mac(what, whom, raw[:8]))
	return good && now.Unix() < int64(binary.BigEndian.Uint64(raw))
}

func (s signer) mac(what, whom string, head []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	for _, part := range []string{what, whom} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write([]byte(part))
	}
	mac.Write(head)
	return mac.Sum(nil)
}
