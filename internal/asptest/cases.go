// Package asptest reads tests of the page language that are written in the
// page language. Only tests import it.
//
// A test file holds cases, a case holds files:
//
//	=== a missing include
//	-- page.asp --
//	<p>
//	<!--#include file="nowhere.inc"--> ### 0126:21: nowhere.inc
//	-- inc/other.inc --
//	...
//
// A line that begins with "===" begins a case and names it; text before the
// first is a comment. "-- NAME --" begins a file; the first is page.asp if it
// has no such line. "### " and what follows, with the blanks before it, is cut
// off a line before the page language sees it: an expectation for that line of
// that file. Line numbers in a file are those behind its "-- NAME --".
package asptest

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A Case is a few files and what is expected of them.
type Case struct {
	Name  string
	Line  int // in the test file
	Files map[string]string
	Wants []Want
}

// A Want is one "### CODE[:COLUMN]: PATTERN".
type Want struct {
	File    string
	Line    int
	Column  int // 0: any
	Code    string
	Pattern *regexp.Regexp
}

// Read reads a test file. A file that isn't one ends the test.
func Read(t testing.TB, path string) []Case {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	var file string
	var line int
	for i, text := range strings.SplitAfter(string(data), "\n") {
		if name, ok := strings.CutPrefix(text, "==="); ok {
			cases = append(cases, Case{Name: strings.TrimSpace(name), Line: i + 1, Files: map[string]string{}})
			file, line = "page.asp", 0
			continue
		}
		if len(cases) == 0 {
			continue
		}
		c := &cases[len(cases)-1]
		if name, ok := fileHeader(text); ok {
			file, line = name, 0
			c.Files[file] = ""
			continue
		}
		line++
		code, mark, ok := strings.Cut(text, "### ")
		if ok {
			want := parseWant(t, path, i+1, mark)
			want.File, want.Line = file, line
			c.Wants = append(c.Wants, want)
			text = strings.TrimRight(code, " \t") + text[len(strings.TrimRight(text, "\r\n")):]
		}
		c.Files[file] += text
	}
	return cases
}

func fileHeader(line string) (string, bool) {
	line = strings.TrimRight(line, "\r\n")
	if strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --") && len(line) > 6 {
		return line[3 : len(line)-3], true
	}
	return "", false
}

func parseWant(t testing.TB, path string, line int, mark string) Want {
	t.Helper()
	place, pattern, ok := strings.Cut(strings.TrimSpace(mark), ": ")
	if !ok {
		place = strings.TrimSuffix(place, ":")
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		t.Fatalf("%s:%d: %v", path, line, err)
	}
	code, column, _ := strings.Cut(place, ":")
	w := Want{Code: code, Pattern: re}
	if column != "" {
		if w.Column, err = strconv.Atoi(column); err != nil {
			t.Fatalf("%s:%d: column: %v", path, line, err)
		}
	}
	return w
}
