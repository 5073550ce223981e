package variant

import (
	"math"
	"strings"
	"testing"
	"time"
)

var negativeZero = math.Copysign(0, -1)

// shown is what a conversion gives, or its error.
func shown(v Value, err error) string {
	if err != nil {
		return err.Error()
	}
	s, err := v.ToString()
	if err != nil {
		return err.Error()
	}
	return v.TypeName() + " " + s
}

// TestChange: the numbers behind a line are those of the facts that the VBScript
// reference and Wine's tests of vbscript.dll and oleaut32.dll hold (CInt, CLng,
// CByte, CCur, CDate, CStr, CBool; vartype.c), which run on Windows too.
func TestChange(t *testing.T) {
	for _, c := range []struct {
		v    Value
		to   Kind
		want string
	}{
		// to even: CInt(0.5), CInt(1.5), CLng("-0.5"), CLng(2.5)
		{Double(0.5), KindInteger, "Integer 0"},
		{Double(1.5), KindInteger, "Integer 2"},
		{Double(2.5), KindLong, "Long 2"},
		{String("-0.5"), KindLong, "Long 0"},
		{Currency(25000), KindLong, "Long 2"},
		{Currency(35000), KindLong, "Long 4"},
		{Currency(-25000), KindLong, "Long -2"},
		{Currency(-35001), KindLong, "Long -4"},
		// limits: CInt(40000) is 6, CByte(256), CByte(-1), CLng(2147483647.5)
		{Long(40000), KindInteger, "overflow"},
		{Double(32767.4), KindInteger, "Integer 32767"},
		{Double(32767.5), KindInteger, "overflow"},
		{Long(256), KindByte, "overflow"},
		{Integer(-1), KindByte, "overflow"},
		{Double(2147483647.5), KindLong, "overflow"},
		{Double(1e300), KindLong, "overflow"},
		{Double(math.NaN()), KindLong, "overflow"},
		{Double(1e300), KindSingle, "overflow"},
		{LongLong(math.MaxInt64), KindCurrency, "overflow"},
		{Double(9.3e14), KindCurrency, "overflow"},
		// True is -1 ([MS-OAUT] 2.2.27: VARIANT_TRUE is 0xFFFF)
		{Bool(true), KindInteger, "Integer -1"},
		{Bool(true), KindDouble, "Double -1"},
		{Bool(true), KindByte, "overflow"},
		{Bool(true), KindCurrency, "Currency -1"},
		{Bool(true), KindString, "String True"},
		{Bool(false), KindString, "String False"},
		// absent
		{Empty, KindString, "String "},
		{Empty, KindInteger, "Integer 0"},
		{Empty, KindBoolean, "Boolean False"},
		{Empty, KindDate, "Date 12:00:00 AM"},
		{Null, KindString, "type mismatch"},
		{Null, KindLong, "type mismatch"},
		{Missing, KindString, "type mismatch"},
		{Nothing, KindLong, "type mismatch"},
		{Error(Fail), KindLong, "type mismatch"},
		{OfArray(List()), KindString, "type mismatch"},
		{Bytes(nil), KindString, "type mismatch"},
		{Object(&thing{}), KindString, "type mismatch"},
		{Long(1), KindArray, "type mismatch"},
		// text to number: CInt("") is 13
		{String(""), KindInteger, "type mismatch"},
		{String("abc"), KindDouble, "type mismatch"},
		{String("  12 "), KindLong, "Long 12"},
		{String("1,234.5"), KindDouble, "Double 1234.5"},
		{String("1e3"), KindDouble, "Double 1000"},
		{String("1D-2"), KindDouble, "Double 0.01"},
		{String("$5.25"), KindCurrency, "Currency 5.25"},
		{String("-$5"), KindDouble, "Double -5"},
		{String("(5)"), KindDouble, "Double -5"},
		{String("5-"), KindDouble, "Double -5"},
		{String("(-5)"), KindDouble, "type mismatch"},
		{String("1.2.3"), KindDouble, "type mismatch"},
		{String("1e"), KindDouble, "type mismatch"},
		{String("1e+"), KindDouble, "type mismatch"},
		{String("Infinity"), KindDouble, "type mismatch"},
		{String("nan"), KindDouble, "type mismatch"},
		{String("0x10"), KindDouble, "type mismatch"},
		{String("1_000"), KindDouble, "type mismatch"},
		{String("1e999"), KindDouble, "overflow"},
		{String("&H10"), KindLong, "Long 16"},
		{String("&hFFFF"), KindLong, "Long -1"},
		{String("&HFFFFFFFF"), KindLong, "Long -1"},
		{String("&H123456789"), KindLong, "overflow"},
		{String("&O17"), KindLong, "Long 15"},
		{String("&X1"), KindLong, "type mismatch"},
		// text to Boolean
		{String("True"), KindBoolean, "Boolean True"},
		{String("fALSE"), KindBoolean, "Boolean False"},
		{String("#TRUE#"), KindBoolean, "Boolean True"},
		{String("0"), KindBoolean, "Boolean False"},
		{String("yes"), KindBoolean, "type mismatch"},
		{Double(0.1), KindBoolean, "Boolean True"},
		// number to text: %.15G and %.7G
		{Double(0.1 + 0.2), KindString, "String 0.3"},
		{Double(1e15), KindString, "String 1E+15"},
		{Double(123456789012345), KindString, "String 123456789012345"},
		{Double(0.0001), KindString, "String 0.0001"},
		{Double(0.00001), KindString, "String 1E-05"},
		{Double(1.5e-7), KindString, "String 1.5E-07"},
		{Double(1e100), KindString, "String 1E+100"},
		{Double(negativeZero), KindString, "String 0"},
		{Double(1.0 / 3), KindString, "String 0.333333333333333"},
		{Double(999999999999999.9), KindString, "String 1E+15"},
		{Single(0.1), KindString, "String 0.1"},
		{Single(1.0 / 3), KindString, "String 0.3333333"},
		{Byte(7), KindString, "String 7"},
		{LongLong(math.MinInt64), KindString, "String -9223372036854775808"},
		{Double(math.Inf(1)), KindString, "String 1.#INF"},
		// currency, exact
		{Currency(15000), KindString, "String 1.5"},
		{Currency(-1), KindString, "String -0.0001"},
		{Currency(math.MaxInt64), KindString, "String 922337203685477.5807"},
		{Currency(math.MinInt64), KindString, "String -922337203685477.5808"},
		{String("922337203685477.5807"), KindCurrency, "Currency 922337203685477.5807"},
		{String("922337203685477.5808"), KindCurrency, "overflow"},
		{String("0.00005"), KindCurrency, "Currency 0"},
		{String("0.00015"), KindCurrency, "Currency 0.0002"},
		{String("-0.00015"), KindCurrency, "Currency -0.0002"},
		{String("-0.00005"), KindCurrency, "Currency 0"},
		{String("1e999999999"), KindCurrency, "overflow"},
		{String("1e-999999999"), KindCurrency, "Currency 0"},
		{Double(1.0 / 32), KindCurrency, "Currency 0.0312"},
		{Double(3.0 / 32), KindCurrency, "Currency 0.0938"},
		{String("&HFF"), KindCurrency, "Currency 255"},
		// scripts by their language
		{OfScript(&script{text: "mine"}), KindString, "String mine"},
		{OfScript(&script{text: "fails"}), KindString, "thrown"},
		{OfScript(&script{}), KindDouble, "Double 42"},
		{OfScript(&script{}), KindBoolean, "Boolean True"},
	} {
		if got := shown(c.v.Change(c.to)); got != c.want {
			t.Errorf("%s %v as kind %d: %s, want %s", c.v.TypeName(), c.v, c.to, got, c.want)
		}
		if slot := c.v; shown(ByRef(&slot).Change(c.to)) != c.want {
			t.Errorf("%v ByRef as kind %d isn't the same", c.v, c.to)
		}
	}
}

// TestShortcuts: the methods are Change.
func TestShortcuts(t *testing.T) {
	if n, err := Double(2.5).ToLong(); n != 2 || err != nil {
		t.Error("ToLong", n, err)
	}
	if n, err := String("-32768").ToInteger(); n != -32768 || err != nil {
		t.Error("ToInteger", n, err)
	}
	if n, err := String("255").ToByte(); n != 255 || err != nil {
		t.Error("ToByte", n, err)
	}
	if n, err := Double(1e18).ToInt64(); n != 1e18 || err != nil {
		t.Error("ToInt64", n, err)
	}
}

// TestDates: [MS-OAUT] 2.2.25 counts from 1899-12-30 and adds the time away from
// zero; CDate(1) is 1899-12-31 and CDate(-1) 1899-12-29 in Wine's tests.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		days float64
		wall string // as time.DateTime
		text string
	}{
		{0, "1899-12-30 00:00:00", "12:00:00 AM"},
		{1, "1899-12-31 00:00:00", "12/31/1899"},
		{-1, "1899-12-29 00:00:00", "12/29/1899"},
		{-1.25, "1899-12-29 06:00:00", "12/29/1899 6:00:00 AM"},
		{0.75, "1899-12-30 18:00:00", "6:00:00 PM"},
		{36959.520833333336, "2001-03-09 12:30:00", "3/9/2001 12:30:00 PM"},
		{-657434, "0100-01-01 00:00:00", "1/1/0100"},
		{-657434.5, "0100-01-01 12:00:00", "1/1/0100 12:00:00 PM"},
		{2958465.5, "9999-12-31 12:00:00", "12/31/9999 12:00:00 PM"},
	} {
		at, err := TimeOf(c.days, time.UTC)
		if got := at.Format(time.DateTime); err != nil || got != c.wall {
			t.Errorf("%v is %s (%v), want %s", c.days, got, err, c.wall)
		}
		back, err := FromTime(at)
		if err != nil || math.Abs(back.Float64()-c.days) > 1e-9 {
			t.Errorf("%s is %v (%v), want %v", c.wall, back.Float64(), err, c.days)
		}
		if text, _ := Date(c.days).ToString(); text != c.text {
			t.Errorf("%v is written %s, want %s", c.days, text, c.text)
		}
	}
	for _, days := range []float64{-657435, 2958466, math.NaN(), math.Inf(1), 1e300} {
		if _, err := TimeOf(days, time.UTC); err != Overflow {
			t.Errorf("%v: %v", days, err)
		}
		if _, err := Double(days).ToDate(); err != Overflow {
			t.Errorf("%v as a date: %v", days, err)
		}
	}
	for _, year := range []int{99, 10000, -5} {
		if _, err := FromTime(time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)); err != Overflow {
			t.Errorf("the year %d: %v", year, err)
		}
	}
}

// TestWallClock: a Date has no zone; what the clock on the wall shows goes in and
// comes out, on the day too on which it is put forward.
func TestWallClock(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	at := time.Date(2026, 3, 29, 12, 30, 0, 0, zone)
	v, err := FromTime(at)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := TimeOf(v.Float64(), zone); err != nil || !back.Equal(at) {
		t.Errorf("%v became %v (%v)", at, back, err)
	}
}

func TestDateOfText(t *testing.T) {
	for text, want := range map[string]string{
		"3/9/2001":             "3/9/2001",
		"2001-03-09":           "3/9/2001",
		"3/9/2001 12:30:00 PM": "3/9/2001 12:30:00 PM",
		"2001-03-09 12:30":     "3/9/2001 12:30:00 PM",
		" March 9, 2001 ":      "3/9/2001",
		"9 Mar 2001":           "3/9/2001",
		"6:15 PM":              "6:15:00 PM",
		"18:15:30":             "6:15:30 PM",
		"1":                    "12/31/1899",
		"":                     "type mismatch",
		"2/30/2001":            "type mismatch",
		"1/1/0050":             "type mismatch",
		"soon":                 "type mismatch",
	} {
		if got := strings.TrimPrefix(shown(String(text).Change(KindDate)), "Date "); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestHRESULT(t *testing.T) {
	for code, hex := range map[HRESULT]uint32{
		NotImplemented: 0x80004001, Fail: 0x80004005, Unexpected: 0x8000FFFF, AccessDenied: 0x80070005, OutOfMemory: 0x8007000E,
		InvalidArg: 0x80070057, NoMember: 0x80020003, ParamNotFound: 0x80020004, TypeMismatch: 0x80020005, UnknownName: 0x80020006,
		Overflow: 0x8002000A, BadIndex: 0x8002000B, BadParamCount: 0x8002000E, ParamNotOption: 0x8002000F, DivisionByZero: 0x80020012,
	} {
		if uint32(code) != hex || strings.HasPrefix(code.Error(), "error ") {
			t.Errorf("%08X is %08X, %q", hex, uint32(code), code.Error())
		}
	}
	if got := HRESULT(-2146828288).Error(); got != "error 0x800A0000" {
		t.Error(got)
	}
}

// FuzzChange: no text makes a conversion panic, take long or give what isn't of
// the kind; what is made text and read again is the same.
func FuzzChange(f *testing.F) {
	for _, s := range []string{"", "1", "-1.5e3", "&HFFFF", "$1,234.50-", "(12)", "3/9/2001 12:30 PM", "1e99999", "#TRUE#", "922337203685477.5807"} {
		f.Add(s, 1.5)
	}
	kinds := []Kind{KindByte, KindInteger, KindLong, KindLongLong, KindSingle, KindDouble, KindCurrency, KindDate, KindString, KindBoolean}
	f.Fuzz(func(t *testing.T, s string, n float64) {
		for _, v := range []Value{String(s), Double(n), Date(n), Single(float32(n))} {
			for _, k := range kinds {
				got, err := v.Change(k)
				if err == nil && got.Kind() != k {
					t.Fatalf("%v as %d is a %s", v, k, got.TypeName())
				}
				if err != nil || k == KindDate || k == KindSingle || k == KindDouble {
					continue
				}
				text, err := got.ToString()
				if err != nil {
					t.Fatalf("%v as %d has no text: %v", v, k, err)
				}
				if back, err := String(text).Change(k); err != nil || !Equal(back, got) {
					t.Fatalf("%v as %d is %q, which is %v (%v)", v, k, text, back, err)
				}
			}
		}
	})
}
