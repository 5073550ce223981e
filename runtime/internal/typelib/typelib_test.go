package typelib

import (
	"slices"
	"strings"
	"testing"
)

func TestConstantsAreSorted(t *testing.T) {
	for _, l := range libraries() {
		if !slices.IsSortedFunc(l.constants, func(a, b constant) int { return strings.Compare(a.name, b.name) }) || len(l.constants) < 10 {
			t.Errorf("%s: %d, not sorted", l.Name, len(l.constants))
		}
		for i, c := range l.constants {
			if i > 0 && l.constants[i-1].name == c.name {
				t.Errorf("%s: %s twice", l.Name, c.name)
			}
		}
	}
}

func TestFind(t *testing.T) {
	for _, tt := range []struct{ file, uuid, want string }{
		{`C:\Program Files\Common Files\System\ado\msado15.dll`, "", "ADODB"},
		{"msado21.tlb", "", "ADODB"},
		{"", "{00000205-0000-0010-8000-00aa006d2ea4}", "ADODB"},
		{"scrrun.dll", "", "Scripting"},
		{"c:/winnt/system32/SCRRUN.DLL", "", "Scripting"},
		{"cdosys.dll", "", "CDO"},
		{"cdoex.dll", "", "CDO"},
		{"cdonts.dll", "", "CDONTS"},
		{"cdosys.dll", "0E064ADD-9D99-11D0-ABE5-00AA0064D470", "CDONTS"},
		{"other.dll", "", ""},
		{"", "00000000-0000-0000-0000-000000000000", ""},
		{"", "", ""},
	} {
		got := ""
		if l := Find(tt.file, tt.uuid); l != nil {
			got = l.Name
		}
		if got != tt.want {
			t.Errorf("%q %q is %q, want %q", tt.file, tt.uuid, got, tt.want)
		}
	}
}

func TestConstants(t *testing.T) {
	for name, want := range map[string]any{"adOpenStatic": int32(3), "adCmdTableDirect": int32(512), "adXactUnspecified": int32(-1), "adSchemaTables": int32(20), "adVarWChar": int32(202), "adopenstatic": nil, "": nil} {
		if got, _ := Find("msado15.dll", "").Constant(name); got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if got, _ := Find("cdosys.dll", "").Constant("cdoSMTPServer"); got != "http://schemas.microsoft.com/cdo/configuration/smtpserver" {
		t.Error(got)
	}
}
