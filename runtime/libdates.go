package runtime

import (
	"math"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// extendDates gives Date what JScript had and the language left behind.
// getYear is the year less 1900 for the twentieth century only, as in
// JScript, and getVarDate, which handed a date to COM, is the Date itself.
func (sc *script) extendDates() {
	ctor, ok := sc.vm.Get("Date").(*goja.Object)
	if !ok {
		return
	}
	proto := ctor.Get("prototype").(*goja.Object)
	sc.method(proto, "getYear", func(this *goja.Object, _ []goja.Value) goja.Value {
		y := sc.call(this, "getFullYear")
		if n := y.ToFloat(); n >= 1900 && n <= 1999 {
			return sc.vm.ToValue(int64(n) - 1900)
		}
		return y
	})
	sc.method(proto, "setYear", func(this *goja.Object, args []goja.Value) goja.Value {
		y := arg(args, 0).ToFloat()
		if y >= 0 && y <= 99 {
			y += 1900
		}
		return sc.call(this, "setFullYear", sc.vm.ToValue(y))
	})
	sc.method(proto, "toGMTString", func(this *goja.Object, _ []goja.Value) goja.Value {
		text := strings.Replace(sc.call(this, "toUTCString").String(), "GMT", "UTC", 1)
		return sc.vm.ToValue(strings.Replace(text, ", 0", ", ", 1))
	})
	sc.method(proto, "getVarDate", func(this *goja.Object, _ []goja.Value) goja.Value { return this })
}

// extendDateText gives a Date the text that JScript's has, which has the zone
// before the year and names none but UTC. The engine reads it.
func (sc *script) extendDateText() {
	proto := sc.prototype("Date")
	for name, layout := range map[string]string{"toString": "Mon Jan 2 15:04:05 UTC-0700 2006", "toTimeString": "15:04:05 UTC-0700"} {
		behind, ok := goja.AssertFunction(proto.Get(name))
		if !ok {
			continue
		}
		sc.method(proto, name, func(this *goja.Object, args []goja.Value) goja.Value {
			if this.ClassName() != "Date" {
				v, err := behind(this, args...) // throws what it has to
				if err != nil {
					panic(err)
				}
				return v
			}
			ms := sc.call(this, "getTime").ToFloat()
			if math.IsNaN(ms) {
				return sc.vm.ToValue("Invalid Date")
			}
			text := time.UnixMilli(int64(ms)).Local().Format(layout)
			return sc.vm.ToValue(strings.Replace(text, "UTC+0000", "UTC", 1))
		})
	}
}

// method defines a method on a prototype. In the place of one of the engine's
// it looks like that.
func (sc *script) method(proto *goja.Object, name string, call func(this *goja.Object, args []goja.Value) goja.Value) {
	length := 0
	switch name {
	case "anchor", "fontcolor", "fontsize", "link", "setYear":
		length = 1
	}
	fn := sc.function(name, length, func(c goja.FunctionCall) goja.Value {
		return call(c.This.ToObject(sc.vm), c.Arguments)
	})
	if original, ok := proto.Get(name).(*goja.Object); ok {
		imitate(fn, original)
	}
	proto.DefineDataProperty(name, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// htmlMethodTag is one of String's HTML methods.
type htmlMethodTag struct{ name, tag, attr string }

var htmlMethods = [...]htmlMethodTag{
	{"anchor", "A", "NAME"}, {"big", "BIG", ""}, {"blink", "BLINK", ""}, {"bold", "B", ""}, {"fixed", "TT", ""},
	{"fontcolor", "FONT", "COLOR"}, {"fontsize", "FONT", "SIZE"}, {"italics", "I", ""}, {"link", "A", "HREF"},
	{"small", "SMALL", ""}, {"strike", "STRIKE", ""}, {"sub", "SUB", ""}, {"sup", "SUP", ""},
}

// extendStrings gives String its HTML methods (ECMA-262, B.2.2), with tags in
// capitals, as JScript writes them.
func (sc *script) extendStrings() {
	ctor, ok := sc.vm.Get("String").(*goja.Object)
	if !ok {
		return
	}
	proto := ctor.Get("prototype").(*goja.Object)
	for _, t := range htmlMethods {
		sc.method(proto, t.name, func(this *goja.Object, args []goja.Value) goja.Value {
			open := "<" + t.tag
			if t.attr != "" {
				open += " " + t.attr + `="` + strings.ReplaceAll(arg(args, 0).String(), `"`, "&quot;") + `"`
			}
			return sc.vm.ToValue(open + ">" + this.String() + "</" + t.tag + ">")
		})
	}
}

func utf16Of(s string) []uint16      { return utf16.Encode([]rune(s)) }
func textOf16(units []uint16) string { return string(utf16.Decode(units)) }

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
