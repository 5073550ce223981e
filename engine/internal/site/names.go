package site

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// malformed reports whether a decoded URL path holds what no text has: bytes
// that aren't UTF-8, NUL and other control characters.
func malformed(urlPath string) bool {
	return !utf8.ValidString(urlPath) || HasControl(urlPath)
}

// OddName reports whether a part of a URL path can't be the plain name of a
// file on some system that naja runs on. Refusing such names everywhere makes
// a site behave the same everywhere and leaves no second spelling of a name
// for Windows to take as the first:
//
//   - ".." and "." (a client resolves those itself before it asks);
//   - : and \ and what else Windows forbids in names;
//   - a dot or a blank at the end, which Windows drops;
//   - names of the form that Windows gives to files with long ones;
//   - the names of its devices.
func OddName(part string) bool {
	last := part[len(part)-1]
	return last == '.' || last == ' ' ||
		strings.ContainsAny(part, `\:*?"<>|`) ||
		isShortName(part) || isDevice(part)
}

// isShortName reports whether a name has the form of the second name, of 8.3
// letters, that Windows makes for a file with a long one.
func isShortName(name string) bool {
	base, ext, _ := strings.Cut(name, ".")
	stem, number, found := cutLast(base, '~')
	return found && stem != "" && number != "" && len(base) <= 8 && len(ext) <= 3 &&
		!strings.ContainsFunc(number, func(r rune) bool { return r < '0' || r > '9' })
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// isDevice reports whether Windows takes a name, with any extension, for a
// device.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToLower(strings.TrimRight(base, " "))
	switch base {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	number, isPort := strings.CutPrefix(base, "com")
	if !isPort {
		number, isPort = strings.CutPrefix(base, "lpt")
	}
	// The superscript digits are in Windows' list too.
	return isPort && utf8.RuneCountInString(number) == 1 && strings.ContainsAny(number, "0123456789¹²³")
}

// hiddenName reports whether a part of a path names what a site keeps to
// itself: dot files and folders (.git, .env), sources that aren't pages
// (global.asa, includes), databases, settings, and the copies that editors
// leave behind.
func hiddenName(part string) bool {
	if part[0] == '.' {
		return true
	}
	lower := strings.ToLower(part)
	ext := path.Ext(lower)
	return strings.HasSuffix(lower, "~") ||
		strings.HasPrefix(lower, "#") && strings.HasSuffix(lower, "#") ||
		lower == "naja.toml" || ext != ".asp" && slices.Contains(NeverSent(), ext)
}

// WellKnown is the one folder whose name begins with a dot and whose files are
// meant for everybody (RFC 8615): at the root, and nowhere else. What is hidden
// elsewhere is hidden in it too.
const WellKnown = ".well-known"

// isWellKnown reports whether a file of the site lies in that folder.
func isWellKnown(name string) bool {
	first, _, inside := strings.Cut(name, "/")
	return inside && strings.EqualFold(first, WellKnown)
}

// Hidden reports whether the last part of a file's or folder's name is
// hidden.
func Hidden(name string) bool {
	return hiddenName(path.Base(name)) && !strings.EqualFold(name, WellKnown)
}

// NeverSent is the extensions that can't be made static ones: of sources, of
// databases with the files beside them, and of copies that editors leave.
func NeverSent() []string {
	return []string{
		".asp", ".asa", ".inc",
		".db", ".db-wal", ".db-shm", ".db-journal", ".sqlite", ".sqlite3", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal",
		".mdb", ".ldb", ".accdb", ".laccdb",
		".bak", ".old", ".orig", ".save", ".swp", ".swo", ".tmp",
	}
}

// HasControl reports whether s has a byte that no header, cookie or path of
// ours may have.
func HasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
