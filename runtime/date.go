package runtime

import (
	"strings"
	"time"

	"github.com/dop251/goja"
)

// parseDate reads a date's text in the forms that pages write, and else as
// the language's own Date does. Without a zone it is the server's time.
func (sc *script) parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, true
		}
	}
	d := decoder{sc: sc}
	t := millis(sc.call(d.make("Date", sc.vm.ToValue(s)), "getTime").ToFloat())
	return t, !t.IsZero()
}

// millis is the moment of a Date; that of one that isn't valid is zero.
func millis(ms float64) time.Time {
	if ms != ms {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms)).UTC()
}

// time is a moment: a Date, milliseconds, or a date's text.
func (sc *script) time(v goja.Value) time.Time {
	v = sc.plain(v)
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() == "Date" {
		return millis(sc.call(obj, "getTime").ToFloat())
	}
	if s, ok := v.(goja.String); ok {
		if t, ok := sc.parseDate(s.String()); ok {
			return t
		}
		sc.wrongType("a date is expected, not " + clip(s.String()))
	}
	return millis(v.ToFloat())
}

// date makes a script's Date; an unset time is undefined.
func (sc *script) date(t time.Time) goja.Value {
	if t.IsZero() {
		return goja.Undefined()
	}
	d := decoder{sc: sc}
	return d.make("Date", sc.vm.ToValue(t.UnixMilli()))
}

var dateLayouts = []string{
	time.RFC3339, time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC,
	"2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
	"1/2/2006", "1/2/2006 15:04", "1/2/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM",
	"January 2, 2006", "January 2, 2006 15:04:05", "January 2, 2006 3:04:05 PM", "January 2, 2006 3:04 PM",
	"Jan 2, 2006", "Jan 2, 2006 15:04:05", "Jan 2, 2006 3:04:05 PM", "Jan 2, 2006 3:04 PM",
	"Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 UTC", "Mon Jan 2 15:04:05 MST-0700 2006",
	"2 Jan 2006", "2 January 2006",
}
