package codepage

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// pages is every code page this project knows; never changed.
var pages = map[int]*CodePage{
	utf8Number:    UTF8,
	asciiNumber:   newCodePage(asciiNumber, "us-ascii", nil, nil),
	utf16LENumber: newCodePage(utf16LENumber, "utf-16le", nil, nil),
	utf16BENumber: newCodePage(utf16BENumber, "utf-16be", nil, nil),

	437: newCodePage(437, "ibm437", charmap.CodePage437, nil),
	850: newCodePage(850, "ibm850", charmap.CodePage850, nil),
	852: newCodePage(852, "ibm852", charmap.CodePage852, nil),
	866: newCodePage(866, "ibm866", charmap.CodePage866, nil),
	874: newCodePage(874, "windows-874", charmap.Windows874, nil),

	1250: newCodePage(1250, "windows-1250", charmap.Windows1250, nil),
	1251: newCodePage(1251, "windows-1251", charmap.Windows1251, nil),
	1252: newCodePage(1252, "windows-1252", charmap.Windows1252, nil),
	1253: newCodePage(1253, "windows-1253", charmap.Windows1253, nil),
	1254: newCodePage(1254, "windows-1254", charmap.Windows1254, nil),
	1255: newCodePage(1255, "windows-1255", charmap.Windows1255, nil),
	1256: newCodePage(1256, "windows-1256", charmap.Windows1256, nil),
	1257: newCodePage(1257, "windows-1257", charmap.Windows1257, nil),
	1258: newCodePage(1258, "windows-1258", charmap.Windows1258, nil),

	20866: newCodePage(20866, "koi8-r", charmap.KOI8R, nil),
	21866: newCodePage(21866, "koi8-u", charmap.KOI8U, nil),

	28591: newCodePage(28591, "iso-8859-1", charmap.ISO8859_1, nil),
	28592: newCodePage(28592, "iso-8859-2", charmap.ISO8859_2, nil),
	28593: newCodePage(28593, "iso-8859-3", charmap.ISO8859_3, nil),
	28594: newCodePage(28594, "iso-8859-4", charmap.ISO8859_4, nil),
	28595: newCodePage(28595, "iso-8859-5", charmap.ISO8859_5, nil),
	28596: newCodePage(28596, "iso-8859-6", charmap.ISO8859_6, nil),
	28597: newCodePage(28597, "iso-8859-7", charmap.ISO8859_7, nil),
	28598: newCodePage(28598, "iso-8859-8", charmap.ISO8859_8, nil),
	28599: newCodePage(28599, "iso-8859-9", charmap.ISO8859_9, nil),
	28600: newCodePage(28600, "iso-8859-10", charmap.ISO8859_10, nil),
	28603: newCodePage(28603, "iso-8859-13", charmap.ISO8859_13, nil),
	28604: newCodePage(28604, "iso-8859-14", charmap.ISO8859_14, nil),
	28605: newCodePage(28605, "iso-8859-15", charmap.ISO8859_15, nil),

	932:   newCodePage(932, "shift_jis", nil, japanese.ShiftJIS),
	936:   newCodePage(936, "gbk", nil, simplifiedchinese.GBK),
	949:   newCodePage(949, "euc-kr", nil, korean.EUCKR),
	950:   newCodePage(950, "big5", nil, traditionalchinese.Big5),
	51932: newCodePage(51932, "euc-jp", nil, japanese.EUCJP),
	54936: newCodePage(54936, "gb18030", nil, simplifiedchinese.GB18030),
}

// aliases are the names pages use besides the preferred one, in lower case.
var aliases = map[string]int{
	"utf8": utf8Number, "unicode-1-1-utf-8": utf8Number, "x-unicode20utf8": utf8Number,
	"utf-16": utf16LENumber, "unicode": utf16LENumber, "unicodefffe": utf16BENumber,
	"ascii": asciiNumber, "ansi_x3.4-1968": asciiNumber, "iso646-us": asciiNumber,
	"latin1": 28591, "latin-1": 28591, "iso8859-1": 28591, "iso_8859-1": 28591, "l1": 28591,
	"latin2": 28592, "latin9": 28605, "iso-8859-8-i": 28598,
	"tis-620": 874, "x-cp874": 874, "dos-874": 874, "iso-8859-11": 874,
	"sjis": 932, "shift-jis": 932, "x-sjis": 932, "ms_kanji": 932, "windows-31j": 932, "ms932": 932,
	"gb2312": 936, "gb_2312-80": 936, "x-gbk": 936, "chinese": 936, "ms936": 936,
	"ks_c_5601-1987": 949, "ks_c_5601": 949, "ksc5601": 949, "korean": 949, "uhc": 949, "windows-949": 949, "ms949": 949,
	"big5-hkscs": 950, "x-x-big5": 950, "ms950": 950,
	"koi8": 20866, "koi": 20866, "x-euc-jp": 51932,
}

// Lookup finds a code page by its Windows number: 1250–1258, 874, 932, 936, 949, 950, 65001, 28591–28600 and
// 28603–28605 (ISO-8859), 20866 and 21866 (KOI8), 20127 (ASCII), 437, 850, 852, 866 (DOS), 51932 (EUC-JP),
// 54936 (GB18030), 1200 and 1201 (UTF-16).
func Lookup(number int) (*CodePage, bool) {
	c, ok := pages[number]
	return c, ok
}

// LookupCharset finds a code page by a charset's name, in any case.
func LookupCharset(name string) (*CodePage, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	if n, ok := aliases[name]; ok {
		return Lookup(n)
	}
	if n, ok := strings.CutPrefix(name, "cp"); ok {
		name = "windows-" + n
	} else if n, ok := strings.CutPrefix(name, "x-cp"); ok {
		name = "windows-" + n
	}
	for _, c := range pages {
		if c.charset == name {
			return c, true
		}
	}
	return nil, false
}

// DetectBOM recognises the byte-order mark of UTF-8 and of both UTF-16, and cuts it off. Without a mark it returns
// nil and b itself: the caller's other rules decide then.
func DetectBOM(b []byte) (c *CodePage, rest []byte) {
	for _, bom := range [...]struct {
		mark   string
		number int
	}{{"\xEF\xBB\xBF", utf8Number}, {"\xFF\xFE", utf16LENumber}, {"\xFE\xFF", utf16BENumber}} {
		if rest, ok := bytes.CutPrefix(b, []byte(bom.mark)); ok {
			return pages[bom.number], rest
		}
	}
	return nil, b
}
