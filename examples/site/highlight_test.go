package site_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// listing is a source file as HTML: what inc/source holds for it.
func listing(name, text string) string {
	var b strings.Builder
	b.WriteString(`<figure class="listing"><figcaption>` + html.EscapeString(name) + "</figcaption>\n")
	b.WriteString(`<pre tabindex="0"><code>`)
	p := painter{text: strings.TrimRight(text, "\n")}
	p.markup()
	for _, line := range strings.Split(p.out.String(), "\n") {
		b.WriteString(`<span class="l">` + line + "</span>\n")
	}
	return strings.TrimRight(b.String(), "\n") + "</code></pre></figure>\n"
}

// A painter encodes a page's text and marks its parts by class: d for what
// delimits script, t for tags, c for comments, s for strings, k for keywords,
// i for the intrinsics. It knows as much of the language as this site uses.
type painter struct {
	text string
	at   int
	out  strings.Builder
}

// paint writes n bytes in a class, line by line so that no span crosses one.
func (p *painter) paint(class string, n int) {
	for i, line := range strings.Split(p.text[p.at:p.at+n], "\n") {
		if i > 0 {
			p.out.WriteByte('\n')
		}
		switch {
		case line == "":
		case class == "":
			p.out.WriteString(html.EscapeString(line))
		default:
			p.out.WriteString(`<span class="` + class + `">` + html.EscapeString(line) + "</span>")
		}
	}
	p.at += n
}

// through is how many bytes there are up to the end of the next end.
func (p *painter) through(end string) int {
	if i := strings.Index(p.text[p.at:], end); i >= 0 {
		return i + len(end)
	}
	return len(p.text) - p.at
}

// The starts of what isn't plain text.
var (
	markupStart = regexp.MustCompile(`<%[@=:]?|<!--|</?[A-Za-z][\w-]*|<!DOCTYPE`)
	scriptTag   = regexp.MustCompile(`(?i)^<script[^<>%]*runat[^<>%]*>`)
)

// markup paints HTML with blocks of script in it.
func (p *painter) markup() {
	for p.at < len(p.text) {
		found := markupStart.FindStringIndex(p.text[p.at:])
		if found == nil {
			p.paint("", len(p.text)-p.at)
			return
		}
		p.paint("", found[0])
		rest, n := p.text[p.at:], found[1]-found[0]
		switch {
		case strings.HasPrefix(rest, "<%@"):
			p.paint("d", p.through("%>"))
		case strings.HasPrefix(rest, "<%"):
			p.paint("d", n)
			p.script("%>")
			p.paint("d", min(2, len(p.text)-p.at))
		case strings.HasPrefix(rest, "<!--#"):
			p.paint("d", p.through("-->"))
		case strings.HasPrefix(rest, "<!--"):
			p.paint("c", p.through("-->"))
		case scriptTag.MatchString(rest):
			p.paint("t", p.through(">"))
			p.script("</script>")
		default:
			p.paint("t", n)
		}
	}
}

// token finds the next piece of script. A slash after an operator begins a
// regular expression.
var token = regexp.MustCompile(`^(?:(//[^\n]*|(?s:/\*.*?\*/))` +
	"|(\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'|`(?s:[^`\\\\]|\\\\.)*`)" +
	`|([A-Za-z_$#][\w$]*)|(\d[\w.]*))`)

var regex = regexp.MustCompile(`^/(?:[^/\\\n]|\\.)+/[a-z]*`)

func keywords() []string {
	return strings.Fields(`async await break case catch class const continue delete do else false finally for
		function if in instanceof let new null of return static super switch this throw true try typeof
		undefined var while with yield`)
}

func intrinsics() []string {
	return []string{"Application", "Request", "Response", "Server", "Session"}
}

// script paints JavaScript up to end. As in a page, end ends it wherever it
// stands.
func (p *painter) script(end string) {
	stop := len(p.text)
	if i := strings.Index(p.text[p.at:], end); i >= 0 {
		stop = p.at + i
	}
	last, afterDot := byte('('), false
	for p.at < stop {
		rest := p.text[p.at:stop]
		m := token.FindStringSubmatch(rest)
		class := ""
		switch {
		case m == nil && strings.IndexByte("(=,:;![&|?{}\n", last) >= 0 && regex.MatchString(rest):
			m, class = []string{regex.FindString(rest)}, "s"
		case m == nil:
			m = []string{rest[:1]}
		case m[1] != "":
			class = "c"
		case m[2] != "":
			class = "s"
		case afterDot:
		case slices.Contains(keywords(), m[3]):
			class = "k"
		case slices.Contains(intrinsics(), m[3]):
			class = "i"
		}
		p.paintRune(class, m[0])
		if c := m[0][len(m[0])-1]; c != ' ' && class != "c" {
			last = c
		}
		afterDot = last == '.'
	}
}

// paintRune paints a token, whole even where it is a letter of several bytes.
func (p *painter) paintRune(class, token string) {
	n := len(token)
	for p.at+n < len(p.text) && p.text[p.at+n]&0xc0 == 0x80 {
		n++
	}
	p.paint(class, n)
}
