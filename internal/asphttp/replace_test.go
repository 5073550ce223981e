package asphttp

import (
	"strings"
	"testing"

	"github.com/najahost/naja/internal/codepage"
)

func TestReplacePutsAnotherPageInPlace(t *testing.T) {
	latin, _ := codepage.Lookup(1252)
	r := NewResponse(ResponseConfig{Buffering: true, Limit: 10, CodePage: latin})
	must(t, r.WriteString("half"), r.AddHeader("X-A", "1"), r.Cookies().Set("c", "1"))
	page := strings.Repeat("é漢", 100)
	must(t, r.Replace("500 Internal Server Error", page))
	status, _, h := r.Prepare()
	if status != 500 || string(r.Body()) != page || h.Get("Content-Type") != "text/html; charset=utf-8" || len(h) != 2 {
		t.Errorf("%d %v %q", status, h, r.Body())
	}
	wantCode(t, "after the header", r.Replace("500", "x"), 156)
}
