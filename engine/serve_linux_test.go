package engine

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// TestNoSourceMapIsOpened: what a page, or a text given to eval, names as its
// source map isn't looked at. The system tells of each opening.
func TestNoSourceMapIsOpened(t *testing.T) {
	file := filepath.Join(t.TempDir(), "map")
	asptest.WriteFile(t, file, "{}")
	watch, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Skip(err)
	}
	defer syscall.Close(watch)
	if _, err := syscall.InotifyAddWatch(watch, file, syscall.IN_OPEN); err != nil {
		t.Fatal(err)
	}
	s := serveSite(t, map[string]string{
		"page.asp":     "<% var x = 1\n//# sourceMappingURL=file://" + file + "\n%>",
		"script.asp":   "<script runat=server>\n//# sourceMappingURL=" + file + "\n</script>",
		"eval.asp":     `<%= eval("1\n//# sourceMappingURL=file://` + file + `") %>`,
		"indirect.asp": `<%= (0, eval)("1\n//# sourceMappingURL=file://` + file + `") %>`,
		"function.asp": `<%= new Function("return 1\n//# sourceMappingURL=file://` + file + `")() %>`,
		"hidden.asp":   `<% var e = [].map.constructor; %><%= e("return 1\n//# sourceMappingURL=file://` + file + `")() %>`,
	})
	for target, body := range map[string]string{
		"/page.asp": "", "/script.asp": "", "/eval.asp": "1", "/indirect.asp": "1", "/function.asp": "1", "/hidden.asp": "1",
	} {
		want(t, s.get(target), 200, body)
		if n, err := syscall.Read(watch, make([]byte, 4096)); err != syscall.EAGAIN {
			t.Errorf("%s opened it: %d bytes, %v", target, n, err)
		}
	}
}
