package asphttp

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// dump writes a collection down: "a=[1 2] B=[3]".
func dump(v *Values) string {
	var parts []string
	for i := 1; i <= v.Len(); i++ {
		name, _ := v.Key(i)
		parts = append(parts, fmt.Sprintf("%s=%q", name, v.At(i)))
	}
	return strings.Join(parts, " ")
}

func TestParseQuery(t *testing.T) {
	tests := []struct {
		number    int
		raw, want string
	}{
		{65001, "", ""},
		{65001, "a=1&t=x&t=y", `a=["1"] t=["x" "y"]`},
		{65001, "a=1;b=2", `a=["1;b=2"]`},
		{65001, "A=1&a=2&B=3", `A=["1" "2"] B=["3"]`},
		{65001, "a=b=c", `a=["b=c"]`},
		{65001, "a", `a=[""]`},
		{65001, "&&a=1&&", `a=["1"]`},
		{65001, "=1&=2", `=["1" "2"]`},
		{65001, "a+b=c+d", `a b=["c d"]`},
		{65001, "a=%41%2b%20", `a=["A+ "]`},
		{65001, "a=%", `a=["%"]`},
		{65001, "a=%4", `a=["%4"]`},
		{65001, "a=%zz%4z%G1", `a=["%zz%4z%G1"]`},
		{65001, "a=%%41", `a=["%A"]`},
		{65001, "a=%u0416%u041f", `a=["ЖП"]`},
		{65001, "a=x%U00e9+%c3%a9", `a=["xé é"]`},
		{65001, "a=%uD83D%uDE00!", `a=["😀!"]`},
		{65001, "a=%uD83Dx%uDE00", `a=["�x�"]`},
		{65001, "a=%uD83D%u0041", `a=["�A"]`},
		{65001, "a=%u041", `a=["%u041"]`},
		{65001, "a=%e9", `a=["�"]`},
		{65001, "a=é", `a=["é"]`},
		{65001, "a=\xe9", `a=["�"]`},
		{65001, "a=%00%0d%0a", `a=["\x00\r\n"]`},
		{1252, "caf%e9=%80&x=\xe9", `café=["€"] x=["é"]`},
		{1252, "a=%e9%u20ac%e9", `a=["é€é"]`},
		{932, "a=%93%fa%96%7b", `a=["日本"]`},
		{949, "a=%C7%D1%B1%DB", `a=["한글"]`},
		{949, "a=\xc7\xd1", `a=["한"]`},
		{65001, "__proto__=1&constructor=2&length=3&Count=4", `__proto__=["1"] constructor=["2"] length=["3"] Count=["4"]`},
	}
	for _, tt := range tests {
		v, err := ParseQuery(tt.raw, codePage(t, tt.number), FormLimits{})
		if err != nil || dump(v) != tt.want || v.Raw() != tt.raw {
			t.Errorf("%d %q:\n got  %s, %v\n want %s", tt.number, tt.raw, dump(v), err, tt.want)
		}
	}
}

func TestValues(t *testing.T) {
	v, err := ParseQuery("Pick=1&x=a&PICK=2", nil, FormLimits{})
	must(t, err)
	if v.Len() != 2 || v.Text("pick") != "1, 2" || !v.Has("X") || v.Has("y") || v.Get("y") != nil || v.Text("y") != "" {
		t.Error(dump(v))
	}
	for i, want := range []string{"", "Pick", "x", ""} {
		if got, ok := v.Key(i); got != want || ok != (want != "") {
			t.Errorf("Key(%d) is %q", i, got)
		}
	}
	if v.At(0) != nil || v.At(3) != nil || v.At(1)[1] != "2" {
		t.Error("At")
	}
	var none *Values
	if none.Len() != 0 || none.Has("x") || none.Get("x") != nil || none.Raw() != "" || none.At(1) != nil {
		t.Error("a nil collection isn't empty")
	}
}

func TestValuesOfManyNames(t *testing.T) {
	var raw strings.Builder
	for i := range 500 {
		fmt.Fprintf(&raw, "Name%d=%d&", i, i)
	}
	raw.WriteString("NAME7=again&É=x&é=y")
	v, err := ParseQuery(raw.String(), nil, FormLimits{})
	must(t, err)
	if v.Len() != 501 || v.Text("name7") != "7, again" || v.Text("NAME499") != "499" || v.Text("é") != "x, y" {
		t.Errorf("%d names, %q, %q", v.Len(), v.Text("name7"), v.Text("é"))
	}
}

func TestQueryLimits(t *testing.T) {
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "k%d=1&", i)
		}
		return b.String()
	}
	tests := []struct {
		raw     string
		limits  FormLimits
		setting string
	}{
		{keys(1000), FormLimits{}, ""},
		{keys(1001), FormLimits{}, "max_form_fields"},
		{strings.Repeat("a=1&", 1001), FormLimits{}, "max_form_fields"},
		{strings.Repeat("&", 1001), FormLimits{}, ""},
		{"a=1&b=2", FormLimits{MaxFields: 1}, "max_form_fields"},
		{strings.Repeat("a=1&", 1001), FormLimits{MaxFields: -1}, ""},
		{"a=" + strings.Repeat("x", 102400), FormLimits{}, ""},
		{"a=" + strings.Repeat("x", 102401), FormLimits{}, "max_form_field_size"},
		{"a=12345&b=1", FormLimits{MaxFieldSize: 4}, "max_form_field_size"},
		{"a=1&b=12345", FormLimits{MaxFieldSize: 4}, "max_form_field_size"},
		{"a=" + strings.Repeat("x", 1<<20), FormLimits{MaxFieldSize: -1}, ""},
		{strings.Repeat("x", 102401), FormLimits{}, ""},
	}
	for _, tt := range tests {
		_, err := ParseQuery(tt.raw, nil, tt.limits)
		checked := checkFields(tt.limits, tt.raw, strings.Count(tt.raw, "&")+1)
		for _, err := range []error{err, checked} {
			limit, ok := errors.AsType[*LimitError](err)
			switch {
			case tt.setting == "" && err != nil:
				t.Errorf("%.20q %+v: %v", tt.raw, tt.limits, err)
			case tt.setting != "" && (!ok || limit.Setting != tt.setting || limit.Status != 413 || limit.Limit <= 0):
				t.Errorf("%.20q %+v: %v, want %s", tt.raw, tt.limits, err, tt.setting)
			}
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"a=1&b=2", "a=1;b", "%u0041=%u", "+%zz", "=&=&", "%uD83D%uDE00", "é=%e9", "a=%93%fa"} {
		f.Add(s, 65001)
		f.Add(s, 932)
		f.Add(s, 1252)
	}
	f.Fuzz(func(t *testing.T, raw string, number int) {
		limits := FormLimits{MaxFields: 50, MaxFieldSize: 200}
		v, err := ParseQuery(raw, codePageOrUTF8(number), limits)
		if (err == nil) != (checkFields(limits, raw, strings.Count(raw, "&")+1) == nil) {
			t.Fatalf("%q: the check and the parser disagree: %v", raw, err)
		}
		total := 0
		for i := 1; i <= v.Len(); i++ {
			name, _ := v.Key(i)
			if !utf8.ValidString(name) || len(v.Get(name)) == 0 || &v.Get(name)[0] != &v.At(i)[0] {
				t.Fatalf("%q: %q", raw, name)
			}
			for _, value := range v.At(i) {
				if !utf8.ValidString(value) {
					t.Fatalf("%q: %q is no UTF-8", raw, value)
				}
				total++
			}
		}
		if total > limits.MaxFields {
			t.Fatalf("%d values", total)
		}
	})
}
