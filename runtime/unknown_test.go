package runtime

import (
	"fmt"
	"testing"
)

// TestUnknownMembersAreReported is what naja check warns of.
func TestUnknownMembersAreReported(t *testing.T) {
	page := "<% Response.Wrte('x');\nif (Session.Nonsense) Request.Form.Cuont; Response.toString(); Response.Write(1); var o = { Wrte: 1 }; o.Wrte %>"
	c := NewCompiler(CompilerConfig{})
	prog, errs := c.Check("page.asp", sources{"page.asp": page}, false)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := "[{{page.asp 1 13} Response.Wrte Response.Write} {{page.asp 2 13} Session.Nonsense } {{page.asp 2 36} Request.Form.Cuont Request.Form.Count}]"
	if got := fmt.Sprint(c.Report(prog).Unknown); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
