package runtime

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// jsToken is one token of a script and the line that it is on.
type jsToken struct {
	text string
	line int
}

// tokensOf reads a script's tokens by itself, without the dialect's own
// lexer. What a slash means is told by the token before it, which is right for
// everything but a regular expression behind the parenthesis of an if.
func tokensOf(src string) []jsToken {
	s := tokenizer{src: src, line: 1, lineStart: true}
	for s.next() {
	}
	return s.out
}

type tokenizer struct {
	src       string
	pos, line int
	lineStart bool // nothing but blanks and comments since the last line end
	out       []jsToken
	braces    []bool // of open braces: whether it is a template's ${
}

// next reads one token or what lies between two; false is the end.
func (s *tokenizer) next() bool {
	if s.pos >= len(s.src) {
		return false
	}
	rest := s.src[s.pos:]
	switch {
	case rest[0] == '\n':
		s.line++
		s.pos++
		s.lineStart = true
	case strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, "<!--"), strings.HasPrefix(rest, "-->") && s.lineStart:
		n := strings.IndexByte(rest, '\n')
		if n < 0 {
			n = len(rest)
		}
		s.pos += n
	case strings.HasPrefix(rest, "/*"):
		n := strings.Index(rest, "*/") + 2
		s.line += strings.Count(rest[:n], "\n")
		s.pos += n
	case rest[0] == ' ', rest[0] == '\t', rest[0] == '\r', strings.HasPrefix(rest, "\ufeff"), strings.HasPrefix(rest, "\u00a0"):
		_, n := utf8.DecodeRuneInString(rest)
		s.pos += n
	default:
		s.token(rest)
	}
	return true
}

func (s *tokenizer) token(rest string) {
	n := 1
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		n = quotedLength(rest, c)
	case c == '`':
		n = s.template(rest, 1)
	case c == '}' && len(s.braces) > 0 && s.braces[len(s.braces)-1]:
		s.braces = s.braces[:len(s.braces)-1]
		n = s.template(rest, 1)
	case c == '{':
		s.braces = append(s.braces, false)
	case c == '}' && len(s.braces) > 0:
		s.braces = s.braces[:len(s.braces)-1]
	case c == '/' && s.operand():
		n = regexpLength(rest)
	case wordByte(rest) > 0:
		for n = 0; n < len(rest) && wordByte(rest[n:]) > 0; {
			n += wordByte(rest[n:])
		}
	}
	s.out = append(s.out, jsToken{rest[:n], s.line})
	s.line += strings.Count(rest[:n], "\n")
	s.pos += n
	s.lineStart = false
}

// template reads a template literal's text from n on, to its end or to the
// next substitution.
func (s *tokenizer) template(rest string, n int) int {
	for n < len(rest) {
		switch {
		case rest[n] == '\\':
			n++
		case rest[n] == '`':
			return n + 1
		case strings.HasPrefix(rest[n:], "${"):
			s.braces = append(s.braces, true)
			return n + 2
		}
		n++
	}
	return n
}

// operand tells whether an operand may begin here.
func (s *tokenizer) operand() bool {
	if len(s.out) == 0 {
		return true
	}
	out := s.out
	if n := len(out) - 2; n > 0 && out[n] == out[n+1] && strings.Contains("+-", out[n].text) {
		out = out[:n] // i++ / 2
	}
	last := out[len(out)-1].text
	switch last {
	case "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof", "await":
		return true
	case ")", "]", "}":
		return false
	}
	c := last[0]
	return wordByte(last) == 0 && c != '"' && c != '\'' && c != '`' && !(c == '/' && len(last) > 1)
}

func wordByte(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if r == '_' || r == '$' || r == '#' || unicode.IsLetter(r) || unicode.IsDigit(r) {
		return n
	}
	return 0
}

func quotedLength(s string, quote byte) int {
	n := 1
	for n < len(s) && s[n] != quote {
		if s[n] == '\\' {
			n++
		}
		n++
	}
	return min(n+1, len(s))
}

func regexpLength(s string) int {
	class := false
	n := 1
	for ; n < len(s) && (s[n] != '/' || class); n++ {
		switch s[n] {
		case '\\':
			n++
		case '[':
			class = true
		case ']':
			class = false
		}
	}
	return min(n+1, len(s))
}

// restoreTokens takes what the dialect pass inserted out again: REF(f,a,b).v
// is f(a,b), REFM(o,"m",a).v is o.m(a), REFM(o,(e),a).v is o[e](a), and
// ILLEGAL("a").v is "a".
func restoreTokens(in []jsToken, n *names) []jsToken {
	var out []jsToken
	for i := 0; i < len(in); i++ {
		if in[i].text == n.hidden["illegal"] {
			out = append(out, in[i+2])
			i += 5 // behind ).v
			continue
		}
		member := in[i].text == n.hidden["refMember"]
		if !member && in[i].text != n.hidden["ref"] {
			out = append(out, in[i])
			continue
		}
		end := closingToken(in, i+1)
		parts := argumentTokens(in[i+2 : end])
		i = end + 2 // behind .v
		out = append(out, restoreTokens(parts[0], n)...)
		if parts = parts[1:]; member {
			out = append(out, memberTokens(parts[0], n)...)
			parts = parts[1:]
		}
		out = append(out, jsToken{text: "("})
		for j, p := range parts {
			if j > 0 {
				out = append(out, jsToken{text: ","})
			}
			out = append(out, restoreTokens(p, n)...)
		}
		out = append(out, jsToken{text: ")"})
	}
	return out
}

func memberTokens(p []jsToken, n *names) []jsToken {
	if p[0].text != "(" {
		name, _ := strconv.Unquote(p[0].text)
		return []jsToken{{text: "."}, {name, p[0].line}}
	}
	out := append([]jsToken{{text: "["}}, restoreTokens(p[1:len(p)-1], n)...)
	return append(out, jsToken{text: "]"})
}

// closingToken is where the bracket at i is closed.
func closingToken(tokens []jsToken, i int) int {
	depth := 0
	for ; i < len(tokens); i++ {
		if depth += bracketDepth(tokens[i].text); depth == 0 {
			return i
		}
	}
	return len(tokens) - 1
}

// argumentTokens splits tokens at their commas.
func argumentTokens(tokens []jsToken) [][]jsToken {
	parts, depth, from := [][]jsToken{}, 0, 0
	for i, tok := range tokens {
		depth += bracketDepth(tok.text)
		if depth == 0 && tok.text == "," {
			parts = append(parts, tokens[from:i])
			from = i + 1
		}
	}
	return append(parts, tokens[from:])
}

func bracketDepth(text string) int {
	switch {
	case text == "(" || text == "[" || text == "{":
		return 1
	case text == ")" || text == "]" || text == "}":
		return -1
	case text[0] == '`' && strings.HasSuffix(text, "${"):
		return 1
	case text[0] == '}' && strings.HasSuffix(text, "`"):
		return -1
	}
	return 0
}
