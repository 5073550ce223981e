package variant

import (
	"math"
	"strconv"
	"strings"
)

// The conversions of VariantChangeType. Each reads through ByRef. Empty is 0,
// False and ""; Null, Missing, an Error, an array and an object are TypeMismatch:
// whoever knows the object takes its default value first. A Script is converted
// by its language.

// Change converts to a kind: to one of the numbers, Date, String or Boolean;
// any other is TypeMismatch but for the one that the value already has.
func (v Value) Change(to Kind) (Value, error) {
	v = v.Deref()
	if v.Kind() == to {
		return v, nil
	}
	switch to {
	case KindByte, KindInteger, KindLong, KindLongLong:
		low, high := limits(to)
		n, err := v.whole(low, high)
		return Value{to, uint64(n)}, err
	case KindSingle:
		f, err := v.ToFloat()
		if err == nil && math.Abs(f) > math.MaxFloat32 {
			err = Overflow
		}
		return Single(float32(f)), err
	case KindDouble:
		f, err := v.ToFloat()
		return Double(f), err
	case KindCurrency:
		c, err := v.ToCurrency()
		return Currency(c), err
	case KindDate:
		d, err := v.ToDate()
		return Date(d), err
	case KindString:
		s, err := v.ToString()
		return String(s), err
	case KindBoolean:
		b, err := v.ToBool()
		return Bool(b), err
	}
	return Empty, TypeMismatch
}

// limits are the least and the greatest number of a kind.
func limits(k Kind) (low, high int64) {
	switch k {
	case KindByte:
		return 0, math.MaxUint8
	case KindInteger:
		return math.MinInt16, math.MaxInt16
	case KindLong:
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

// ToString is the value as text: a Boolean is True or False, numbers have a
// point, dates are those of LCID 1033.
func (v Value) ToString() (string, error) {
	v = v.Deref()
	switch k := v.Kind(); k {
	case KindEmpty:
		return "", nil
	case KindString:
		s, _ := v.Str()
		return s, nil
	case KindBoolean:
		if v.n != 0 {
			return "True", nil
		}
		return "False", nil
	case KindSingle:
		return floatText(v.Float64(), 7), nil
	case KindDouble:
		return floatText(v.Float64(), 15), nil
	case KindCurrency:
		return currencyText(int64(v.n)), nil
	case KindDate:
		return dateText(v.Float64())
	case KindScript:
		return v.Script().Text()
	}
	if n, ok := v.integer(); ok {
		return strconv.FormatInt(n, 10), nil
	}
	return "", TypeMismatch
}

// ToFloat is the value as a number: True is -1, a Date its days.
func (v Value) ToFloat() (float64, error) {
	v = v.Deref()
	switch v.Kind() {
	case KindSingle, KindDouble, KindDate:
		return v.Float64(), nil
	case KindCurrency:
		return float64(int64(v.n)) / Scale, nil
	case KindString:
		s, _ := v.Str()
		return floatOfText(s)
	case KindScript:
		return v.Script().Number()
	}
	if n, ok := v.integer(); ok {
		return float64(n), nil
	}
	return 0, TypeMismatch
}

// integer is the whole number of what is one by its kind.
func (v Value) integer() (int64, bool) {
	switch v.Kind() {
	case KindEmpty:
		return 0, true
	case KindByte, KindInteger, KindLong, KindLongLong:
		return int64(v.n), true
	case KindBoolean:
		return -int64(v.n), true
	}
	return 0, false
}

// ToLong is the value as a Long, rounded to even: CLng(2.5) is 2. Overflow
// outside of 32 bits.
func (v Value) ToLong() (int32, error) {
	n, err := v.whole(math.MinInt32, math.MaxInt32)
	return int32(n), err
}

// ToInteger is the same with 16 bits.
func (v Value) ToInteger() (int16, error) {
	n, err := v.whole(math.MinInt16, math.MaxInt16)
	return int16(n), err
}

// ToByte is the same between 0 and 255.
func (v Value) ToByte() (uint8, error) {
	n, err := v.whole(0, math.MaxUint8)
	return uint8(n), err
}

// ToInt64 is the same with 64 bits.
func (v Value) ToInt64() (int64, error) { return v.whole(math.MinInt64, math.MaxInt64) }

// whole rounds to a whole number between two.
func (v Value) whole(low, high int64) (int64, error) {
	v = v.Deref()
	n, ok := v.integer()
	switch {
	case ok:
	case v.Kind() == KindCurrency:
		c := int64(v.n)
		n = c / Scale
		if rest := c % Scale; rest > Scale/2 || rest == Scale/2 && n%2 != 0 {
			n++
		} else if rest < -Scale/2 || rest == -Scale/2 && n%2 != 0 {
			n--
		}
	default:
		f, err := v.ToFloat()
		if err != nil {
			return 0, err
		}
		if f = math.RoundToEven(f); !(f >= -1<<63 && f < 1<<63) {
			return 0, Overflow
		}
		n = int64(f)
	}
	if n < low || n > high {
		return 0, Overflow
	}
	return n, nil
}

// ToBool is the value as a Boolean: what isn't zero is True. Of texts it reads
// True and False in any case, also between number signs, and numbers.
func (v Value) ToBool() (bool, error) {
	v = v.Deref()
	switch v.Kind() {
	case KindBoolean:
		return v.n != 0, nil
	case KindScript:
		return v.Script().Truth(), nil
	case KindString:
		s, _ := v.Str()
		switch strings.ToLower(s) {
		case "true", "#true#":
			return true, nil
		case "false", "#false#":
			return false, nil
		}
	}
	f, err := v.ToFloat()
	return f != 0, err
}

// ToCurrency is the value in ten-thousandths, rounded to even. Overflow beyond
// 922337203685477.5807.
func (v Value) ToCurrency() (int64, error) {
	v = v.Deref()
	switch v.Kind() {
	case KindCurrency:
		return int64(v.n), nil
	case KindString:
		s, _ := v.Str()
		return currencyOfText(s)
	}
	if n, ok := v.integer(); ok {
		return currencyOfInt(n)
	}
	f, err := v.ToFloat()
	if err != nil {
		return 0, err
	}
	return currencyOf(f)
}

// ToDate is the value in days. A text is a date first and a number otherwise.
// Overflow outside of the years 100 to 9999.
func (v Value) ToDate() (float64, error) {
	v = v.Deref()
	if s, ok := v.Str(); ok {
		if days, ok := parseDate(strings.TrimSpace(s)); ok {
			return days, nil
		}
	}
	days, err := v.ToFloat()
	if err == nil && !(days > FirstDate-1 && days < LastDate) {
		err = Overflow
	}
	return days, err
}
