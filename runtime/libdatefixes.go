package runtime

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
)

// What the engine gets wrong of dates, put right where a program makes one:
//
//   - a local time that comes twice, or never, when summer time ends or begins
//     (ECMA-262 21.4.1.26): it is read by the offset before the change;
//   - months and days out of their range, which it takes for others;
//   - t and z in small letters, and years outside of 0 to 9999, in ISO 8601.

// dateFixes are the engine's own functions behind ours.
type dateFixes struct {
	sc         *script
	parse, utc goja.Callable
}

// extendDateValues stands before the engine's Date.
func (sc *script) extendDateValues() {
	ctor := sc.builtin("Date")
	if ctor == nil {
		return
	}
	parse, ok1 := goja.AssertFunction(ctor.Get("parse"))
	utc, ok2 := goja.AssertFunction(ctor.Get("UTC"))
	if !ok1 || !ok2 {
		return
	}
	d := &dateFixes{sc: sc, parse: parse, utc: utc}
	sc.method(ctor, "parse", func(_ *goja.Object, args []goja.Value) goja.Value {
		return sc.vm.ToValue(d.read(arg(args, 0).String()))
	})
	sc.replaceClass("Date", sc.vm.ToValue(sc.vm.NewProxy(ctor, &goja.ProxyTrapConfig{
		Construct: func(target *goja.Object, args []goja.Value, newTarget *goja.Object) *goja.Object {
			return sc.construct(target, d.arguments(args), newTarget)
		},
	})).(*goja.Object))
	d.iso()
}

// arguments are what the engine makes the right date of.
func (d *dateFixes) arguments(args []goja.Value) []goja.Value {
	switch len(args) {
	case 0:
		return args
	case 1:
		v := args[0]
		if obj, ok := v.(*goja.Object); ok {
			if obj.ClassName() != "String" && d.sc.hosts[obj] == nil {
				return args
			}
			v = obj.ToString()
		}
		if s, ok := v.(goja.String); ok {
			return []goja.Value{d.sc.vm.ToValue(d.read(s.String()))}
		}
		return args
	}
	return []goja.Value{d.sc.vm.ToValue(fromWall(d.call(d.utc, args...)))}
}

func (d *dateFixes) call(fn goja.Callable, args ...goja.Value) float64 {
	v, err := fn(goja.Undefined(), args...)
	if err != nil {
		panic(err)
	}
	return v.ToFloat()
}

// isoForm is ECMA-262's form of a date (21.4.1.32); 3 is what follows the minutes and
// 4 the zone.
var isoForm = regexp.MustCompile(`^(?:[+-]\d{6}|\d{4})(?:-\d\d){0,2}(?:([Tt])\d\d:\d\d(?::\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?$`)

// badDay finds a month or day that no year has.
var badDay = regexp.MustCompile(`(?i)^(?:(?:[+-]\d{6}|\d{4})-(?:00|1[3-9]|[2-9]\d)\b|(?:[+-]\d{6}|\d{4})-\d\d-(?:00|3[2-9]|[4-9]\d)\b|` +
	`\d{1,2}/(?:0+|3[2-9]|[4-9]\d)/\d|0+/\d+/\d|` +
	`(?:[a-z]{3,9},?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:0+|3[2-9]|[4-9]\d),?\s+\d)`)

// read is Date.parse.
func (d *dateFixes) read(s string) float64 {
	text := strings.Trim(s, blanks)
	if badDay.MatchString(text) {
		return math.NaN()
	}
	m := isoForm.FindStringSubmatch(text)
	if m != nil {
		text = strings.ToUpper(text)
		s = text
	}
	parsed := d.call(d.parse, d.sc.vm.ToValue(s))
	if math.IsNaN(parsed) || !nearChange(parsed) {
		return parsed
	}
	// What names no zone is a local time: read as one of UTC it is what a clock
	// on the wall shows.
	as := s + " UTC"
	if m != nil {
		if m[1] == "" || m[2] != "" {
			return parsed
		}
		as = s + "Z"
	}
	wall := d.call(d.parse, d.sc.vm.ToValue(as))
	if math.IsNaN(wall) || math.Abs(wall-parsed) > 15*60*60*1000 || zoned.MatchString(s) {
		return parsed
	}
	return fromWall(wall)
}

// zoned finds a zone, or what may be one, in a text that isn't ISO 8601.
var zoned = regexp.MustCompile(`(?i)\b(?:utc|gmt|z|[ecmp][sd]t)\b|[+-]\d{4}\b|\d[+-]\d\d:?\d\d\b|\)`)

const day = 24 * 60 * 60 * 1000

// offsetAt is how many milliseconds the clock on the wall is ahead of UTC.
func offsetAt(ms float64) float64 {
	_, seconds := time.UnixMilli(int64(ms)).In(time.Local).Zone()
	return float64(seconds) * 1000
}

// nearChange says whether clocks are set within a day.
func nearChange(ms float64) bool { return offsetAt(ms-day) != offsetAt(ms+day) }

// fromWall is the moment at which a clock on the wall shows a time: the first
// one, and for a time that is passed over the one by the offset before.
func fromWall(wall float64) float64 {
	if math.IsNaN(wall) {
		return wall
	}
	before, after := offsetAt(wall-day), offsetAt(wall+day)
	if before != after && offsetAt(wall-before) != before && offsetAt(wall-after) == after {
		return wall - after
	}
	return wall - before
}

// iso gives years outside of 0 to 9999 six digits and a sign.
func (d *dateFixes) iso() {
	proto := d.sc.prototype("Date")
	behind, ok := goja.AssertFunction(proto.Get("toISOString"))
	if !ok {
		return
	}
	d.sc.method(proto, "toISOString", func(this *goja.Object, args []goja.Value) goja.Value {
		v, err := behind(this, args...)
		if err != nil {
			panic(err)
		}
		year, rest, ok := strings.Cut(strings.TrimLeft(v.String(), "+-"), "-")
		n, _ := strconv.Atoi(year)
		if sign := v.String()[:1]; ok && (sign == "-" || n > 9999) {
			return d.sc.vm.ToValue(fmt.Sprintf("%s%06d-%s", strings.Replace(sign, year[:1], "+", 1), n, rest))
		}
		return v
	})
}

// localSetters are the setters of Date in local time, with those that do the
// same in UTC.
var localSetters = [...]string{"FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds"}

// settersOf are those that a text names.
func settersOf(text string) (f features) {
	for i, name := range localSetters {
		if strings.Contains(text, "set"+name) {
			f.add(need(firstSetter + feature(i)))
		}
	}
	return f
}

// extendDateSetters has those of f set local times as the constructor reads
// them.
func (sc *script) extendDateSetters(f features) {
	for i, name := range localSetters {
		if f.has(firstSetter + feature(i)) {
			sc.extendDateSetter(name)
		}
	}
}

func (sc *script) extendDateSetter(name string) {
	proto := sc.prototype("Date")
	behind, ok1 := goja.AssertFunction(proto.Get("set" + name))
	utc, ok2 := goja.AssertFunction(proto.Get("setUTC" + name))
	setTime, ok3 := goja.AssertFunction(proto.Get("setTime"))
	class := sc.builtin("Date")
	if !ok1 || !ok2 || !ok3 || class == nil {
		return
	}
	must := func(v goja.Value, err error) goja.Value {
		if err != nil {
			panic(err)
		}
		return v
	}
	sc.method(proto, "set"+name, func(this *goja.Object, args []goja.Value) goja.Value {
		if this.ClassName() != "Date" {
			return must(behind(this, args...)) // throws what it has to
		}
		ms := this.ToFloat()
		numbers := make([]goja.Value, len(args)) // an object is made one once
		for i, a := range args {
			numbers[i] = a.ToNumber()
		}
		v := must(behind(this, numbers...))
		if set := v.ToFloat(); math.IsNaN(ms) || math.IsNaN(set) || !nearChange(ms) && !nearChange(set) {
			return v
		}
		wall := sc.construct(class, []goja.Value{sc.vm.ToValue(ms + offsetAt(ms))}, nil)
		return must(setTime(this, sc.vm.ToValue(fromWall(must(utc(wall, numbers...)).ToFloat()))))
	})
}
