package asphttp

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"strconv"
	"strings"
)

// serverCertificate is the one that the server has shown: of those of its http.Server the one for the name the client
// asked for, or the first. nil where TLS ends elsewhere, or where the server picks its certificate by a function.
func (r *Request) serverCertificate() *x509.Certificate {
	server, ok := r.http.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok || r.http.TLS == nil || server.TLSConfig == nil {
		return nil
	}
	var first *x509.Certificate
	for _, pair := range server.TLSConfig.Certificates {
		leaf := pair.Leaf
		if leaf == nil && len(pair.Certificate) > 0 {
			leaf, _ = x509.ParseCertificate(pair.Certificate[0])
		}
		if leaf == nil {
			continue
		}
		if first == nil {
			first = leaf
		}
		if name := r.http.TLS.ServerName; name != "" && leaf.VerifyHostname(name) == nil {
			return leaf
		}
	}
	return first
}

// serverVariableOfCertificate is one of CERT_SERVER_… and HTTPS_SERVER_…, or the strength of the server's key in bits.
func (r *Request) serverVariableOfCertificate(name string) string {
	cert := r.serverCertificate()
	switch {
	case cert == nil:
		return ""
	case strings.HasSuffix(name, "_ISSUER"):
		return nameText(cert.Issuer)
	case strings.HasSuffix(name, "_SUBJECT"):
		return nameText(cert.Subject)
	}
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return strconv.Itoa(key.N.BitLen())
	case *ecdsa.PublicKey:
		return strconv.Itoa(key.Curve.Params().BitSize)
	case ed25519.PublicKey:
		return strconv.Itoa(len(key) * 8)
	}
	return ""
}
