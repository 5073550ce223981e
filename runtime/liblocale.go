package runtime

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
)

// A locale is how numbers and dates are written under an LCID.
type locale struct {
	date, clock    string // layouts of package time
	decimal, group string
	tag            string // of BCP 47
}

// locales are the LCIDs that Windows sites are set to most. Others are
// written as under 1033.
var locales = map[int]locale{
	1025: {"02/01/06", "03:04:05 PM", ".", ",", "ar-SA"},
	1026: {"2.1.2006 г.", "15:04:05", ",", " ", "bg-BG"},
	1028: {"2006/1/2", "PM 03:04:05", ".", ",", "zh-TW"},
	1029: {"2.1.2006", "15:04:05", ",", " ", "cs-CZ"},
	1030: {"02-01-2006", "15:04:05", ",", ".", "da-DK"},
	1031: {"02.01.2006", "15:04:05", ",", ".", "de-DE"},
	1032: {"2/1/2006", "3:04:05 PM", ",", ".", "el-GR"},
	1033: {"1/2/2006", "3:04:05 PM", ".", ",", "en-US"},
	1034: {"02/01/2006", "15:04:05", ",", ".", "es-ES"},
	1035: {"2.1.2006", "15:04:05", ",", " ", "fi-FI"},
	1036: {"02/01/2006", "15:04:05", ",", " ", "fr-FR"},
	1037: {"02/01/2006", "15:04:05", ".", ",", "he-IL"},
	1038: {"2006.01.02.", "15:04:05", ",", " ", "hu-HU"},
	1040: {"02/01/2006", "15:04:05", ",", ".", "it-IT"},
	1041: {"2006/01/02", "15:04:05", ".", ",", "ja-JP"},
	1042: {"2006-01-02", "PM 3:04:05", ".", ",", "ko-KR"},
	1043: {"2-1-2006", "15:04:05", ",", ".", "nl-NL"},
	1044: {"02.01.2006", "15:04:05", ",", " ", "nb-NO"},
	1045: {"2006-01-02", "15:04:05", ",", " ", "pl-PL"},
	1046: {"02/01/2006", "15:04:05", ",", ".", "pt-BR"},
	1048: {"02.01.2006", "15:04:05", ",", ".", "ro-RO"},
	1049: {"02.01.2006", "15:04:05", ",", " ", "ru-RU"},
	1053: {"2006-01-02", "15:04:05", ",", " ", "sv-SE"},
	1054: {"2/1/2006", "15:04:05", ".", ",", "th-TH"},
	1055: {"02.01.2006", "15:04:05", ",", ".", "tr-TR"},
	1058: {"02.01.2006", "15:04:05", ",", " ", "uk-UA"},
	2052: {"2006/1/2", "15:04:05", ".", ",", "zh-CN"},
	2055: {"02.01.2006", "15:04:05", ".", "’", "de-CH"},
	2057: {"02/01/2006", "15:04:05", ".", ",", "en-GB"},
	2058: {"02/01/2006", "03:04:05 PM", ".", ",", "es-MX"},
	2060: {"02-01-06", "15:04:05", ",", ".", "fr-BE"},
	2067: {"2/01/2006", "15:04:05", ",", ".", "nl-BE"},
	2070: {"02-01-2006", "15:04:05", ",", ".", "pt-PT"},
	3079: {"02.01.2006", "15:04:05", ",", ".", "de-AT"},
	3081: {"2/01/2006", "3:04:05 PM", ".", ",", "en-AU"},
	3082: {"02/01/2006", "15:04:05", ",", ".", "es-ES"},
	3084: {"2006-01-02", "15:04:05", ",", " ", "fr-CA"},
	4105: {"02/01/2006", "3:04:05 PM", ".", ",", "en-CA"},
}

// locale is that of the page's LCID.
func (sc *script) locale() locale {
	lcid := 1033
	switch {
	case sc.env.Response != nil:
		lcid = sc.env.Response.LCID()
	case sc.env.Session != nil:
		lcid = sc.env.Session.LCID()
	}
	if l, ok := locales[lcid]; ok {
		return l
	}
	return locales[1033]
}

// extendLocale writes dates and numbers as the page's LCID asks for, or as the
// arguments of ECMA-402 do (locale arguments: localeargs.go).
func (sc *script) extendLocale() {
	proto := sc.prototype("Date")
	for name, layout := range map[string]func(locale) string{
		"toLocaleString":     func(l locale) string { return l.date + " " + l.clock },
		"toLocaleDateString": func(l locale) string { return l.date },
		"toLocaleTimeString": func(l locale) string { return l.clock },
	} {
		sc.method(proto, name, func(this *goja.Object, args []goja.Value) goja.Value {
			l, zone := sc.localeFor(arg(args, 0)), sc.zoneFor(name, arg(args, 1))
			ms := sc.call(this, "getTime").ToFloat()
			if math.IsNaN(ms) {
				return sc.vm.ToValue("Invalid Date")
			}
			return sc.vm.ToValue(time.UnixMilli(int64(ms)).In(zone).Format(layout(l)))
		})
	}
	sc.method(sc.prototype("Number"), "toLocaleString", func(this *goja.Object, args []goja.Value) goja.Value {
		l, form := sc.localeFor(arg(args, 0)), sc.numberFormFor(arg(args, 1))
		return sc.vm.ToValue(l.number(this.ToFloat(), form))
	})
	sc.extendLocaleTexts()
}

// A numberForm is how a number is written.
type numberForm struct {
	least, most int // digits behind the point
	group       bool
	percent     bool
}

// number writes a number, by default with at most three decimals and grouped
// thousands.
func (l locale) number(f float64, form numberForm) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case form.percent:
		f *= 100
	}
	sign, unit := "", ""
	if math.Signbit(f) {
		sign, f = "-", -f
	}
	if form.percent {
		unit = "%"
	}
	if math.IsInf(f, 0) {
		return sign + "∞" + unit
	}
	whole, fraction := rounded(strconv.FormatFloat(f, 'f', -1, 64), form)
	if form.group {
		var b strings.Builder
		for i, d := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteString(l.group)
			}
			b.WriteRune(d)
		}
		whole = b.String()
	}
	if fraction != "" {
		whole += l.decimal + fraction
	}
	return sign + whole + unit
}

// rounded cuts a decimal's digits behind the point; a half is rounded up, of the
// digits that a page sees.
func rounded(digits string, form numberForm) (whole, fraction string) {
	whole, fraction, _ = strings.Cut(digits, ".")
	if len(fraction) > form.most {
		up := fraction[form.most] >= '5'
		all := []byte(whole + fraction[:form.most])
		for i := len(all) - 1; up && i >= 0; i-- {
			if up = all[i] == '9'; up {
				all[i] = '0'
			} else {
				all[i]++
			}
		}
		if up {
			all = append([]byte("1"), all...)
		}
		whole, fraction = string(all[:len(all)-form.most]), string(all[len(all)-form.most:])
	}
	for len(fraction) > form.least && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	if n := form.least - len(fraction); n > 0 {
		fraction += strings.Repeat("0", n)
	}
	return whole, fraction
}
