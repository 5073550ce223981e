package page

import "testing"

func TestDefaultLanguage(t *testing.T) {
	for _, tt := range []struct{ page, setting, want string }{
		{"", "", "JavaScript"}, {"", "JScript", "JScript"}, {"<%@language=jscript%>", "JavaScript", "jscript"},
		{"<%@language=jscript%>", "VBScript", "jscript"}, {"", "VBScript", "error"},
	} {
		opt := testOptions
		if tt.setting != "" {
			opt.Language = tt.setting
		}
		u, err := Build("page.asp", files{"page.asp": tt.page}, opt)
		got := u.Directives.Language
		if err != nil {
			got = "error"
		}
		if got != tt.want {
			t.Errorf("%q where %q is set: %s, %v", tt.page, tt.setting, got, err)
		}
	}
}

func TestSniffCodePage(t *testing.T) {
	for _, tt := range []struct {
		raw  string
		want int
	}{
		{"", 0}, {"<%@ language=jscript %>", 0}, {"<%@ CODEPAGE=949 %>", 949},
		{"\xb0\xa1 <!--\xc5\xeb--><% a(\"\x81\x5c\") %><%@ language=jscript codepage=\"936\"%>", 936},
		{"<% '<%@ codepage=1 %>", 0}, {"<%@codepage=x%><%@codepage=1252%>", 1252}, {"<%@codepage=0%>", 0}, {"<%@ codepage=1252", 0},
	} {
		got, ok := SniffCodePage(tt.raw)
		if got != tt.want || ok != (tt.want != 0) {
			t.Errorf("%q: %d, %t", tt.raw, got, ok)
		}
	}
}
