package asphttp

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
)

// Status is the status line's text: "200 OK".
func (r *Response) Status() string {
	return strings.TrimRight(strconv.Itoa(r.statusCode)+" "+r.reason, " ")
}

// StatusCode is its number.
func (r *Response) StatusCode() int { return r.statusCode }

// SetStatus takes "404 Not Found" or "404". A reason that isn't given is the usual one of the number. The number must
// be from 200 to 599: 1xx is no answer to a request, and clients take nothing above. ASP 0104 for anything else, ASP
// 0156 after the header.
func (r *Response) SetStatus(status string) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if err := checkText("The status", status); err != nil {
		return err
	}
	number, reason, _ := strings.Cut(strings.Trim(status, " "), " ")
	code, err := strconv.Atoi(number)
	if err != nil || len(number) != 3 || code < 200 || code > 599 {
		return refused("The status must be a number from 200 to 599, and may have a text after it; this is %q.", status)
	}
	if reason = strings.Trim(reason, " \t"); reason == "" {
		reason = http.StatusText(code)
	}
	if len(reason) > maxReason {
		return refused("The status text is longer than %d bytes.", maxReason)
	}
	r.statusCode, r.reason = code, reason
	return nil
}

const maxReason = 512

// ContentType is the media type without the charset that Prepare adds: "text/html".
func (r *Response) ContentType() string {
	if r.contentType == "" {
		return "text/html"
	}
	return r.contentType
}

// SetContentType changes the media type; "" is text/html again. A charset parameter in it is kept, and none is added.
func (r *Response) SetContentType(s string) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	return r.setContentType(s)
}

func (r *Response) setContentType(s string) error {
	if err := checkPlain("The content type", s); err != nil {
		return err
	}
	if len(s) > maxReason {
		return refused("The content type is longer than %d bytes.", maxReason)
	}
	r.contentType = strings.Trim(s, " \t")
	return nil
}

// Charset is what SetCharset was given; "" when nothing was.
func (r *Response) Charset() string { return r.charset }

// SetCharset changes the charset that the header announces, not the encoding of the text. An empty one announces
// none at all.
func (r *Response) SetCharset(s string) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if s != "" {
		if err := checkToken("The charset", s); err != nil {
			return err
		}
	}
	if len(s) > maxReason {
		return refused("The charset is longer than %d bytes.", maxReason)
	}
	r.charset, r.hasCharset = s, true
	return nil
}

// CacheControl is the Cache-Control header: "private" unless the page changed it.
func (r *Response) CacheControl() string { return r.cacheControl }

// SetCacheControl changes it; "" sends none. What AddHeader adds under the name stands beside it.
func (r *Response) SetCacheControl(s string) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if err := checkPlain("CacheControl", s); err != nil {
		return err
	}
	if len(s) > maxReason {
		return refused("CacheControl is longer than %d bytes.", maxReason)
	}
	r.cacheControl, r.hasCacheControl = strings.Trim(s, " \t"), true
	return nil
}

// Expires is the number of minutes until the page expires; ok is false when none was set.
func (r *Response) Expires() (minutes int, ok bool) {
	if r.expires.IsZero() {
		return 0, false
	}
	return int(math.Round(time.Until(r.expires).Minutes())), true
}

// maxExpiresMinutes is a hundred years.
const maxExpiresMinutes = 100 * 365 * 24 * 60

// SetExpires sets the time until the page expires, in minutes; zero and negative values mean at once. Of several
// settings the shortest wins, those of SetExpiresAbsolute included. More than a hundred years are taken for a hundred.
func (r *Response) SetExpires(minutes float64) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if math.IsNaN(minutes) {
		return asp.New(asp.CodeDataType, "(Expires)")
	}
	minutes = max(-maxExpiresMinutes, min(maxExpiresMinutes, minutes))
	r.expireAt(time.Now().Add(time.Duration(minutes * float64(time.Minute))))
	return nil
}

// ExpiresAbsolute is the time at which the page expires; ok is false when none was set.
func (r *Response) ExpiresAbsolute() (t time.Time, ok bool) { return r.expires, !r.expires.IsZero() }

// SetExpiresAbsolute sets it; of several settings the earliest wins. ASP 0200 for a time no header can name.
func (r *Response) SetExpiresAbsolute(t time.Time) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if err := checkTime(t); err != nil {
		return err
	}
	r.expireAt(t)
	return nil
}

func (r *Response) expireAt(t time.Time) {
	if r.expires.IsZero() || t.Before(r.expires) {
		r.expires = t
	}
}

// checkTime wants a year of four digits, beginning where Windows' calendar does.
func checkTime(t time.Time) error {
	if y := t.UTC().Year(); y < 1601 || y > 9999 {
		return asp.New(asp.CodeExpiresRange, fmt.Sprintf("(year %d)", y))
	}
	return nil
}
