package frame

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
)

// appendTLS appends what a page can ask of the client's TLS connection.
func appendTLS(b []byte, s *tls.ConnectionState) []byte {
	b = binary.AppendUvarint(b, uint64(s.Version))
	b = binary.AppendUvarint(b, uint64(s.CipherSuite))
	b = append(b, boolByte(s.HandshakeComplete), boolByte(s.DidResume), boolByte(len(s.VerifiedChains) > 0))
	b = appendText(b, s.ServerName)
	b = appendText(b, s.NegotiatedProtocol)
	b = binary.AppendUvarint(b, uint64(len(s.PeerCertificates)))
	for _, cert := range s.PeerCertificates {
		b = binary.AppendUvarint(b, uint64(len(cert.Raw)))
		b = append(b, cert.Raw...)
	}
	return b
}

// tls reads what appendTLS wrote. Of verified chains it is known that there
// are some: they are given as one, the certificates that the client sent.
func (c *cursor) tls() *tls.ConnectionState {
	s := &tls.ConnectionState{Version: uint16(c.number()), CipherSuite: uint16(c.number())}
	s.HandshakeComplete, s.DidResume = c.byte() != 0, c.byte() != 0
	verified := c.byte() != 0
	s.ServerName, s.NegotiatedProtocol = c.text(), c.text()
	for n := c.count(); n > 0 && !c.bad; n-- {
		cert, err := x509.ParseCertificate([]byte(c.text()))
		if err != nil {
			c.fail()
			return s
		}
		s.PeerCertificates = append(s.PeerCertificates, cert)
	}
	if verified && len(s.PeerCertificates) > 0 {
		s.VerifiedChains = [][]*x509.Certificate{s.PeerCertificates}
	}
	return s
}
