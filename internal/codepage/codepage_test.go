package codepage

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDecodeAndEncode(t *testing.T) {
	tests := []struct {
		number int
		bytes  string
		text   string
	}{
		{65001, "h\xc3\xa9", "hé"},
		{1250, "\xb9\xe6\xea", "ąćę"},
		{1251, "\xcf\xf0\xe8", "При"},
		{1252, "\x80 \xe9", "€ é"},
		{1253, "\xe1\xe2", "αβ"},
		{1254, "\xfe\xf0", "şğ"},
		{1255, "\xe0\xe1", "אב"},
		{1256, "\xc7\xc8", "اب"},
		{1257, "\xe0\xe8", "ąč"},
		{1258, "\xd0\xf5", "Đơ"},
		{874, "\xa1\xa2", "กข"},
		{932, "\x93\xfa\x96\x7b\\", "日本\\"},
		{936, "\xd6\xd0\xce\xc4", "中文"},
		{949, "\xc7\xd1\xb1\xdb", "한글"},
		{949, "\x8c\x63", "똠"}, // only in the unified table, not in plain EUC-KR
		{950, "\xa4\xa4\xa4\xe5", "中文"},
		{20866, "\xf0\xd2", "Пр"},
		{21866, "\xa4\xa6", "єі"},
		{28591, "\xe9\x85", "é\u0085"},
		{28592, "\xb1", "ą"},
		{28605, "\xa4", "€"},
		{54936, "\xd6\xd0", "中"},
		{51932, "\xc6\xfc", "日"},
		{866, "\x8f", "П"},
		{1200, "a\x00\xac\x20", "a€"},
		{1201, "\x00a\x20\xac", "a€"},
		{1200, "\x3d\xd8\x00\xde", "😀"},
	}
	for _, tt := range tests {
		c, ok := Lookup(tt.number)
		if !ok {
			t.Errorf("%d is unknown", tt.number)
			continue
		}
		if got, ok := c.Decode([]byte(tt.bytes)); got != tt.text || !ok {
			t.Errorf("%v decodes %q to %q, %v", c, tt.bytes, got, ok)
		}
		if got := c.DecodeString(tt.bytes); got != tt.text {
			t.Errorf("%v decodes the string %q to %q", c, tt.bytes, got)
		}
		if got := c.Encode([]byte("x"), tt.text); string(got) != "x"+tt.bytes {
			t.Errorf("%v encodes %q to %q", c, tt.text, got)
		}
	}
}

func TestUndecodableBytesAreReported(t *testing.T) {
	tests := []struct {
		number      int
		bytes, want string
	}{
		{65001, "a\xffb", "a\uFFFDb"},
		{20127, "a\xe9", "a\uFFFD"},
		{1253, "\xaa", "\uFFFD"},
		{932, "a\x81", "a\uFFFD"},
		{949, "\xff", "\uFFFD"},
		{1200, "a\x00b", "a\uFFFD"},
		{1200, "\x00\xd8", "\uFFFD"},
	}
	for _, tt := range tests {
		c, _ := Lookup(tt.number)
		if got, ok := c.Decode([]byte(tt.bytes)); ok || got != tt.want {
			t.Errorf("%v decodes %q to %q, %v", c, tt.bytes, got, ok)
		}
	}
}

// TestBytesWithoutALetter holds what golang.org/x/text v0.43.0 leaves out: of the bytes 0x80 to 0x9F those that have
// no letter are the controls of their number in each of the WHATWG's single-byte encodings (encoding.spec.whatwg.org,
// the indexes), and come back.
func TestBytesWithoutALetter(t *testing.T) {
	for number, holes := range map[int]string{
		1250:  "\x81\x83\x88\x90\x98",
		1251:  "\x98",
		1252:  "\x81\x8D\x8F\x90\x9D",
		1253:  "\x81\x88\x8A\x8C\x8D\x8E\x8F\x90\x98\x9A\x9C\x9D\x9E\x9F",
		1254:  "\x81\x8D\x8E\x8F\x90\x9D\x9E",
		1255:  "\x81\x8A\x8C\x8D\x8E\x8F\x90\x9A\x9C\x9D\x9E\x9F",
		1256:  "",
		1257:  "\x81\x83\x88\x8A\x8C\x90\x98\x9A\x9C\x9F",
		1258:  "\x81\x8A\x8D\x8E\x8F\x90\x9A\x9D\x9E",
		874:   "\x81\x82\x83\x84\x86\x87\x88\x89\x8A\x8B\x8C\x8D\x8E\x8F\x90\x98\x99\x9A\x9B\x9C\x9D\x9E\x9F",
		20866: "",
	} {
		c, _ := Lookup(number)
		var controls string
		for _, b := range []byte(holes) {
			controls += string(rune(b))
		}
		if got, ok := c.Decode([]byte(holes)); got != controls || !ok {
			t.Errorf("%v decodes its holes to %q, %v", c, got, ok)
		}
		found := ""
		for b := 0x80; b <= 0x9F; b++ {
			text, ok := c.Decode([]byte{byte(b)})
			if back := c.Encode(nil, text); !ok || string(back) != string([]byte{byte(b)}) {
				t.Errorf("%v: %#x is %q and comes back as %q", c, b, text, back)
			}
			if text == string(rune(b)) {
				found += string([]byte{byte(b)})
			}
		}
		if found != holes {
			t.Errorf("%v has the controls %q", c, found)
		}
	}
	for n, c := range pages { // the ISO ones have all 32
		if n < 28591 || n > 28605 {
			continue
		}
		if text, ok := c.Decode([]byte("\x80\x9f")); text != "\u0080\u009f" || !ok {
			t.Errorf("%v: %q, %v", c, text, ok)
		}
	}
	c, _ := Lookup(1252)
	if got := string(c.Encode(nil, "\u0080\u0085\u0081")); got != "??\x81" { // the first two have letters in their places
		t.Errorf("%q", got)
	}
}

func TestUnmappableCharactersBecomeQuestionMarks(t *testing.T) {
	for _, n := range []int{1252, 932, 936, 949, 950, 28591, 20127, 874} {
		c, _ := Lookup(n)
		if got := string(c.Encode(nil, "a😀b\u0b95c")); got != "a?b?c" {
			t.Errorf("%v: %q", c, got)
		}
	}
	// No mapping may produce a line end: U+010A and U+560A end in the byte 0x0A.
	for n, c := range pages {
		if !c.ASCIICompatible() {
			continue
		}
		if got := c.Encode(nil, "\u010a\u560a\u560d"); bytes.ContainsAny(got, "\r\n\x00") {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestEncodeGrowsItsBuffer(t *testing.T) {
	c, _ := Lookup(949)
	text := strings.Repeat("한글 text ", 5000)
	got, ok := c.Decode(c.Encode(nil, text))
	if !ok || got != text {
		t.Errorf("%d bytes came back from %d", len(got), len(text))
	}
}

func TestNilIsUTF8(t *testing.T) {
	var c *CodePage
	if c.Number() != 65001 || c.Charset() != "utf-8" || !c.IsUTF8() || c.SingleByte() || !c.ASCIICompatible() ||
		c.HTMLContentType() != "text/html; charset=utf-8" || c.String() != "65001 (utf-8)" {
		t.Errorf("nil is %v", c)
	}
	if got := c.Encode(nil, "é"); string(got) != "é" {
		t.Errorf("%q", got)
	}
}

func TestLookupCharset(t *testing.T) {
	for name, want := range map[string]int{
		"UTF-8": 65001, " utf8 ": 65001, "Windows-1251": 1251, "cp1252": 1252, "ISO-8859-1": 28591, "latin1": 28591,
		"gb2312": 936, "ks_c_5601-1987": 949, "EUC-KR": 949, "Shift_JIS": 932, "big5": 950, "koi8-r": 20866, "us-ascii": 20127,
	} {
		if c, ok := LookupCharset(name); !ok || c.Number() != want {
			t.Errorf("%q is %v, %v", name, c, ok)
		}
	}
	for _, name := range []string{"", "utf-7", "nope", "windows-"} {
		if c, ok := LookupCharset(name); ok {
			t.Errorf("%q is %v", name, c)
		}
	}
	for n, c := range pages {
		if got, ok := LookupCharset(c.Charset()); !ok || got != c || c.Number() != n {
			t.Errorf("%v isn't found by its own name", c)
		}
	}
}

func TestDetectBOM(t *testing.T) {
	for in, want := range map[string]string{
		"\xEF\xBB\xBFa": "65001:a", "\xFF\xFEa\x00": "1200:a\x00", "\xFE\xFF\x00a": "1201:\x00a",
		"a": "0:a", "": "0:", "\xEF\xBB": "0:\xEF\xBB",
	} {
		c, rest := DetectBOM([]byte(in))
		n := 0
		if c != nil {
			n = c.Number()
		}
		if got := fmt.Sprintf("%d:%s", n, rest); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestASCIICostsNothing(t *testing.T) {
	c, _ := Lookup(1252)
	dst := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { dst = c.Encode(dst[:0], "plain text, café"); _ = c.DecodeString("plain") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzDecode(f *testing.F) {
	for n := range pages {
		f.Add(n, []byte("a\x81\x40\xff\xfe\x00é한"))
	}
	f.Fuzz(func(t *testing.T, n int, b []byte) {
		c, ok := Lookup(n)
		if !ok {
			t.Skip()
		}
		s, ok := c.Decode(b)
		if !utf8.ValidString(s) {
			t.Fatalf("%v: %q is no UTF-8", c, s)
		}
		if c.ASCIICompatible() && ok {
			if again, _ := c.Decode(c.Encode(nil, s)); len(again) == 0 && len(s) > 0 {
				t.Fatalf("%v: %q was lost", c, s)
			}
		}
	})
}
