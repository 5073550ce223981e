package frame

import (
	"net/http"

	"github.com/najahost/naja/internal/packet"
)

// names are those that are sent as one byte: the place in this list, from 1.
// Adding to its end or changing it makes a new version of the protocol.
var names = [...]string{
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges",
	"Access-Control-Allow-Origin", "Age", "Allow", "Authorization", "Cache-Control",
	"Connection", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
	"Content-Location", "Content-Range", "Content-Security-Policy", "Content-Type", "Cookie",
	"Date", "Dnt", "Etag", "Expect", "Expires",
	"Forwarded", "From", "If-Match", "If-Modified-Since", "If-None-Match",
	"If-Range", "If-Unmodified-Since", "Last-Modified", "Link", "Location",
	"Origin", "P3p", "Pragma", "Priority", "Range",
	"Referer", "Referrer-Policy", "Retry-After", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile",
	"Sec-Ch-Ua-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User",
	"Server", "Set-Cookie", "Strict-Transport-Security", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade-Insecure-Requests", "User-Agent", "Vary", "Via",
	"Www-Authenticate", "X-Content-Type-Options", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
	"X-Frame-Options", "X-Powered-By", "X-Real-Ip", "X-Requested-With", "X-Request-Id",
}

// A nameIndex finds the place of a name.
type nameIndex map[string]byte

func newNameIndex() nameIndex {
	index := make(nameIndex, len(names))
	for i, name := range names {
		index[name] = byte(i + 1)
	}
	return index
}

// appendHeader appends the fields of h: their number, then of each the name
// and its values. A field without values is one that net/http is not to write.
func (index nameIndex) appendHeader(b []byte, h http.Header) []byte {
	b = packet.AppendNumber(b, uint64(len(h)))
	for name, values := range h {
		b = index.appendField(b, name, values)
	}
	return b
}

func (index nameIndex) appendField(b []byte, name string, values []string) []byte {
	if i, ok := index[name]; ok {
		b = append(b, i)
	} else {
		b = packet.AppendText(append(b, 0), name)
	}
	b = packet.AppendNumber(b, uint64(len(values)))
	for _, v := range values {
		b = packet.AppendText(b, v)
	}
	return b
}

// appendBodyEnd appends the frame of a body's last piece with its trailers.
func (index nameIndex) appendBodyEnd(b []byte, trailer http.Header, data []byte) []byte {
	b, start := begin(b, frameBodyEnd)
	b = index.appendHeader(b, trailer)
	return end(append(b, data...), start)
}

// header reads fields into h, which it makes where it is nil. Names and values
// share the cursor's memory.
func (c *cursor) header(h http.Header) http.Header {
	fields := c.Count()
	if h == nil {
		h = make(http.Header, fields)
	}
	var backing []string // most fields have one value
	for left := fields; left > 0 && !c.Bad(); left-- {
		name := c.name()
		n := c.Count()
		if n == 0 {
			h[name] = nil
			continue
		}
		if n > len(backing) {
			backing = make([]string, max(n, min(left, 32)))
		}
		values := backing[:n:n]
		backing = backing[n:]
		for i := range values {
			values[i] = c.Text()
		}
		h[name] = values
	}
	return h
}

func (c *cursor) name() string {
	i := int(c.Byte())
	switch {
	case i == 0:
		return c.Text()
	case i > len(names):
		c.Fail()
		return ""
	}
	return names[i-1]
}
