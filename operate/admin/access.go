package admin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A denial is why a request is answered without being heard.
type denial struct {
	status  int
	message string        // for the client
	retry   time.Duration // after which it may be tried again
	account string        // that was named, for the log
}

// access decides who may ask. Any goroutine may use it.
type access struct {
	account  string // "" for nobody in particular: loopback only
	tls      bool   // whatever the request says
	identify func(*http.Request) (string, bool)
	users    *users
	failures *limiter
	known    *remembered
	checking chan struct{} // holds something for each password that is checked now
	now      func() time.Time
	complain func(error) // about the file of accounts
}

// checkingMax is how many passwords are checked at once: each takes a
// processor for a while.
const checkingMax = 2

// who is the account that a request comes from, "" where none is asked for.
func (a *access) who(r *http.Request) (account string, no *denial) {
	if a.identify != nil {
		account, ok := a.identify(r)
		if !ok {
			return "", &denial{status: http.StatusForbidden, message: "the program that holds this console doesn't know you as an administrator"}
		}
		return account, nil
	}
	if a.account == "" {
		return "", a.local(r)
	}
	if !a.tls && r.TLS == nil && !remoteIP(r).IsLoopback() {
		return "", &denial{status: http.StatusForbidden, message: "passwords are taken over TLS or from this machine only"}
	}
	account, password, ok := r.BasicAuth()
	if !ok {
		return "", &denial{status: http.StatusUnauthorized, message: "sign in with an account and its password"}
	}
	return account, a.signIn(r.Context(), neighbourhood(remoteIP(r)), account, password)
}

// local lets requests in that were meant for this machine. A Host of another
// name is that of a page whose name was made to lead here; a header of a proxy
// means that the request began elsewhere.
func (a *access) local(r *http.Request) *denial {
	if !loopbackHost(r.Host) {
		return &denial{status: http.StatusForbidden, message: "without admin_account this console answers to a loopback name only, such as localhost"}
	}
	for name := range r.Header {
		if ofProxy(name) {
			return &denial{status: http.StatusForbidden, message: "behind a proxy this console needs admin_account"}
		}
	}
	if ip := remoteIP(r); ip.IsValid() && !ip.IsLoopback() {
		return &denial{status: http.StatusForbidden, message: "without admin_account this console answers to this machine only"}
	}
	return nil
}

// ofProxy says that a header is one that proxies add.
func ofProxy(name string) bool {
	return strings.HasPrefix(name, "X-Forwarded-") || slices.Contains([]string{"Forwarded", "Via", "X-Real-Ip"}, name)
}

// loopbackHost says that a Host header names this machine: localhost, a name
// below it, or a loopback address.
func loopbackHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

// remoteIP is where a request comes from; not valid when nobody knows.
func remoteIP(r *http.Request) netip.Addr {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Addr().Unmap().WithZone("")
}

// neighbourhood is what counts as one address: in IPv6 everybody has 2⁶⁴.
func neighbourhood(ip netip.Addr) string {
	if ip.Is6() {
		prefix, _ := ip.Prefix(64)
		return prefix.String()
	}
	return ip.String()
}

// signIn checks an account's password. An address that failed too often isn't
// heard at all; an account that others failed with too often is heard from
// where it signed in a moment ago.
func (a *access) signIn(ctx context.Context, from, account, password string) *denial {
	if wait := a.failures.blocked("address "+from, a.now()); wait > 0 {
		return tooMany(wait, account)
	}
	table, err := a.users.current()
	if err != nil {
		a.complain(err)
	}
	sum := a.known.sum(account, password, from, strconv.Itoa(table.number))
	if a.known.has(sum, a.now()) {
		return nil
	}
	select {
	case a.checking <- struct{}{}:
		defer func() { <-a.checking }()
	case <-ctx.Done():
		return &denial{status: http.StatusServiceUnavailable, message: "too many sign in at once", retry: time.Second, account: account}
	}
	if no := a.check(table, from, account, password); no != nil {
		return no
	}
	a.known.add(sum, a.now())
	return nil
}

// check is one look at a password. Whether there were too many is asked now,
// that others have been looked at.
func (a *access) check(table *userTable, from, account, password string) *denial {
	names := []string{"address " + from, "account " + clip(account)}
	for _, name := range names {
		if wait := a.failures.blocked(name, a.now()); wait > 0 {
			return tooMany(wait, account)
		}
	}
	if table.matches(a.allowed, account, password) {
		return nil
	}
	for _, name := range names {
		a.failures.failed(name, a.now())
	}
	return &denial{status: http.StatusUnauthorized, message: "the account or its password is wrong", account: account}
}

// allowed says that an account of the file may administer.
func (a *access) allowed(account string) bool {
	return a.account == anyAccount || subtle.ConstantTimeCompare([]byte(account), []byte(a.account)) == 1
}

func tooMany(wait time.Duration, account string) *denial {
	return &denial{status: http.StatusTooManyRequests, message: "too many wrong passwords; wait a little", retry: wait, account: account}
}

// clip keeps a name from a client short.
func clip(name string) string {
	const most = 64
	if len(name) > most {
		return name[:most] + "…"
	}
	return name
}

// foreign says why a request that changes something doesn't come from the
// console's own pages, nor from a program.
func foreign(r *http.Request) *denial {
	no := &denial{status: http.StatusForbidden, message: "the request comes from a page of another origin"}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return no
	}
	origins := r.Header["Origin"]
	if len(origins) == 0 {
		return nil
	}
	origin, err := url.Parse(origins[0])
	if err != nil || len(origins) > 1 || origin.Host == "" || !strings.EqualFold(origin.Host, r.Host) {
		return no
	}
	return nil
}

// The failures that an address, or an account, may have at once, and how soon
// it may have another: a thousand guesses take half an hour.
const (
	failuresAtOnce = 30
	failureEvery   = 2 * time.Second
	limitedMax     = 4096 // addresses and accounts that are remembered
)

// A limiter counts failed sign-ins by name. Any goroutine may use it.
type limiter struct {
	mu  sync.Mutex
	all map[string]time.Time // when its failures are forgotten
}

func newLimiter() *limiter { return &limiter{all: make(map[string]time.Time)} }

// blocked says how long a name has to wait, 0 when it needn't.
func (l *limiter) blocked(name string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := l.all[name].Add(-(failuresAtOnce - 1) * failureEvery)
	return max(until.Sub(now), 0)
}

// failed counts a failure.
func (l *limiter) failed(name string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.all[name]; !known && len(l.all) >= limitedMax {
		l.forget(now)
	}
	from := l.all[name]
	if from.Before(now) {
		from = now
	}
	l.all[name] = from.Add(failureEvery)
}

// forget makes room: what is over goes, and if that is nothing, whoever has
// the fewest failures. l.mu is held.
func (l *limiter) forget(now time.Time) {
	first, earliest := "", time.Time{}
	for name, until := range l.all {
		if !until.After(now) {
			delete(l.all, name)
			continue
		}
		if first == "" || until.Before(earliest) {
			first, earliest = name, until
		}
	}
	if len(l.all) >= limitedMax {
		delete(l.all, first)
	}
}

// How many sign-ins that went well are remembered, and how long: a page that
// asks every second doesn't hash a password every second.
const (
	rememberedMax = 256
	rememberedFor = time.Minute
)

// remembered are sign-ins that went well a moment ago, as keyed hashes of who,
// from where and with what. Any goroutine may use it.
type remembered struct {
	key []byte

	mu  sync.Mutex
	all map[[sha256.Size]byte]time.Time // until when
}

func newRemembered(key []byte) *remembered {
	return &remembered{key: key, all: make(map[[sha256.Size]byte]time.Time)}
}

// sum is what a sign-in is remembered as.
func (c *remembered) sum(parts ...string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, c.key)
	for _, part := range parts {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write([]byte(part))
	}
	mac.Sum(sum[:0])
	return sum
}

// has looks for a sign-in.
func (c *remembered) has(sum [sha256.Size]byte, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, ok := c.all[sum]
	return ok && now.Before(until)
}

// add remembers one.
func (c *remembered) add(sum [sha256.Size]byte, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) >= rememberedMax {
		for old, until := range c.all {
			if !now.Before(until) {
				delete(c.all, old)
			}
		}
	}
	if len(c.all) >= rememberedMax {
		clear(c.all)
	}
	c.all[sum] = now.Add(rememberedFor)
}
