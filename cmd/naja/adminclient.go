package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/najahost/naja/operate/admin"
)

// maxAdminAnswer bounds what a console says.
const maxAdminAnswer = 64 << 20

// An adminClient asks the console of a server.
type adminClient struct {
	base           *url.URL
	user, password string
	http           *http.Client
	token          string
}

// newAdminClient takes the password from the environment, or asks for it.
func newAdminClient(base *url.URL, user, authority string) (*adminClient, error) {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if authority != "" {
		pem, err := os.ReadFile(authority)
		if err != nil {
			return nil, usageErrorf("admin: --cacert: %v", err)
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, usageErrorf("admin: --cacert: %s has no certificate", authority)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	c := &adminClient{base: base, user: user, http: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if user == "" {
		return c, nil
	}
	if base.Scheme != "https" && !isLoopback(base.Hostname()) {
		return nil, usageErrorf("admin: --user: a password isn't sent over http to %s; want https", base.Hostname())
	}
	c.password = os.Getenv("NAJA_ADMIN_PASSWORD")
	if c.password == "" {
		var err error
		if c.password, err = askPassword("password of " + user); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// get looks at something.
func (c *adminClient) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	text, _, err := c.ask(ctx, http.MethodGet, path, nil)
	return text, err
}

// post changes something. The text is what the server said, also when the
// error says that it didn't do it.
func (c *adminClient) post(ctx context.Context, path string, form url.Values) ([]byte, error) {
	if c.token == "" {
		_, header, err := c.ask(ctx, http.MethodGet, "/token", nil)
		if err != nil {
			return nil, err
		}
		if c.token = header.Get("X-Naja-Token"); c.token == "" {
			return nil, fmt.Errorf("%s is no console: it hands out no token", c.base)
		}
	}
	text, _, err := c.ask(ctx, http.MethodPost, path, strings.NewReader(form.Encode()))
	return text, err
}

// ask sends a request. An error is that it wasn't answered, or with no.
func (c *adminClient) ask(ctx context.Context, method, path string, body io.Reader) ([]byte, http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.base.String(), "/")+path, body)
	if err != nil {
		return nil, nil, err
	}
	if c.user != "" {
		r.SetBasicAuth(c.user, c.password)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Naja-Token", c.token)
	}
	w, err := c.http.Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", c.base, causeOf(err))
	}
	defer w.Body.Close()
	text, err := io.ReadAll(io.LimitReader(w.Body, maxAdminAnswer))
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", c.base, causeOf(err))
	}
	return text, w.Header, c.refusal(w, text)
}

// refusal is what an answer that isn't one says.
func (c *adminClient) refusal(w *http.Response, text []byte) error {
	if w.StatusCode == http.StatusOK {
		return nil
	}
	var said admin.Answer
	if json.Unmarshal(bytes.TrimSpace(text), &said) != nil || said.Message == "" {
		return fmt.Errorf("%s is no console: it says %s", c.base, w.Status)
	}
	message := printable(said.Message)
	if w.StatusCode == http.StatusUnauthorized && c.user == "" {
		message += "; want --user ACCOUNT"
	}
	for _, detail := range said.Details {
		message += "; " + printable(detail)
	}
	return errors.New(message)
}

// causeOf is an error without the URL in front of it, and the calls.
func causeOf(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	return cause(err)
}
