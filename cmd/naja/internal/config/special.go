package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// This file holds the keys that are more than a number or a text, and the
// checks of those that a plain type doesn't make.

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

func oneOf(allowed ...string) func(string) error {
	return func(text string) error {
		if !slices.Contains(allowed, text) {
			return fmt.Errorf("%q is unknown", text)
		}
		return nil
	}
}

func oneOfFold(allowed ...string) func(string) error {
	return func(text string) error {
		if !slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, text) }) {
			return fmt.Errorf("%q is unknown", text)
		}
		return nil
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

func proxiesKey() key {
	const want = `a list of addresses or networks, such as ["127.0.0.1", "10.0.0.0/8"]`
	return key{
		name: "trusted_proxies", scope: forServer,
		set: func(to target, v any) error {
			items, ok := asList(v)
			if !ok {
				return wrong(v, want)
			}
			var proxies []netip.Prefix
			for _, item := range items {
				prefix, err := parsePrefix(item)
				if err != nil {
					return fmt.Errorf("%q is not an address or a network; want %s", item, want)
				}
				proxies = append(proxies, prefix)
			}
			to.server.TrustedProxies = proxies
			return nil
		},
		get: func(from target) any {
			items := []string{}
			for _, prefix := range from.server.TrustedProxies {
				items = append(items, prefix.String())
			}
			return items
		},
	}
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

func levelKey() key {
	const want = `"debug", "info", "warn" or "error"`
	levels := []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}
	return key{
		name: "log_level", scope: forServer,
		set: func(to target, v any) error {
			text, ok := asText(v)
			if !ok {
				return wrong(v, want)
			}
			for _, level := range levels {
				if strings.EqualFold(level.String(), text) {
					to.server.LogLevel = level
					return nil
				}
			}
			return fmt.Errorf("%q is unknown; want %s", text, want)
		},
		get: func(from target) any { return strings.ToLower(from.server.LogLevel.String()) },
	}
}

func stateKey() key {
	k := text("state", forBoth, `"memory", "sqlite:PATH", "redis://…" or "postgres://…"`, checkState,
		func(t target) *string { return &t.app.State })
	get := k.get
	k.get = func(from target) any { return Masked(get(from).(string)) }
	return k
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
