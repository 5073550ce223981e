package engine

import "testing"

// TestTypeLibrariesOfGlobalAsa: every page and event has their constants.
func TestTypeLibrariesOfGlobalAsa(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{
		"global.asa": `<!--METADATA TYPE="typelib" FILE="c:\\windows\\scrrun.dll"--><script runat=server>function Application_OnStart() { Application("mode") = ForAppending }</script>`,
		"page.asp":   `<!--METADATA TYPE="typelib" UUID="00000205-0000-0010-8000-00AA006D2EA4"--><%= Application("mode") %> <%= ForReading %> <%= adOpenStatic %>`,
		"other.asp":  `<%= TextCompare %> <%= typeof adOpenStatic %>`,
	})
	want(t, s.get("/page.asp"), 200, "8 1 3")
	want(t, s.get("/other.asp"), 200, "1 undefined")
}
