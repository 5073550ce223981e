package runtime

import "time"

// parseDate reads a date's text in the forms that pages write.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
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
