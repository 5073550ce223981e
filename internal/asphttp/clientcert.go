package asphttp

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Flags of ClientCertificate, as ASP numbers them.
const (
	certPresent      = 1 // ceCertPresent
	certUnrecognized = 2 // ceUnrecognizedIssuer: the chain was not verified
)

// ClientCertificate is the certificate the client showed: Subject and Issuer whole and by part (SubjectCN, IssuerO …),
// ValidFrom, ValidUntil (in UTC), SerialNumber, Certificate (its bytes, one character each) and Flags. Without a
// certificate it is empty.
func (r *Request) ClientCertificate() *Values {
	if r.cert != nil {
		return r.cert
	}
	cert := r.peerCertificate()
	if cert == nil {
		return nil
	}
	v := newValues("", 32)
	addName(v, "Subject", cert.Subject)
	addName(v, "Issuer", cert.Issuer)
	v.add("ValidFrom", certTime(cert.NotBefore))
	v.add("ValidUntil", certTime(cert.NotAfter))
	v.add("SerialNumber", serialNumber(cert))
	v.add("Certificate", latin1(cert.Raw))
	v.add("Flags", strconv.Itoa(r.certFlags()))
	r.cert = v
	return v
}

func (r *Request) peerCertificate() *x509.Certificate {
	if r.http.TLS == nil || len(r.http.TLS.PeerCertificates) == 0 {
		return nil
	}
	return r.http.TLS.PeerCertificates[0]
}

func (r *Request) certFlags() int {
	if r.peerCertificate() == nil {
		return 0
	}
	if len(r.http.TLS.VerifiedChains) == 0 {
		return certPresent | certUnrecognized
	}
	return certPresent
}

// addName adds a distinguished name and its parts under ASP's letters.
func addName(v *Values, prefix string, name pkix.Name) {
	v.add(prefix, nameText(name))
	for _, a := range name.Names {
		if letters := attributeLetters(a.Type.String()); letters != "" {
			v.add(prefix+letters, fmt.Sprint(a.Value))
		}
	}
}

// nameText writes a name as IIS does: "C=US, O=Example, CN=Alice", in the order of the certificate.
func nameText(name pkix.Name) string {
	var parts []string
	for _, a := range name.Names {
		letters := attributeLetters(a.Type.String())
		if letters == "" {
			letters = a.Type.String()
		}
		parts = append(parts, letters+"="+fmt.Sprint(a.Value))
	}
	return strings.Join(parts, ", ")
}

// attributeLetters is ASP's short name of a part of a distinguished name.
func attributeLetters(oid string) string {
	switch oid {
	case "2.5.4.3":
		return "CN"
	case "2.5.4.6":
		return "C"
	case "2.5.4.7":
		return "L"
	case "2.5.4.8":
		return "S"
	case "2.5.4.10":
		return "O"
	case "2.5.4.11":
		return "OU"
	case "2.5.4.12":
		return "T"
	case "2.5.4.42":
		return "GN"
	case "2.5.4.43":
		return "I"
	}
	return ""
}

// serialNumber writes a serial number as ASP does: "04-67-F3-02".
func serialNumber(cert *x509.Certificate) string {
	if cert.SerialNumber == nil {
		return ""
	}
	b := cert.SerialNumber.Bytes()
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = fmt.Sprintf("%02X", c)
	}
	return strings.Join(parts, "-")
}

func certTime(t time.Time) string { return t.UTC().Format("1/2/2006 3:04:05 PM") }

// latin1 makes each byte a character.
func latin1(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		out.WriteRune(rune(c))
	}
	return out.String()
}
