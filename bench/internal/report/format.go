package report

import (
	"fmt"

	"github.com/najahost/naja/bench/internal/figures"
)

// value writes a figure in its unit, with about three digits.
func value(v float64, unit figures.Unit) string {
	if v < 0 {
		return "?"
	}
	switch unit {
	case figures.PerSecond:
		return digits(v) + "/s"
	case figures.Milliseconds:
		return digits(v) + " ms"
	case figures.Microseconds:
		return digits(v) + " µs"
	case figures.InSeconds:
		return digits(v) + " s"
	case figures.Bytes:
		return fmt.Sprintf("%.0f B", v)
	}
	if v == float64(int64(v)) {
		return fmt.Sprintf("%.0f", v)
	}
	return digits(v)
}

// digits has three of them, but none of a whole number is left out.
func digits(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	case v >= 0.01 || v == 0:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.4f", v)
}

// ratio writes a ratio to the plain handler, and nothing when there is none.
func ratio(r figures.Ratio) string {
	if !r.Known() {
		return "×–"
	}
	return "×" + digits(float64(r))
}

// beside is a figure beside its ratio.
func beside(v float64, unit figures.Unit, r figures.Ratio) string {
	return value(v, unit) + " " + ratio(r)
}
