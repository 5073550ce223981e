package asphttp

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"strconv"
	"strings"
)

// authVariable knows who the client says it is. Without a user of the server's own, the Authorization header's claim
// stands here and the page has to check it.
func (r *Request) authVariable(name string) (string, bool) {
	user, password, basic := r.http.BasicAuth()
	kind := ""
	if basic {
		kind = "Basic"
	}
	if r.cfg.User != "" {
		if r.cfg.User != user {
			password = ""
		}
		user, kind = r.cfg.User, r.cfg.AuthType
	}
	switch name {
	case "AUTH_TYPE":
		return kind, true
	case "AUTH_USER":
		return user, true
	case "AUTH_PASSWORD":
		return password, true
	}
	return "", false
}

// tlsVariable knows the encryption of the connection.
func (r *Request) tlsVariable(name string) (string, bool) {
	switch name {
	case "HTTPS":
		if r.secure() {
			return "on", true
		}
		return "off", true
	case "HTTPS_KEYSIZE":
		return r.keySize(), true
	case "HTTPS_SECRETKEYSIZE", "HTTPS_SERVER_ISSUER", "HTTPS_SERVER_SUBJECT":
		return r.serverVariableOfCertificate(name), true
	}
	return "", false
}

func (r *Request) certVariable(name string) (string, bool) {
	cert := r.peerCertificate()
	switch name {
	case "CERT_FLAGS":
		if cert == nil {
			return "", true
		}
		return strconv.Itoa(r.certFlags()), true
	case "CERT_KEYSIZE":
		return r.keySize(), true
	case "CERT_SECRETKEYSIZE", "CERT_SERVER_ISSUER", "CERT_SERVER_SUBJECT":
		return r.serverVariableOfCertificate(name), true
	case "CERT_COOKIE":
		if cert == nil {
			return "", true
		}
		sum := sha256.Sum256(cert.Raw)
		return hex.EncodeToString(sum[:]), true
	case "CERT_ISSUER":
		return r.ClientCertificate().Text("Issuer"), true
	case "CERT_SUBJECT":
		return r.ClientCertificate().Text("Subject"), true
	case "CERT_SERIALNUMBER":
		return r.ClientCertificate().Text("SerialNumber"), true
	}
	return "", false
}

func (r *Request) secure() bool { return r.cfg.Secure || r.http.TLS != nil }

// keySize is the strength of the connection's cipher in bits.
func (r *Request) keySize() string {
	if r.http.TLS == nil {
		return ""
	}
	suite := tls.CipherSuiteName(r.http.TLS.CipherSuite)
	for _, c := range [...]struct{ part, bits string }{{"_128_", "128"}, {"_256_", "256"}, {"CHACHA20", "256"}, {"3DES", "168"}} {
		if strings.Contains(suite, c.part) {
			return c.bits
		}
	}
	return ""
}
