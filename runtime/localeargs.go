package runtime

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/collation"
)

// The arguments of toLocaleString and its kin (ECMA-402): a language, and
// options. A language that isn't among the 38 leaves the page's LCID in force, as
// ECMA-402 has it for those that an engine lacks; an option that isn't known
// here is an error, for what is shown would be another thing than was asked for.

// languageTag is the form of a tag, for what matters here.
var languageTag = regexp.MustCompile(`^(?i:[a-z]{2,3}|[a-z]{5,8})(?i:-[a-z0-9]{1,8})*$`)

// mainRegion is the region of a language that is named without one, where there
// are several.
var mainRegion = map[string]string{"de": "DE", "en": "US", "es": "ES", "fr": "FR", "nl": "NL", "pt": "BR", "zh": "CN", "no": "NO"}

// localeTags are the tags that an argument names, in their order; nil for none.
func (sc *script) localeTags(v goja.Value) []string {
	if goja.IsUndefined(v) {
		return nil
	}
	list := []goja.Value{v}
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() != "String" && sc.hosts[obj] == nil {
		list = nil
		for i := range min(int(sc.lengthOf(obj)), 100) {
			list = append(list, obj.Get(strconv.Itoa(i)))
		}
	} else if !ok && v.ExportType() == nil {
		sc.throwRuntime("TypeError", jsTypeError, "Incorrect locale information provided")
	}
	var tags []string
	for _, one := range list {
		text := strings.ReplaceAll(sc.text(one), "_", "\x00") // a tag has no underscore
		if !languageTag.MatchString(text) {
			sc.rangeError("Incorrect locale information provided: %s", clip(sc.text(one)))
		}
		tags = append(tags, text)
	}
	return tags
}

// localeFor is the locale that an argument asks for, or the page's.
func (sc *script) localeFor(v goja.Value) locale {
	for _, tag := range sc.localeTags(v) {
		if l, ok := localeOf(tag); ok {
			return l
		}
	}
	return sc.locale()
}

// localeOf finds the locale of a tag: by language and region, or by the
// language alone.
func localeOf(tag string) (locale, bool) {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-u-")
	parts := strings.Split(tag, "-")
	language, region := parts[0], strings.ToUpper(mainRegion[parts[0]])
	if language == "no" {
		language = "nb"
	}
	for _, part := range parts[1:] {
		switch {
		case language == "zh" && (part == "hant" || part == "tw" || part == "hk" || part == "mo"):
			region = "TW"
		case len(part) == 2:
			for _, l := range locales {
				if l.tag == language+"-"+strings.ToUpper(part) {
					region = strings.ToUpper(part)
				}
			}
		}
	}
	found, ok := locale{}, false
	best := 0
	for lcid, l := range locales {
		own, place, _ := strings.Cut(l.tag, "-")
		if own != language || region != "" && place != region || ok && lcid < best {
			continue // of two with one tag the later LCID is the modern one
		}
		found, ok, best = l, true, lcid
	}
	return found, ok
}

// optionsOf are an argument's options, all of them among those that are known.
func (sc *script) optionsOf(name string, v goja.Value, known ...string) map[string]goja.Value {
	if goja.IsUndefined(v) {
		return nil
	}
	obj, ok := v.(*goja.Object)
	if !ok {
		sc.throwRuntime("TypeError", jsTypeError, "%s: the options are no object", name)
	}
	set := map[string]goja.Value{}
next:
	for _, key := range obj.Keys() {
		value := obj.Get(key)
		if value == nil || goja.IsUndefined(value) {
			continue
		}
		for _, one := range known {
			if key == one {
				set[key] = value
				continue next
			}
		}
		sc.throwRuntime("TypeError", jsTypeError, "%s: the option %q isn't supported; these are: %s", name, clip(key), strings.Join(known, ", "))
	}
	return set
}

// choice is an option that has one of a few values.
func (sc *script) choice(set map[string]goja.Value, key, without string, of ...string) string {
	v, ok := set[key]
	if !ok {
		return without
	}
	text := v.String()
	for _, one := range of {
		if text == one {
			return text
		}
	}
	sc.rangeError("Value %s out of range for the option %s, which is one of: %s", clip(text), key, strings.Join(of, ", "))
	return ""
}

// zoneFor is the zone that options ask for, or the server's.
func (sc *script) zoneFor(name string, v goja.Value) *time.Location {
	zone, ok := sc.optionsOf(name, v, "timeZone")["timeZone"]
	if !ok {
		return time.Local
	}
	text := zone.String()
	if strings.EqualFold(text, "UTC") || strings.EqualFold(text, "GMT") {
		return time.UTC
	}
	found, err := time.LoadLocation(text)
	if err != nil || text == "" || text == "Local" {
		sc.rangeError("Invalid time zone specified: %s", clip(text))
	}
	return found
}

// numberFormFor is the form that options ask for.
func (sc *script) numberFormFor(v goja.Value) numberForm {
	set := sc.optionsOf("toLocaleString", v, "style", "minimumFractionDigits", "maximumFractionDigits", "useGrouping")
	form := numberForm{most: 3, group: true}
	if sc.choice(set, "style", "decimal", "decimal", "percent") == "percent" {
		form.percent, form.most = true, 0
	}
	if group, ok := set["useGrouping"]; ok {
		form.group = group.ToBoolean()
	}
	digits := func(key string) (int, bool) {
		n, ok := set[key]
		if !ok {
			return 0, false
		}
		f := n.ToFloat()
		if !(f >= 0 && f <= 100) {
			sc.rangeError("%s value is out of range", key)
		}
		return int(f), true
	}
	least, given := digits("minimumFractionDigits")
	form.least = least
	if most, ok := digits("maximumFractionDigits"); ok {
		if given && least > most {
			sc.rangeError("maximumFractionDigits value is out of range")
		}
		form.most, form.least = most, min(form.least, most)
	} else {
		form.most = max(form.most, form.least)
	}
	return form
}

// extendLocaleTexts gives String's methods their language.
func (sc *script) extendLocaleTexts() {
	proto := sc.prototype("String")
	for name, change := range map[string]func(unicode.SpecialCase, string) string{"toLocaleUpperCase": strings.ToUpperSpecial, "toLocaleLowerCase": strings.ToLowerSpecial} {
		behind, ok := goja.AssertFunction(proto.Get(name))
		if !ok {
			continue
		}
		sc.method(proto, name, func(this *goja.Object, args []goja.Value) goja.Value {
			for _, tag := range sc.localeTags(arg(args, 0)) {
				switch language, _, _ := strings.Cut(strings.ToLower(tag), "-"); language {
				case "tr", "az":
					return sc.vm.ToValue(change(unicode.TurkishCase, this.String()))
				}
			}
			v, err := behind(this)
			if err != nil {
				panic(err)
			}
			return v
		})
	}
	behind, ok := goja.AssertFunction(proto.Get("localeCompare"))
	if !ok {
		return
	}
	sc.method(proto, "localeCompare", func(this *goja.Object, args []goja.Value) goja.Value {
		tags := sc.localeTags(arg(args, 1))
		set := sc.optionsOf("localeCompare", arg(args, 2), "sensitivity", "numeric", "usage")
		if len(tags) == 0 && len(set) == 0 {
			v, err := behind(this, args...)
			if err != nil {
				panic(err)
			}
			return v
		}
		return sc.vm.ToValue(sc.collator(tags, set).Compare(this.String(), arg(args, 0).String()))
	})
}

// collator compares as tags and options ask for. The last one is kept: a page
// sorts with it.
func (sc *script) collator(tags []string, set map[string]goja.Value) *collation.Collator {
	tag := ""
	if len(tags) > 0 {
		tag = tags[0]
	}
	sc.choice(set, "usage", "sort", "sort", "search")
	how := sc.choice(set, "sensitivity", "variant", "base", "accent", "case", "variant")
	o := collation.Options{IgnoreCase: how == "base" || how == "accent", IgnoreAccents: how == "base" || how == "case"}
	if numeric, ok := set["numeric"]; ok {
		o.Numeric = numeric.ToBoolean()
	}
	if k := sc.collation; k.c == nil || k.tag != tag || k.options != o {
		sc.collation = keptCollator{tag, o, collation.New(tag, o)}
	}
	return sc.collation.c
}

// keptCollator is the last that a script used.
type keptCollator struct {
	tag     string
	options collation.Options
	c       *collation.Collator
}
