package frame

import (
	"crypto/tls"
	"crypto/x509"

	"github.com/najahost/naja/internal/packet"
)

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
