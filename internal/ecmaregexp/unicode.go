package ecmaregexp

import (
	"bytes"
	"compress/flate"
	_ "embed" // for unicode.bin
	"encoding/binary"
	"io"
	"strings"
	"sync"
)

// unicodeData is made by gen/unicode.mjs, which says what is in it.
//
//go:embed unicode.bin
var unicodeData []byte

// unicodeRecords are the contents of unicode.bin by name, unpacked when an
// expression first asks for one.
var unicodeRecords = sync.OnceValue(func() map[string][]byte {
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(unicodeData)))
	if err != nil {
		panic("ecmaregexp: unicode.bin: " + err.Error())
	}
	all := make(map[string][]byte)
	take := func() []byte {
		n, used := binary.Uvarint(data)
		part := data[used : used+int(n)]
		data = data[used+int(n):]
		return part
	}
	for len(data) > 0 {
		names, content := string(take()), take()
		for name := range strings.SplitSeq(names, "|") {
			all[name] = content
		}
	}
	return all
})

// numbers reads the varints of a content one by one.
func numbers(content []byte) func() (rune, bool) {
	return func() (rune, bool) {
		n, used := binary.Uvarint(content)
		if used <= 0 {
			return 0, false
		}
		content = content[used:]
		return rune(n), true
	}
}

// unicodeSet is the set of that name.
func unicodeSet(name string) (charSet, bool) {
	content, ok := unicodeRecords()[name]
	if !ok {
		return nil, false
	}
	out := make(charSet, 0, len(content))
	next, at, end := numbers(content), rune(0), false
	for n, ok := next(); ok; n, ok = next() {
		at += n
		if end {
			out = append(out, at-1)
		} else {
			out = append(out, at)
		}
		end = !end
	}
	return out, true
}

// unicodeStrings are the strings of that name.
func unicodeStrings(name string) (list [][]rune, ok bool) {
	content, ok := unicodeRecords()[name]
	next := numbers(content)
	for n, more := next(); more; n, more = next() {
		s := make([]rune, n)
		for i := range s {
			s[i], _ = next()
		}
		list = append(list, s)
	}
	return list, ok
}

// property finds what \p{name} or \p{name=value} stands for. Strings are what
// some properties have besides characters; only v has those.
func property(name, value string, hasValue, sets bool) (chars charSet, texts [][]rune, ok bool) {
	if hasValue {
		switch name {
		case "General_Category", "gc":
			chars, ok = unicodeSet("gc:" + value)
		case "Script", "sc":
			chars, ok = unicodeSet("sc:" + value)
		case "Script_Extensions", "scx":
			chars, ok = unicodeSet("scx:" + value)
		}
		return chars, nil, ok
	}
	if chars, ok = unicodeSet("gc:" + name); ok {
		return chars, nil, true
	}
	if chars, ok = unicodeSet("b:" + name); ok || !sets {
		return chars, nil, ok
	}
	all, ok := unicodeStrings("s:" + name)
	for _, s := range all {
		if len(s) == 1 {
			chars = append(chars, s[0], s[0])
		} else {
			texts = append(texts, s)
		}
	}
	return union(chars), texts, ok
}

// isIDStart and isIDPart are what the name of a group is made of.
func isIDStart(c rune) bool {
	if c < 0x80 {
		return c == '$' || isWord(c, false) && (c < '0' || c > '9')
	}
	set, _ := unicodeSet("b:ID_Start")
	return set.contains(c)
}

func isIDPart(c rune) bool {
	if c < 0x80 {
		return c == '$' || isWord(c, false)
	}
	set, _ := unicodeSet("b:ID_Continue")
	return set.contains(c) || c == 0x200C || c == 0x200D
}
