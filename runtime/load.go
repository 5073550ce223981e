package runtime

import (
	"fmt"
	"unicode/utf8"

	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/runtime/internal/page"
)

// Files gives the bytes of a file below the site's root. The name is a slash
// path without "..". A file that isn't there is [fs.ErrNotExist]. A name may
// be asked for in another case than the file's: it is up to the giver whether
// that finds it.
type Files interface {
	ReadFile(name string) ([]byte, error)
}

// loader decodes the files of one page: each by its byte-order mark, its own
// @CODEPAGE, that of the page, or the application's code page. Bytes that
// aren't UTF-8 where UTF-8 is expected are read as windows-1252, as such
// files nearly always are.
type loader struct {
	files    Files
	fallback int // the application's code page
	page     int // what the first file said

	warnings  []Warning
	undecoded []string // files that aren't valid in their code page
}

// Load is page.Loader.
func (l *loader) Load(name string) (string, error) {
	raw, err := l.files.ReadFile(name)
	if err != nil {
		return "", err
	}
	cp, rest := codepage.DetectBOM(raw)
	if cp != nil {
		text, _ := cp.Decode(rest)
		return text, nil
	}
	number := l.codePage(raw)
	cp, ok := codepage.Lookup(number)
	if !ok || !cp.ASCIICompatible() {
		cp, number = codepage.UTF8, utf8CodePage // the directive is refused where it stands
	}
	if number == utf8CodePage && !utf8.Valid(raw) {
		l.undecodable(name, "the file is not UTF-8; it was read as windows-1252")
		cp, _ = codepage.Lookup(1252)
	}
	text, ok := cp.Decode(raw)
	if !ok && number != utf8CodePage {
		l.undecodable(name, fmt.Sprintf("the file has bytes that code page %d doesn't have", number))
	}
	return text, nil
}

func (l *loader) undecodable(name, message string) {
	l.undecoded = append(l.undecoded, name)
	l.warnings = append(l.warnings, Warning{Position: page.Position{File: name, Line: 1, Column: 1}, Message: message})
}

const utf8CodePage = 65001

// codePage decides how a file without a mark is read.
func (l *loader) codePage(raw []byte) int {
	own, ok := page.SniffCodePage(string(raw))
	if ok && own != 0 {
		if l.page == 0 {
			l.page = own
		}
		return own
	}
	if l.page != 0 {
		return l.page
	}
	if l.fallback != 0 {
		return l.fallback
	}
	return utf8CodePage
}
