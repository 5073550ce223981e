package runtime

import "testing"

func TestIsJavaScript(t *testing.T) {
	for language, want := range map[string]bool{
		"JavaScript": true, "JSCRIPT": true, "javascript1.2": true, "JScript 5.8": true, "jscript.5": true,
		"": false, "VBScript": false, "JScript.Encode": false, "ECMAScript": false, "java": false, "PerlScript": false,
	} {
		if got := speaks(language) != ""; got != want {
			t.Errorf("%q: %t", language, got)
		}
	}
}

func TestUsesSession(t *testing.T) {
	for script, want := range map[string]bool{
		`Response.Write("x")`:       false,
		`Session("x") = 1`:          true,
		`eval(s)`:                   true,
		`new Function(s)`:           true,
		`\u0053ession.Abandon()`:    true,
		`function f() { return 1 }`: false,
	} {
		p, err := NewCompiler(CompilerConfig{}).Compile("p.asp", mapLoader{"p.asp": {Data: []byte("Session, eval <%var s;" + script + "%>")}})
		if err != nil {
			t.Fatal(err)
		}
		if p.UsesSession() != want {
			t.Errorf("%s: %t, want %t", script, p.UsesSession(), want)
		}
	}
}
