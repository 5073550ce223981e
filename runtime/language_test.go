package runtime

import "testing"

func TestNamesOfTheLanguage(t *testing.T) {
	for language, spoken := range map[string]bool{
		"JavaScript": true, "JSCRIPT": true, "javascript1.2": true, "JScript 5.8": true, "jscript.5": true, "LiveScript": true,
		"ecmascript": true, "ECMAScript 3": true, "JScript.Encode": true, "jscript.compact 5": true, " JScript ": true,
		"": false, "VBScript": false, "VBScript.Encode": false, "JScript.Net": false, "LiveScripts": false, "java": false, "PerlScript": false,
	} {
		if got := (javaScript{}).Speaks(language); got != spoken {
			t.Errorf("%q: %t", language, got)
		}
	}
	for _, page := range []string{`<%@ Language="LiveScript" %><%= 1 %>`, `<%@ Language=JScript.Encode %><script runat=server language=ECMAScript>Response.Write(1)</script>`} {
		if body, _, err := runFiles(t, map[string][]byte{"page.asp": []byte(page)}, 0, "/page.asp"); err != nil || string(body) != "1" {
			t.Errorf("%s: %s, %v", page, body, err)
		}
	}
}

// TestTypeLibrariesThatAreNotKnown are what naja check warns of.
func TestTypeLibrariesThatAreNotKnown(t *testing.T) {
	page := "<p>\n" + `<!--METADATA TYPE="typelib" FILE="c:\x\msado20.tlb"--><!--METADATA TYPE="typelib" FILE="c:\x\excel.olb"-->`
	prog, err := NewCompiler(CompilerConfig{}).Compile("page.asp", sources{"page.asp": page})
	if err != nil {
		t.Fatal(err)
	}
	w := prog.Warnings()
	if len(w) != 1 || w[0].Line != 2 || w[0].Message != `the type library c:\x\excel.olb isn't known here: its constants are not defined` {
		t.Errorf("%+v", w)
	}
}
