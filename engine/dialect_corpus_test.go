package engine

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/internal/asptest"
)

// needsComponent finds the sites that create components, which are the runtime
// tests' own, and those in code pages, which their files would have to be
// stored in.
var needsComponent = regexp.MustCompile(`(?i)CreateObject|ActiveXObject|progid|codepage="?(1252|1251|949|936)`)

// TestDialectCorpus serves the pages of the runtime's corpus with a whole
// engine around them: sessions, the application, the events of global.asa.
func TestDialectCorpus(t *testing.T) {
	paths, _ := filepath.Glob("../runtime/testdata/corpus/*.asp")
	n := 0
	for _, p := range paths {
		for _, c := range asptest.Read(t, p) {
			if needsComponent.MatchString(fmt.Sprint(c.Files)) {
				continue
			}
			n++
			t.Run(strings.TrimSuffix(filepath.Base(p), ".asp")+"/"+c.Name, func(t *testing.T) {
				t.Logf("%s:%d", p, c.Line)
				serveCorpusCase(t, c)
			})
		}
	}
	if n < 50 {
		t.Errorf("only %d sites were served", n)
	}
}

func serveCorpusCase(t *testing.T, c asptest.Case) {
	errs := &pageErrors{}
	site := fstest.MapFS{}
	for name, text := range c.Site() {
		site[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := newServed(t, Config{FS: site}, errs.attach)
	w, _ := s.record(c.Request())
	if msg := c.CompareFailure(errs.first()); msg != "" {
		t.Fatal(msg)
	}
	if len(c.Wants) > 0 {
		return
	}
	if msg := c.CompareAnswer(asptest.Answer{Status: fmt.Sprint(w.Code), Header: w.Header(), Body: w.Body.Bytes()}); msg != "" {
		t.Error(msg)
	}
}
