package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// This file holds the formats of texts, and which are shown masked.

func notEmpty(text string) error {
	if text == "" {
		return errors.New("is empty")
	}
	return nil
}

func orEmpty(check func(string) error) func(string) error {
	return func(text string) error {
		if text == "" {
			return nil
		}
		return check(text)
	}
}

// checkAddr takes a numeric port only: a service's name would mean what the
// machine at hand says it means.
func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address with a port", addr)
	}
	return nil
}

func checkMount(mount string) error {
	if !strings.HasPrefix(mount, "/") || mount != path.Clean(mount) || strings.ContainsAny(mount, `\%?#;:`) {
		return fmt.Errorf("%q is not a URL prefix", mount)
	}
	return nil
}

// checkSite takes a site's address alone: what follows is the applications'.
func checkSite(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Scheme+"://"+u.Host != strings.TrimSuffix(text, "/") {
		return fmt.Errorf("%q is not the address of a site", text)
	}
	return nil
}

// parsePrefix takes an address or a network. IPv4 in IPv6 is IPv4, which is
// how a peer's address is looked at; a zone is that of whoever wrote it.
func parsePrefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		prefix, err := netip.ParsePrefix(text)
		if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
		}
		return prefix.Masked(), err
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return addr.Unmap().Prefix(addr.Unmap().BitLen())
}

// Masked is a state setting without its secrets: the password of a URL, and
// every parameter of its query that may be one.
func Masked(state string) string {
	scheme, rest, ok := strings.Cut(state, "://")
	if !ok {
		return state
	}
	u, err := url.Parse(state)
	if err != nil {
		// Not a URL, but perhaps a password with a raw % in it.
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			return scheme + "://xxxxx" + rest[at:]
		}
		return scheme + "://xxxxx"
	}
	query := u.Query()
	for name := range query {
		if SecretName(name) {
			query.Set(name, "xxxxx")
		}
	}
	if len(query) > 0 {
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}

// SecretName says that what has this name may be a secret: a password, a
// token, a key.
func SecretName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"pass", "pwd", "secret", "token", "auth", "key"}, func(part string) bool {
		return strings.Contains(name, part)
	})
}
