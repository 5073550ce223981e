package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// syntaxError says what the TOML library found, and what would be right. A key
// that is given twice is told with both its lines.
func (l *loader) syntaxError(err error, text string, all []statement) error {
	at := Origin{File: l.file}
	parse, ok := errors.AsType[toml.ParseError](err)
	if !ok {
		return &Error{Origin: at, Problem: oneLine(err.Error())}
	}
	at.Line = parse.Position.Line
	if again, first, ok := duplicate(all); ok && again.line == at.Line {
		return &Error{at, again.key, fmt.Sprintf("is already set in line %d; keep one of the two", first)}
	}
	problem := oneLine(parse.Message)
	if strings.HasPrefix(problem, "expected '.' or '=', but got") {
		return &Error{at, parse.LastKey, problem + "; a setting is KEY = VALUE"}
	}
	for _, st := range all {
		if st.line != at.Line || st.head {
			continue
		}
		if _, known := l.keys[st.key]; !known {
			return l.unknown(assignment{origin: at, key: st.key})
		}
		if problem := l.unquoted(st, valueIn(text, st.line)); problem != "" {
			return &Error{at, st.key, problem}
		}
	}
	if item := l.unquotedItem(all, text, at.Line); item != "" {
		return &Error{at, parse.LastKey, inQuotes + `: "` + item + `"`}
	}
	if strings.HasPrefix(problem, "expected value") {
		problem += "; " + inQuotes
	}
	return &Error{at, parse.LastKey, problem}
}

// valueIn is what stands right of the = in a line, without a comment.
func valueIn(text string, line int) string {
	lines := strings.Split(text, "\n")
	if line > len(lines) {
		return ""
	}
	_, value, _ := strings.Cut(lines[line-1], "=")
	if at := strings.Index(value, " #"); at >= 0 {
		value = value[:at]
	}
	return strings.TrimSpace(value)
}

// curly are the quotes that word processors write, and the backquote.
const curly = "“”„‟«»‘’‚‛`"

// unquoted says what is wrong with a value that isn't one of TOML, where it would
// be what its key wants if it stood in quotes, or in other ones; "" if it is
// something else that is wrong.
func (l *loader) unquoted(st statement, value string) string {
	k := l.keys[st.key]
	switch {
	case value == "" || strings.HasPrefix(value, "{") || strings.HasPrefix(value, "'"):
		return ""
	case strings.HasPrefix(value, `"`):
		if !strings.Contains(value, `\`) || strings.ContainsRune(value, '\'') {
			return ""
		}
		return `in "…" a \ begins an escape; write it between '…', where it doesn't`
	}
	text := strings.Trim(value, curly)
	if _, isList := k.get(target{new(Server), new(Application)}).([]string); isList {
		text, _, _ = strings.Cut(strings.TrimPrefix(text, "["), "]")
	}
	to := target{server: new(Server), app: new(Application)}
	if err := k.set(to, bare(text)); err != nil {
		switch k.get(to).(type) {
		case string, []string:
			return fmt.Sprintf("%s; %s", err, inQuotes)
		}
		return err.Error()
	}
	var line bytes.Buffer
	if err := writeKey(&line, k, to, Origin{}, false); err != nil {
		return inQuotes
	}
	return inQuotes + ": " + strings.TrimSpace(line.String())
}

// unquotedItem is an item without quotes in a line of a list that began in a
// line above; "" if there is none.
func (l *loader) unquotedItem(all []statement, text string, line int) string {
	var within statement
	for _, st := range all {
		if st.line >= line {
			break
		}
		within = st
	}
	k, known := l.keys[within.key]
	if !known || within.head {
		return ""
	}
	if _, isList := k.get(target{new(Server), new(Application)}).([]string); !isList {
		return ""
	}
	items, _, _ := strings.Cut(strings.Split(text, "\n")[line-1], " #")
	for item := range strings.SplitSeq(items, ",") {
		if item = strings.Trim(item, " \t\r[]"); item != "" && !strings.ContainsAny(item, `"'`) {
			return item
		}
	}
	return ""
}

// inQuotes is the rule that who is used to other files doesn't know.
const inQuotes = "a text stands in quotes"
