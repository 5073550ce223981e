package figures

import (
	"encoding/json"
	"math"
)

// A Ratio is a figure of naja divided by the plain handler's. It isn't a
// number when there is nothing to divide by; in JSON that is null.
type Ratio float64

// RatioOf divides. Two zeros are equal, so their ratio is 1; a negative figure
// is unknown.
func RatioOf(naja, plain float64) Ratio {
	switch {
	case naja < 0 || plain < 0:
		return Ratio(math.NaN())
	case naja == plain:
		return 1
	case plain == 0:
		return Ratio(math.NaN())
	}
	return Ratio(naja / plain)
}

// Known reports whether it is a number.
func (r Ratio) Known() bool { return !math.IsNaN(float64(r)) && !math.IsInf(float64(r), 0) }

// MarshalJSON implements [json.Marshaler].
func (r Ratio) MarshalJSON() ([]byte, error) {
	if !r.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

// UnmarshalJSON implements [json.Unmarshaler].
func (r *Ratio) UnmarshalJSON(text []byte) error {
	var f *float64
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	if f == nil {
		*r = Ratio(math.NaN())
		return nil
	}
	*r = Ratio(*f)
	return nil
}

// Ratios are ratios by the names of metrics.
type Ratios map[string]Ratio

// Get is a metric's ratio, unknown if there is none.
func (r Ratios) Get(name string) Ratio {
	if ratio, ok := r[name]; ok {
		return ratio
	}
	return Ratio(math.NaN())
}
