package variant

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Scale is how many of a Currency's units make one.
const Scale = 10000

// currencyOf rounds a number to a Currency, to even where it is in the middle.
func currencyOf(f float64) (int64, error) {
	const most = 922337203685477.5807 // [MS-OAUT] 2.2.24
	if !(math.Abs(f) <= most) {
		return 0, Overflow
	}
	n := math.RoundToEven(f * Scale)
	if n >= 1<<63 {
		return math.MaxInt64, nil
	}
	if n < -1<<63 {
		return math.MinInt64, nil
	}
	return int64(n), nil
}

// currencyOfInt is a whole number as a Currency.
func currencyOfInt(n int64) (int64, error) {
	if n > math.MaxInt64/Scale || n < math.MinInt64/Scale {
		return 0, Overflow
	}
	return n * Scale, nil
}

// currencyText writes a Currency without the zeros at its end.
func currencyText(c int64) string {
	s := strconv.FormatInt(c, 10)
	sign, digits := "", s
	if c < 0 {
		sign, digits = "-", s[1:]
	}
	if len(digits) < 5 {
		digits = strings.Repeat("0", 5-len(digits)) + digits
	}
	whole, part := digits[:len(digits)-4], strings.TrimRight(digits[len(digits)-4:], "0")
	if part != "" {
		whole += "." + part
	}
	return sign + whole
}

// currencyOfText reads a Currency out of a decimal text, exactly: what a Double
// can't hold isn't lost.
func currencyOfText(s string) (int64, error) {
	number, ok := plainNumber(s)
	if !ok {
		return 0, TypeMismatch
	}
	if strings.HasPrefix(number, "0x") {
		n, err := hexNumber(number)
		if err != nil {
			return 0, err
		}
		return currencyOfInt(n)
	}
	if _, exponent, found := strings.Cut(number, "e"); found {
		if n, err := strconv.Atoi(exponent); err != nil || n > 32 || n < -400 {
			if f, _ := strconv.ParseFloat(number, 64); f == 0 {
				return 0, nil
			}
			return 0, Overflow
		}
	}
	exact, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, TypeMismatch
	}
	return roundRat(exact.Mul(exact, big.NewRat(Scale, 1)))
}

// roundRat rounds to a whole number, to even where it is in the middle.
func roundRat(r *big.Rat) (int64, error) {
	half := new(big.Rat).SetFrac64(1, 2)
	sum := new(big.Rat).Add(r, half)
	n := new(big.Int).Div(sum.Num(), sum.Denom()) // rounds down
	if sum.IsInt() && n.Bit(0) == 1 {
		n.Sub(n, big.NewInt(1))
	}
	if !n.IsInt64() {
		return 0, Overflow
	}
	return n.Int64(), nil
}
