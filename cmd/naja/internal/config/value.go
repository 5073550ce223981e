package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// A bare is the text of --set KEY=VALUE: a TOML value, or a text, a duration
// or a list without quotes, as the key wants it. (A flag's text is a string.)
type bare string

// asText is the text that v gives a key of text.
func asText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bare:
		if strings.HasPrefix(string(v), `"`) || strings.HasPrefix(string(v), `'`) {
			s, ok := v.parse().(string)
			return s, ok
		}
		return string(v), true
	}
	return "", false
}

// asList is the list of texts in v; a bare one is separated by commas.
func asList(v any) ([]string, bool) {
	if b, ok := v.(bare); ok {
		if !strings.HasPrefix(string(b), "[") {
			return splitList(string(b)), true
		}
		v = b.parse()
	}
	items, ok := v.([]any)
	if !ok {
		return nil, false
	}
	list := make([]string, 0, len(items))
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			return nil, false
		}
		list = append(list, text)
	}
	return list, true
}

func splitList(text string) []string {
	list := []string{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// parse reads b as a TOML value; nil if it isn't exactly one.
func (b bare) parse() any {
	var table map[string]any
	if _, err := toml.Decode("value = "+string(b), &table); err != nil || len(table) != 1 {
		return nil
	}
	return table["value"]
}

// plain is v itself, or what a bare v is in TOML.
func plain(v any) any {
	if b, ok := v.(bare); ok {
		return b.parse()
	}
	return v
}

// describe shows a refused value in an error message.
func describe(v any) string {
	switch v := v.(type) {
	case bare:
		return fmt.Sprintf("%q can't be used", string(v))
	case string:
		return fmt.Sprintf("%q is a text", v)
	case int64:
		return fmt.Sprintf("%d is a number", v)
	case float64:
		return fmt.Sprintf("%v is a number with a fraction", v)
	case bool:
		return fmt.Sprintf("%v is a truth value", v)
	case time.Time:
		return "this is a date"
	case []any:
		for _, item := range v {
			if name := inList(item); name != "" {
				return name + " in it is no text"
			}
		}
		return "this is a list"
	}
	return "this is a table"
}

// inList names an item that a list of texts can't have; "" for a text.
func inList(item any) string {
	switch item := item.(type) {
	case string:
		return ""
	case int64, float64, bool:
		return fmt.Sprint(item)
	case time.Time:
		return "a time"
	case []any:
		return "a list"
	}
	return "a table"
}

// formatDuration writes d as people do: 90s, 20m, 1h.
func formatDuration(d time.Duration) string {
	switch {
	case d%time.Second != 0:
		return d.String()
	case d%time.Hour == 0 && d != 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0 && d > 2*time.Minute:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
