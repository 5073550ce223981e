package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Seconds is a duration that is a number of seconds in JSON and in XML, with
// up to nine digits after the point, so that every program understands it and
// none of it is lost on the way there and back.
type Seconds time.Duration

// Duration is the same in Go's own type.
func (s Seconds) Duration() time.Duration { return time.Duration(s) }

// String is as of [time.Duration].
func (s Seconds) String() string { return time.Duration(s).String() }

// MarshalText writes the number.
func (s Seconds) MarshalText() ([]byte, error) {
	n, sign := uint64(s), ""
	if s < 0 {
		n, sign = -n, "-"
	}
	whole, rest := n/uint64(time.Second), n%uint64(time.Second)
	text := sign + strconv.FormatUint(whole, 10)
	if rest > 0 {
		text += strings.TrimRight(fmt.Sprintf(".%09d", rest), "0")
	}
	return []byte(text), nil
}

// MarshalJSON writes the number.
func (s Seconds) MarshalJSON() ([]byte, error) { return s.MarshalText() }

// UnmarshalJSON reads it.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return s.UnmarshalText(text)
}

// UnmarshalText reads a number of seconds.
func (s *Seconds) UnmarshalText(text []byte) error {
	if !strings.ContainsAny(string(text), "eE") {
		if d, err := time.ParseDuration(string(text) + "s"); err == nil {
			*s = Seconds(d)
			return nil
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.Abs(f) > math.MaxInt64/float64(time.Second) {
		return fmt.Errorf("%q is not a number of seconds", text)
	}
	*s = Seconds(math.Round(f * float64(time.Second)))
	return nil
}
