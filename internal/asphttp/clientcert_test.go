package asphttp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http/httptest"
	"testing"
	"time"
)

func testCertificate(t *testing.T) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x0467f302),
		Subject:      pkix.Name{Country: []string{"DE"}, Organization: []string{"Example, Inc."}, OrganizationalUnit: []string{"A", "B"}, CommonName: "Ann"},
		NotBefore:    time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC),
		NotAfter:     time.Date(2027, 11, 22, 3, 4, 5, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return cert
}

func TestClientCertificate(t *testing.T) {
	cert := testCertificate(t)
	hr := httptest.NewRequest("GET", "https://h/", nil)
	hr.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{cert}}
	r := NewRequest(hr, nil, RequestConfig{})
	c := r.ClientCertificate()
	for name, want := range map[string]string{
		"subjectcn": "Ann", "SubjectC": "DE", "SubjectO": "Example, Inc.", "SubjectOU": "A, B", "IssuerCN": "Ann",
		"Subject":   "C=DE, O=Example, Inc., OU=A, OU=B, CN=Ann",
		"ValidFrom": "1/2/2026 3:04:05 PM", "ValidUntil": "11/22/2027 3:04:05 AM", "SerialNumber": "04-67-F3-02", "Flags": "3", "nope": "",
	} {
		if got := c.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := []rune(c.Text("Certificate")); len(got) != len(cert.Raw) || byte(got[0]) != cert.Raw[0] {
		t.Errorf("%d characters of %d bytes", len(got), len(cert.Raw))
	}
	if r.ServerVariable("CERT_SUBJECT") != c.Text("Subject") || r.ServerVariable("CERT_FLAGS") != "3" || len(r.ServerVariable("CERT_COOKIE")) != 64 ||
		r.ServerVariable("CERT_SERIALNUMBER") != "04-67-F3-02" || r.ServerVariable("CERT_ISSUER") == "" {
		t.Error("the server variables say something else")
	}
	if values, from, _ := r.Lookup("SubjectCN"); from != SourceClientCertificate || values[0] != "Ann" {
		t.Errorf("%v in %v", values, from)
	}

	hr.TLS.VerifiedChains = [][]*x509.Certificate{{cert}}
	if got := NewRequest(hr, nil, RequestConfig{}).ClientCertificate().Text("Flags"); got != "1" {
		t.Errorf("verified: flags %s", got)
	}
}

func TestNoClientCertificate(t *testing.T) {
	for _, url := range []string{"http://h/", "https://h/"} {
		if n := NewRequest(httptest.NewRequest("GET", url, nil), nil, RequestConfig{}).ClientCertificate().Len(); n != 0 {
			t.Errorf("%s: %d values", url, n)
		}
	}
}
