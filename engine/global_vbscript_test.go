package engine

import (
	"strings"
	"testing"
)

// TestAVBScriptGlobalAsaIsLeftOut where that is set, loudly; other mistakes stay
// what they are, and so does it where nothing is set.
func TestAVBScriptGlobalAsaIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		global string
		status int
		ignore bool
	}{
		"by its language":  {`<script language="VBScript" runat="Server">Sub Application_OnStart` + "\n" + `End Sub</script>`, 200, true},
		"by its text":      {`<SCRIPT RUNAT=Server>` + "\nSub Application_OnStart\nApplication(\"a\") = 1\nEnd Sub</SCRIPT>", 200, true},
		"not set":          {`<script language="VBScript" runat="Server">x</script>`, 500, false},
		"another mistake":  {`<script runat="Server">function Application_OnStart() {</script>`, 500, true},
		"nothing is wrong": {`<script runat="Server">function Application_OnStart() {}</script>`, 200, true},
	} {
		s := serveSite(t, map[string]string{"global.asa": tt.global, "default.asp": `<%= Application.Contents.Count %>`}, func(c *Config) {
			c.IgnoreVBScriptGlobal = tt.ignore
		})
		r := s.get("/")
		if r.Status != tt.status || tt.status == 200 && string(r.Body) != "0" {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
		s.log.mu.Lock()
		lines := strings.Join(s.log.lines, "\n")
		s.log.mu.Unlock()
		if said := strings.Contains(lines, "ERROR global.asa is VBScript and is left out"); said != (tt.status == 200 && name != "nothing is wrong") {
			t.Errorf("%s: the log says %s", name, lines)
		}
	}
}
