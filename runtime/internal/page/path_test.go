package page

import "testing"

func TestResolveFile(t *testing.T) {
	tests := []struct {
		from, name string
		parents    bool
		want       string
		bad        badPath
	}{
		{"page.asp", "a.inc", true, "a.inc", pathOK},
		{"x/page.asp", "a.inc", true, "x/a.inc", pathOK},
		{"x/y/page.asp", `..\..\inc\.\a.inc`, true, "inc/a.inc", pathOK},
		{"x/page.asp", "../../a.inc", true, "", pathParent},
		{"x/page.asp", "../../x/a.inc", true, "", pathParent},
		{"x/page.asp", "../a.inc", false, "", pathParent},
		{"x/page.asp", "..a/b...inc", false, "x/..a/b...inc", pathOK},
		{"x/page.asp", "a//b.inc", true, "x/a/b.inc", pathOK},
		{"x/page.asp", "..", true, "", pathInvalid},
		{"page.asp", ".", true, "", pathInvalid},
		{"page.asp", "c:/a.inc", true, "", pathInvalid},
		{"page.asp", "a\x00.inc", true, "", pathInvalid},
		{"page.asp", "\xff.inc", true, "", pathInvalid},
		{"page.asp", "ä.inc", true, "ä.inc", pathOK},
	}
	for _, tt := range tests {
		got, bad := resolveFile(tt.from, tt.name, tt.parents)
		if got != tt.want || bad != tt.bad {
			t.Errorf("%s in %s: got %q, %d", tt.name, tt.from, got, bad)
		}
	}
}

func TestResolveVirtual(t *testing.T) {
	tests := []struct {
		mount, name string
		parents     bool
		want        string
		bad         badPath
	}{
		{"", "/inc/a.inc", true, "inc/a.inc", pathOK},
		{"/", `\inc\a.inc`, true, "inc/a.inc", pathOK},
		{"/shop", "/shop/inc/a.inc", true, "inc/a.inc", pathOK},
		{"/shop/", "/Shop/inc/a.inc", true, "inc/a.inc", pathOK},
		{"/a/b", "/a/b/c.inc", true, "c.inc", pathOK},
		{"/a/b", "/a/c.inc", true, "a/c.inc", pathOK},
		{"/shop", "/shopping/a.inc", true, "shopping/a.inc", pathOK},
		{"/shop", "/inc/a.inc", true, "inc/a.inc", pathOK},
		{"/shop", "inc/a.inc", true, "inc/a.inc", pathOK},
		{"/shop", "/shop/x/../a.inc", true, "a.inc", pathOK},
		{"/shop", "/shop/../a.inc", true, "a.inc", pathOK},
		{"/shop", "/shop/../../a.inc", true, "", pathParent},
		{"/shop", "/shop/x/../a.inc", false, "", pathParent},
		{"/shop", "/", true, "", pathInvalid},
	}
	for _, tt := range tests {
		got, bad := resolveVirtual(tt.mount, tt.name, tt.parents)
		if got != tt.want || bad != tt.bad {
			t.Errorf("%s at %s: got %q, %d", tt.name, tt.mount, got, bad)
		}
	}
}
