package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/najahost/naja/internal/setting"
)

var (
	errBelowZero = errors.New("can't be below 0")
	errZero      = errors.New("can't be 0")
)

// stored makes of n what the setting's field holds; text is how it was written.
func (k *key) stored(n int64, text string) (int64, error) {
	switch {
	case n < 0:
		return 0, errBelowZero
	case n > 0:
		if problem := k.Problem(n, text); problem != "" {
			return 0, errors.New(problem)
		}
		return n, nil
	}
	switch k.Zero {
	case setting.IsNone:
		return setting.None, nil
	case setting.Itself:
		return 0, nil
	case setting.Tiny:
		return 1, nil
	}
	return 0, errZero
}

// shown is the opposite of stored.
func (k *key) shown(n int64) int64 {
	if k.Zero == setting.IsNone && n == setting.None || k.Zero == setting.Tiny && n == 1 {
		return 0
	}
	return n
}

func wrong(v any, want string) error {
	return fmt.Errorf("%s; want %s", describe(v), want)
}

// text is a key that takes a text.
func (k *key) text(field func(target) *string) {
	want := cmp.Or(k.Want, orOf(k.OneOf))
	check := texts(k.name)
	k.set = func(to target, v any) error {
		s, ok := asText(v)
		switch {
		case !ok && strings.Contains(want, `"`):
			return wrong(v, want)
		case !ok:
			return wrong(v, want+", in quotes")
		case !k.Knows(s):
			return fmt.Errorf("%q is unknown; want %s", s, want)
		}
		if err := check(s); err != nil {
			return fmt.Errorf("%w; want %s", err, want)
		}
		*field(to) = s
		return nil
	}
	k.get = func(from target) any { return *field(from) }
}

// orOf is a list of words as a sentence has it.
func orOf(words []string) string {
	text := ""
	for i, word := range words {
		switch i {
		case 0:
		case len(words) - 1:
			text += " or "
		default:
			text += ", "
		}
		text += fmt.Sprintf("%q", word)
	}
	return text
}

func number[T int | int64](k *key, field func(target) *T) {
	k.set = func(to target, v any) error {
		n, ok := plain(v).(int64)
		if !ok || int64(T(n)) != n {
			return wrong(v, k.Want)
		}
		n, err := k.stored(n, "")
		if err != nil {
			return fmt.Errorf("%w; want %s", err, k.Want)
		}
		*field(to) = T(n)
		return nil
	}
	k.get = func(from target) any { return k.shown(int64(*field(from))) }
}

func (k *key) duration(field func(target) *time.Duration) {
	example := k.Such
	if d, ok := k.Default.(time.Duration); ok {
		example = formatDuration(d)
	}
	want := fmt.Sprintf("a duration with its unit, such as %q", example)
	k.set = func(to target, v any) error {
		text, ok := asText(v)
		if !ok {
			return wrong(v, want)
		}
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is not a duration; want %s", text, want)
		}
		n, err := k.stored(int64(d), text)
		if err != nil {
			return fmt.Errorf("%w; want %s", err, want)
		}
		*field(to) = time.Duration(n)
		return nil
	}
	k.get = func(from target) any {
		return formatDuration(time.Duration(k.shown(int64(*field(from)))))
	}
}

// truth is a key for a bool; the engine stores some of them the other way
// round, so that its zero value is the default.
func (k *key) truth(field func(target) *bool) {
	inverted := k.Inverted
	k.set = func(to target, v any) error {
		b, ok := plain(v).(bool)
		if !ok {
			return wrong(v, "true or false")
		}
		*field(to) = b != inverted
		return nil
	}
	k.get = func(from target) any { return *field(from) != inverted }
}

func (k *key) list(field func(target) *[]string) {
	want := k.Want
	k.set = func(to target, v any) error {
		items, ok := asList(v)
		if !ok {
			return wrong(v, want)
		}
		for i, item := range items {
			if !k.Knows(item) {
				return fmt.Errorf("%q is unknown; want %s", item, want)
			}
			if k.Fold {
				items[i] = strings.ToLower(item)
			}
		}
		*field(to) = items
		return nil
	}
	k.get = func(from target) any { return *field(from) }
}

// prefixes is a key that takes addresses and networks.
func (k *key) prefixes(field func(target) *[]netip.Prefix) {
	want := k.Want
	k.set = func(to target, v any) error {
		items, ok := asList(v)
		if !ok {
			return wrong(v, want)
		}
		var all []netip.Prefix
		for _, item := range items {
			prefix, err := parsePrefix(item)
			if err != nil {
				return fmt.Errorf("%q is not an address or a network; want %s", item, want)
			}
			all = append(all, prefix)
		}
		*field(to) = all
		return nil
	}
	k.get = func(from target) any {
		items := []string{}
		for _, prefix := range *field(from) {
			items = append(items, prefix.String())
		}
		return items
	}
}

// level is a key that takes a level of the log, in any case.
func (k *key) level(field func(target) *slog.Level) {
	want := orOf(k.OneOf)
	k.set = func(to target, v any) error {
		text, ok := asText(v)
		if !ok {
			return wrong(v, want)
		}
		if !k.Knows(text) || field(to).UnmarshalText([]byte(text)) != nil {
			return fmt.Errorf("%q is unknown; want %s", text, want)
		}
		return nil
	}
	k.get = func(from target) any { return strings.ToLower(field(from).String()) }
}

// secret is a key that nobody gets to see. "" takes it back.
func (k *key) secret(field func(target) *Secret) {
	check := checkHashKey
	if strings.HasSuffix(k.name, "block_key") {
		check = checkBlockKey
	}
	k.set = func(to target, v any) error {
		s, ok := asText(v)
		if !ok {
			return errors.New("is no text; want a key in quotes")
		}
		if s != "" {
			if err := checkSecret(Secret(s), check); err != nil {
				return err
			}
		}
		*field(to) = Secret(s)
		return nil
	}
	k.get = func(from target) any { return field(from).String() }
}

// maskedPairs are a list of NAME=VALUE without the values that may be secrets.
func maskedPairs(pairs []string) []string {
	shown := []string{}
	for _, pair := range pairs {
		if name, _, _ := strings.Cut(pair, "="); SecretName(name) {
			pair = name + "=xxxxx"
		}
		shown = append(shown, pair)
	}
	return shown
}
