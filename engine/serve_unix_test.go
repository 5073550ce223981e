//go:build unix

package engine

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestNoSourceMapIsOpened: the last line of a page, or of a text given to
// eval, can make the script engine open files; a FIFO would hold it for ever.
func TestNoSourceMapIsOpened(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "map")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip(err)
	}
	s := serveSite(t, map[string]string{
		"page.asp":     "<% var x = 1\n//# sourceMappingURL=file://" + fifo + "\n%>",
		"script.asp":   "<script runat=server>\n//# sourceMappingURL=" + fifo + "\n</script>",
		"eval.asp":     `<%= eval("1\n//# sourceMappingURL=file://` + fifo + `") %>`,
		"indirect.asp": `<%= (0, eval)("1\n//# sourceMappingURL=file://` + fifo + `") %>`,
		"function.asp": `<%= new Function("return 1\n//# sourceMappingURL=file://` + fifo + `")() %>`,
		"hidden.asp":   `<% var e = [].map.constructor; %><%= e("return 1\n//# sourceMappingURL=file://` + fifo + `")() %>`,
	}, func(c *Config) { c.ScriptTimeout = 20 * time.Second })
	for target, body := range map[string]string{
		"/page.asp": "", "/script.asp": "", "/eval.asp": "1", "/indirect.asp": "1", "/function.asp": "1", "/hidden.asp": "1",
	} {
		want(t, s.get(target), 200, body)
	}
}
