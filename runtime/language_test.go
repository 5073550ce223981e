package runtime

import "testing"

func TestNamesOfTheLanguage(t *testing.T) {
	for language, spoken := range map[string]bool{
		"JavaScript": true, "JSCRIPT": true, "javascript1.2": true, "JScript 5.8": true, "jscript.5": true, "LiveScript": true,
		"ecmascript": true, "ECMAScript 3": true, "JScript.Encode": true, "jscript.compact 5": true, " JScript ": true,
		"": false, "VBScript": false, "VBScript.Encode": false, "JScript.Net": false, "LiveScripts": false, "java": false, "PerlScript": false,
	} {
		if got := speaks(language) != ""; got != spoken {
			t.Errorf("%q: %t", language, got)
		}
	}
	for _, page := range []string{`<%@ Language="LiveScript" %><%= 1 %>`, `<%@ Language=JScript.Encode %><script runat=server language=ECMAScript>Response.Write(1)</script>`} {
		if body, _, err := runFiles(t, map[string][]byte{"page.asp": []byte(page)}, 0, "/page.asp"); err != nil || string(body) != "1" {
			t.Errorf("%s: %s, %v", page, body, err)
		}
	}
}
