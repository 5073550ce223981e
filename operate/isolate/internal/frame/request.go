package frame

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"slices"

	"github.com/najahost/naja/internal/packet"
)

// Meta is what the worker is told of a request besides the request.
type Meta struct {
	// ID is the request's number, which a handler asks for by [MetaFrom].
	ID int64
}

// The flags of a request.
const (
	hasBody = 1 << iota
	hasTLS
	hasClose    // Request.Close
	hasPlainURI // RequestURI is the URL's path and query
	hasOddURL   // the URL has more than a path and a query
	hasTrailer
	hasChunks // TransferEncoding is chunked
)

// head are the parts of a request that aren't in its http.Request.
type head struct {
	seq   uint64 // the how manyth request of its connection, from 1
	meta  Meta
	local string // the address that the client reached
}

// appendRequest appends the frame of a request.
func (index nameIndex) appendRequest(b []byte, h head, r *http.Request) []byte {
	b, start := begin(b, frameRequest)
	flags := flagsOf(r)
	b = packet.AppendNumber(append(b, flags), h.seq)
	b = packet.AppendNumber(b, uint64(h.meta.ID))
	b = packet.AppendText(b, r.Method)
	b = appendURL(b, flags, r)
	b = packet.AppendText(b, r.Proto)
	b = append(b, byte(r.ProtoMajor), byte(r.ProtoMinor))
	for _, s := range [...]string{r.Host, r.RemoteAddr, h.local} {
		b = packet.AppendText(b, s)
	}
	b = index.appendHeader(b, r.Header)
	if flags&hasBody != 0 {
		b = packet.AppendNumber(b, uint64(r.ContentLength+1))
	}
	if flags&hasTrailer != 0 {
		b = index.appendHeader(b, r.Trailer)
	}
	if flags&hasTLS != 0 {
		b = appendTLS(b, r.TLS)
	}
	return end(b, start)
}

func flagsOf(r *http.Request) (flags byte) {
	for _, f := range [...]struct {
		flag byte
		is   bool
	}{
		{hasBody, r.Body != nil && r.Body != http.NoBody},
		{hasTLS, r.TLS != nil},
		{hasClose, r.Close},
		{hasPlainURI, isPlainURI(r)},
		{hasOddURL, r.URL.Scheme != "" || r.URL.Host != "" || r.URL.Opaque != "" || r.URL.User != nil || r.URL.RawPath != "" || r.URL.ForceQuery || r.URL.OmitHost || r.URL.Fragment != ""},
		{hasTrailer, len(r.Trailer) > 0},
		{hasChunks, slices.Contains(r.TransferEncoding, "chunked")},
	} {
		if f.is {
			flags |= f.flag
		}
	}
	return flags
}

// isPlainURI says that the URI needn't be sent beside the URL.
func isPlainURI(r *http.Request) bool {
	path, query := r.URL.Path, r.URL.RawQuery
	uri := r.RequestURI
	if len(uri) < len(path) || uri[:len(path)] != path {
		return false
	}
	rest := uri[len(path):]
	return rest == "" && query == "" || query != "" && len(rest) == len(query)+1 && rest[0] == '?' && rest[1:] == query
}

func appendURL(b []byte, flags byte, r *http.Request) []byte {
	u := r.URL
	if flags&hasPlainURI != 0 {
		b = packet.AppendText(b, r.RequestURI)
		b = packet.AppendNumber(b, uint64(len(u.Path)))
	} else {
		b = packet.AppendText(b, r.RequestURI)
		b = packet.AppendText(b, u.Path)
		b = packet.AppendText(b, u.RawQuery)
	}
	if flags&hasOddURL == 0 {
		return b
	}
	user := ""
	if u.User != nil {
		user = "@" + u.User.String()
	}
	for _, s := range [...]string{u.Scheme, u.Host, u.Opaque, u.RawPath, u.Fragment, user} {
		b = packet.AppendText(b, s)
	}
	return packet.AppendBool(packet.AppendBool(b, u.ForceQuery), u.OmitHost)
}

// request reads what appendRequest wrote into r, a zero request.
func (c *cursor) request(r *http.Request) (h head) {
	flags := c.Byte()
	h.seq, h.meta.ID = c.Number(), int64(c.Number())
	r.Method = c.Text()
	r.URL = c.url(flags, r)
	r.Proto = c.Text()
	r.ProtoMajor, r.ProtoMinor = int(c.Byte()), int(c.Byte())
	r.Host, r.RemoteAddr, h.local = c.Text(), c.Text(), c.Text()
	r.Header = c.header(nil)
	r.Body = http.NoBody
	if flags&hasBody != 0 {
		r.Body, r.ContentLength = nil, int64(c.Number())-1
	}
	if flags&hasTrailer != 0 {
		r.Trailer = c.header(nil)
	}
	if flags&hasChunks != 0 {
		r.TransferEncoding = []string{"chunked"}
	}
	r.Close = flags&hasClose != 0
	if flags&hasTLS != 0 {
		r.TLS = c.tls()
	}
	return h
}

func (c *cursor) url(flags byte, r *http.Request) *url.URL {
	u := new(url.URL)
	r.RequestURI = c.Text()
	if flags&hasPlainURI != 0 {
		n := c.Number()
		if n > uint64(len(r.RequestURI)) {
			c.Fail()
			return u
		}
		u.Path = r.RequestURI[:n]
		if rest := r.RequestURI[n:]; rest != "" {
			u.RawQuery = rest[1:]
		}
	} else {
		u.Path, u.RawQuery = c.Text(), c.Text()
	}
	if flags&hasOddURL == 0 {
		return u
	}
	u.Scheme, u.Host, u.Opaque, u.RawPath, u.Fragment = c.Text(), c.Text(), c.Text(), c.Text(), c.Text()
	if user := c.Text(); user != "" {
		if parsed, err := url.Parse("//" + user[1:] + "@"); err == nil {
			u.User = parsed.User
		}
	}
	u.ForceQuery, u.OmitHost = c.Bool(), c.Bool()
	return u
}

// appendTLS appends what a page can ask of the client's TLS connection.
func appendTLS(b []byte, s *tls.ConnectionState) []byte {
	b = packet.AppendNumber(b, uint64(s.Version))
	b = packet.AppendNumber(b, uint64(s.CipherSuite))
	for _, is := range [...]bool{s.HandshakeComplete, s.DidResume, len(s.VerifiedChains) > 0} {
		b = packet.AppendBool(b, is)
	}
	b = packet.AppendText(b, s.ServerName)
	b = packet.AppendText(b, s.NegotiatedProtocol)
	b = packet.AppendNumber(b, uint64(len(s.PeerCertificates)))
	for _, cert := range s.PeerCertificates {
		b = packet.AppendNumber(b, uint64(len(cert.Raw)))
		b = append(b, cert.Raw...)
	}
	return b
}

// tls reads what appendTLS wrote. Of verified chains it is known that there
// are some: they are given as one, the certificates that the client sent.
func (c *cursor) tls() *tls.ConnectionState {
	s := &tls.ConnectionState{Version: uint16(c.Number()), CipherSuite: uint16(c.Number())}
	s.HandshakeComplete, s.DidResume = c.Bool(), c.Bool()
	verified := c.Bool()
	s.ServerName, s.NegotiatedProtocol = c.Text(), c.Text()
	for n := c.Count(); n > 0 && !c.Bad(); n-- {
		cert, err := x509.ParseCertificate([]byte(c.Text()))
		if err != nil {
			c.Fail()
			return s
		}
		s.PeerCertificates = append(s.PeerCertificates, cert)
	}
	if verified && len(s.PeerCertificates) > 0 {
		s.VerifiedChains = [][]*x509.Certificate{s.PeerCertificates}
	}
	return s
}
