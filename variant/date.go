package variant

import (
	"math"
	"time"
)

// The days of the first and the last moment of a Date: the years 100 to 9999
// ([MS-OAUT] 2.2.25).
const (
	FirstDate = -657434
	LastDate  = 2958466 // the first day that is none
)

const msPerDay = 24 * 60 * 60 * 1000

// FromTime is the Date of a clock on the wall: the zone that t is in is left
// out, as a Date has none. The whole part counts days from 1899-12-30, also
// below zero; the fraction is the time of that day, and is added away from zero:
// six in the morning of the day before is -1.25. Overflow outside of the years
// 100 to 9999.
func FromTime(t time.Time) (Value, error) {
	wall := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	days := float64(wall.Unix()-dayZero.Unix()) / (24 * 60 * 60)
	if days < FirstDate || days >= LastDate {
		return Empty, Overflow
	}
	ms := (t.Hour()*60+t.Minute())*60000 + t.Second()*1000 + t.Nanosecond()/1e6
	fraction := float64(ms) / msPerDay
	if days < 0 {
		return Date(days - fraction), nil
	}
	return Date(days + fraction), nil
}

// dayZero is day 0.
var dayZero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// TimeOf is the moment at which the clock on the wall of a zone shows a Date, to
// the millisecond. Overflow outside of the years 100 to 9999.
func TimeOf(days float64, zone *time.Location) (time.Time, error) {
	if !(days > FirstDate-1 && days < LastDate) {
		return time.Time{}, Overflow
	}
	whole, fraction := math.Modf(days)
	day := dayZero.AddDate(0, 0, int(whole))
	ms := int(math.Round(math.Abs(fraction) * msPerDay))
	return time.Date(day.Year(), day.Month(), day.Day(), 0, ms/60000, ms/1000%60, ms%1000*1e6, zone), nil
}

// dateText is a Date as VarBstrFromDate writes it for LCID 1033: midnight isn't
// written, nor is the day of what is a time alone.
func dateText(days float64) (string, error) {
	t, err := TimeOf(days, time.UTC)
	if err != nil {
		return "", err
	}
	t = t.Round(time.Second)
	midnight := t.Hour()+t.Minute()+t.Second() == 0
	switch {
	case math.Trunc(days) == 0 && (!midnight || days == 0):
		return t.Format("3:04:05 PM"), nil
	case midnight:
		return t.Format("1/2/2006"), nil
	}
	return t.Format("1/2/2006 3:04:05 PM"), nil
}

// parseDate reads the dates of LCID 1033, and those of ISO 8601's order, which
// every locale reads.
func parseDate(s string) (float64, bool) {
	for _, day := range [...]string{"1/2/2006", "2006-1-2", "2006/1/2", "1-2-2006", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", ""} {
		for _, clock := range [...]string{"", "15:04:05", "15:04", "3:04:05 PM", "3:04 PM", "3 PM"} {
			layout := day
			if day != "" && clock != "" {
				layout += " "
			}
			if layout += clock; layout == "" {
				continue
			}
			t, err := time.Parse(layout, s)
			if err != nil {
				continue
			}
			if day == "" {
				t = time.Date(1899, 12, 30, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
			}
			v, err := FromTime(t)
			return v.Float64(), err == nil
		}
	}
	return 0, false
}
