package asptest

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.asp")
	text := "a comment\n=== one\na\nb   ### 0126:3: not .*\r\n-- inc/x.inc --\nc\n=== two\n-- z.asp --\nd ### 0129:"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := Read(t, path)
	if len(cases) != 2 {
		t.Fatalf("%d cases, want 2", len(cases))
	}
	one, two := cases[0], cases[1]
	if one.Name != "one" || one.Line != 2 || one.Files["page.asp"] != "a\nb\r\n" || one.Files["inc/x.inc"] != "c\n" {
		t.Errorf("first case is %+v", one)
	}
	if w := one.Wants[0]; w.File != "page.asp" || w.Line != 2 || w.Column != 3 || w.Code != "0126" || w.Pattern.String() != "not .*" {
		t.Errorf("first expectation is %+v", w)
	}
	if two.Files["z.asp"] != "d" || two.Wants[0].Code != "0129" || two.Wants[0].Line != 1 || two.Wants[0].Column != 0 {
		t.Errorf("second case is %+v", two)
	}
}
