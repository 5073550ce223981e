package runtime

import (
	"regexp"
	"strings"
)

// A feature is a part of JScript's library that a program needs on top of the
// engine's. Each costs something to set up, so only programs whose text names
// it get it.
type feature int

const (
	needPromises feature = iota
	needErrors           // Error(number, description), e.number, e.description
	needMatcher          // regular expressions
	needMatch            // and their methods
	needMatchAll
	needSearch
	needReplace
	needSplit
	needFlags  // hasIndices, unicodeSets
	needRegExp // RegExp.$1 …
	needDates  // getYear, setYear, toGMTString, getVarDate
	needHTML   // "".bold(), "".link(url) …
	needLocale // toLocaleString and its kin by LCID

	// The bounds of the engine's functions, see bounds.go.
	needTextBounds
	needReplaceBounds
	needJSONBounds
	needCallBounds
	needBufferBounds
	needFromBounds
	needBigIntBounds
	needProxyBounds
	needDateText     // the text of a Date
	needFunctionText // the text of a Function

	// What the engine gets wrong.
	needRadix      // toString(36)
	needNumber     // Number(1n), Number("0x…")
	needIncludes   // [-0].includes(0)
	needWellFormed // isWellFormed, toWellFormed
	needIsNaN      // isNaN("\u00a05")
	needBits       // Math.imul and its kin

	firstMethod // the bound of boundedMethods[0]; the others follow

	firstSetter  = firstMethod + feature(len(boundedMethods)) // set and localSetters[0]; the others follow
	featureCount = firstSetter + feature(len(localSetters))
)

// allBounds are the bounds of all functions.
func allBounds() features {
	f := need(needTextBounds, needReplaceBounds, needJSONBounds, needCallBounds, needBufferBounds, needFromBounds, needBigIntBounds, needProxyBounds)
	for method := firstMethod; method < firstSetter; method++ {
		f.add(need(method))
	}
	return f
}

// featuresOf looks for the words by which a program may use a feature. Text
// that is made at run time is looked at when it is made (source.go).
func featuresOf(text string) features {
	var f features
	for _, w := range featureWords {
		if !f.has(w.feature) && strings.Contains(text, w.word) {
			f.add(need(w.feature))
		}
	}
	if htmlMethod.MatchString(text) {
		f.add(need(needHTML))
	}
	if usesBigInt(text) {
		f.add(need(needBigIntBounds))
	}
	if radixCall.MatchString(text) {
		f.add(need(needRadix))
	}
	if strings.Contains(text, "Number") && (usesBigInt(text) || prefixInText.MatchString(text)) {
		f.add(need(needNumber))
	}
	f.add(methodsOf(text))
	f.add(settersOf(text))
	return f
}

// htmlMethod is a call of one of String's HTML methods.
var htmlMethod = regexp.MustCompile(`\.\s*(?:anchor|big|blink|bold|fixed|fontcolor|fontsize|italics|link|small|strike|sub|sup)\s*\(`)

var featureWords = []struct {
	word    string
	feature feature
}{
	{"Promise", needPromises},
	{"async", needPromises},
	{".number", needErrors},
	{"description", needErrors},
	{"Error(", needErrors},
	{`["number"]`, needErrors},
	{"RegExp", needMatcher}, {"match", needMatch}, {"matchAll", needMatchAll}, {"search", needSearch},
	{"hasIndices", needFlags}, {"unicodeSets", needFlags},
	{"RegExp.", needRegExp},
	{"RegExp[", needRegExp},
	{"getYear", needDates},
	{"setYear", needDates},
	{"toGMTString", needDates},
	{"getVarDate", needDates},
	{"toLocale", needLocale}, {"localeCompare", needLocale},
	{"Function(", needFunctionText},
	{"new Date", needDateText}, {"Date(", needDateText}, {"Date.", needDateText},
	{"repeat", needTextBounds}, {"padStart", needTextBounds}, {"padEnd", needTextBounds},
	{"replace", needReplaceBounds}, {"replace", needReplace}, {"split", needSplit},
	{"JSON", needJSONBounds},
	{"apply", needCallBounds}, {"Reflect", needCallBounds},
	{"ArrayBuffer", needBufferBounds}, {"8Array", needBufferBounds}, {"ClampedArray", needBufferBounds}, {"16Array", needBufferBounds},
	{"32Array", needBufferBounds}, {"64Array", needBufferBounds},
	{"Array.from", needFromBounds},
	{"Proxy", needProxyBounds},
	{"isNaN", needIsNaN}, {"isFinite", needIsNaN}, {"includes", needIncludes}, {"WellFormed", needWellFormed},
	{"imul", needBits}, {"clz32", needBits}, {"fromCharCode", needBits},
}

// extend sets up features that the script doesn't have yet.
func (sc *script) extend(f features) {
	if f.remove(sc.have); f.empty() {
		return
	}
	sc.have.add(f)
	for _, e := range extensions() {
		if f.has(e.feature) {
			e.setUp(sc)
		}
	}
	sc.boundArray(f)
	sc.extendDateSetters(f)
}

// extension is what sets a feature up.
type extension struct {
	feature feature
	setUp   func(*script)
}

// extensions are all of them, in the order in which they are set up.
func extensions() [30]extension {
	return [...]extension{
		{needPromises, (*script).trackRejections},
		{needErrors, (*script).extendErrors},
		{needMatcher, (*script).setUpRegExp},
		{needMatch, (*script).setUpMatch},
		{needMatchAll, (*script).setUpMatchAll},
		{needSearch, (*script).setUpSearch},
		{needReplace, (*script).setUpReplace},
		{needSplit, (*script).setUpSplit},
		{needFlags, (*script).setUpFlags},
		{needRegExp, (*script).extendRegExp},
		{needDates, (*script).extendDates},
		{needDateText, (*script).extendDateText},
		{needDateText, (*script).extendDateValues},
		{needRadix, (*script).extendRadix},
		{needNumber, (*script).extendNumber},
		{needIncludes, (*script).extendIncludes},
		{needWellFormed, (*script).extendWellFormed},
		{needIsNaN, (*script).extendIsNaN},
		{needBits, (*script).extendBits},
		{needFunctionText, (*script).extendFunctionText},
		{needHTML, (*script).extendStrings},
		{needLocale, (*script).extendLocale},
		{needTextBounds, (*script).boundText},
		{needReplaceBounds, (*script).boundReplace},
		{needJSONBounds, (*script).boundJSON},
		{needCallBounds, (*script).boundCalls},
		{needBufferBounds, (*script).boundBuffers},
		{needFromBounds, (*script).boundFrom},
		{needBigIntBounds, (*script).boundBigInt},
		{needProxyBounds, (*script).boundProxy},
	}
}
