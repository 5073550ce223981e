package variant

import (
	"math"
	"strconv"
	"strings"
)

// floatText writes a number with 15 digits, or 7 of a Single, and without a
// fraction's last zeros. Oleaut32 does it with printf's %.15G and %.7G (Wine's
// vartype.c, whose tests run on Windows): an exponent of two digits at least
// from 1E+15 on and below 0.0001.
func floatText(f float64, digits int) string {
	switch {
	case f == 0:
		return "0"
	case math.IsNaN(f):
		return "-1.#IND" // as msvcrt writes it
	case math.IsInf(f, 1):
		return "1.#INF"
	case math.IsInf(f, -1):
		return "-1.#INF"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', digits-1, 64), "E")
	n, _ := strconv.Atoi(exponent)
	if n < -4 || n >= digits {
		mantissa = trimZeros(mantissa)
		return mantissa + "E" + exponent
	}
	return trimZeros(strconv.FormatFloat(f, 'f', digits-1-n, 64))
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// maxNumber bounds a text that is looked at as a number.
const maxNumber = 1024

// plainNumber takes off what VarParseNumFromStr reads besides the digits: blanks
// around, a sign on either side, brackets for one, $, commas between the digits,
// D for E, and &H, which becomes 0x. ok is false for what is no number.
func plainNumber(s string) (number string, ok bool) {
	if len(s) > maxNumber {
		return "", false
	}
	s = strings.Trim(s, " \t\n\v\f\r")
	if len(s) > 2 && s[0] == '&' {
		return radix(s)
	}
	negative := false
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		negative, s = true, strings.TrimSpace(s[1:len(s)-1])
		if strings.ContainsAny(s, "+-(") {
			return "", false
		}
	}
	s, found := strings.CutPrefix(s, "$")
	for _, sign := range [...]string{"-", "+"} {
		cut, before := strings.CutPrefix(s, sign)
		if !before && !signOfExponent(s) {
			cut, before = strings.CutSuffix(s, sign)
		}
		if before {
			s, negative = strings.TrimSpace(cut), negative || sign == "-"
			break
		}
	}
	if !found {
		s = strings.TrimPrefix(s, "$")
	}
	if s, ok = digitsOf(s); ok && negative {
		s = "-" + s
	}
	return s, ok
}

// signOfExponent says that a text's last sign belongs to an E without digits.
func signOfExponent(s string) bool {
	return len(s) > 1 && strings.IndexByte("eEdD", s[len(s)-2]) >= 0
}

// digitsOf reads digits with commas, a point and an exponent.
func digitsOf(s string) (string, bool) {
	var b strings.Builder
	digits, point := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			b.WriteByte(c)
		case c == ',' && !point && digits > 0:
		case c == '.' && !point:
			point = true
			b.WriteByte(c)
		case strings.IndexByte("eEdD", c) >= 0 && digits > 0:
			exponent := s[i+1:]
			unsigned := strings.TrimLeft(exponent, "+-")
			if len(exponent)-len(unsigned) > 1 || unsigned == "" || strings.Trim(unsigned, "0123456789") != "" {
				return "", false
			}
			return b.String() + "e" + exponent, true
		default:
			return "", false
		}
	}
	return b.String(), digits > 0
}

// radix reads &HFF and &O17.
func radix(s string) (string, bool) {
	base, prefix, set := 16, "0x", "0123456789abcdefABCDEF"
	switch s[1] {
	case 'o', 'O':
		base, set = 8, "01234567"
	case 'h', 'H':
	default:
		return "", false
	}
	digits := s[2:]
	if strings.Trim(digits, set) != "" {
		return "", false
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return prefix + digits, true // too long: hexNumber says so
	}
	return prefix + strconv.FormatUint(n, 16), true
}

// hexNumber is what &H stands for: up to four digits are an Integer, up to eight
// a Long, so that &HFFFF is -1.
func hexNumber(s string) (int64, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "0x"), 16, 64)
	switch {
	case err != nil || n > math.MaxUint32:
		return 0, Overflow
	case n <= math.MaxUint16:
		return int64(int16(n)), nil
	}
	return int64(int32(n)), nil
}

// floatOfText reads a number out of a text.
func floatOfText(s string) (float64, error) {
	number, ok := plainNumber(s)
	if !ok {
		return 0, TypeMismatch
	}
	if strings.HasPrefix(number, "0x") {
		n, err := hexNumber(number)
		return float64(n), err
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, Overflow
	}
	return f, nil
}
