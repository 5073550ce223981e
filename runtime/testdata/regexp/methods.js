// What each method makes of an expression and a text, as one line. Node runs
// this (methods.mjs), and so does a page (regexp_judge_test.go).
function methods(pattern, flags, text) {
	var out = [];
	function quote(s) {
		var q = "";
		for (var i = 0; i < s.length; i++) {
			var c = s.charCodeAt(i);
			q += c < 0x20 || c > 0x7E || c == 0x22 || c == 0x5C ? "\\u" + ("000" + c.toString(16)).slice(-4) : s.charAt(i);
		}
		return '"' + q + '"';
	}
	function show(v) {
		if (v === undefined || v === null || typeof v == "number" || typeof v == "boolean") return String(v);
		if (typeof v == "string") return quote(v);
		var list = [];
		for (var i = 0; i < v.length; i++) list.push(show(v[i]));
		return "[" + list.join() + "]";
	}
	function say(f) {
		var v;
		try { v = show(f()); } catch (e) { v = e.name + ": " + quote(e.message); }
		out.push(v);
	}
	function found(m) {
		if (!m) return null;
		var named = [];
		for (var k in m.groups) named.push(k, m.groups[k]);
		return [m.index, m.input === text, m.length, m[0], m[1], m[m.length - 1], named];
	}
	function re() { return new RegExp(pattern, flags); }
	// A half pair is U+FFFD in the text of our errors.
	try { re(); } catch (e) { return e.name + ": " + quote(e.message.replace(/[\ud800-\udfff]/gu, "\ufffd")); }
	var r = re();
	// With u or v, V8 11's replace by g goes astray behind an empty match: it
	// makes undefined groups "" and loses matches that its match finds.
	var astray = r.global && (r.unicode || r.unicodeSets) && (text.match(r) || []).indexOf("") >= 0;
	say(function () { return [r.source, r.flags, String(r)]; });
	say(function () { return [found(r.exec(text)), r.lastIndex, found(r.exec(text)), r.lastIndex]; });
	say(function () { var r = re(); r.lastIndex = 2; return [r.test(text), r.lastIndex, r.test(text), r.lastIndex]; });
	say(function () { var r = re(), m = text.match(r); return [r.global ? m : found(m), r.lastIndex]; });
	say(function () { var list = [], n = 0; for (var m of text.matchAll(re())) { list.push(found(m)); if (++n > 20) break; } return list; });
	if (!astray) say(function () { var r = re(); r.lastIndex = 1; return [text.replace(r, "[$&|$1|$2|$01|$10|$`|$'|$$|$0|$<n1>|$]"), r.lastIndex]; });
	if (!astray) say(function () { var seen = []; return [text.replace(re(), function () { for (var i = 0; i < arguments.length; i++) if (typeof arguments[i] != "object") seen.push(arguments[i]); return "<" + arguments[0] + ">"; }), seen]; });
	if (!astray) say(function () { return text.replaceAll(re(), "-$1"); });
	say(function () { var r = re(); r.lastIndex = 3; return [text.search(r), r.lastIndex]; });
	// With v and y V8 11 splits pairs.
	if (!(r.unicodeSets && r.sticky)) say(function () { var r = re(); return [text.split(r), r.lastIndex]; });
	if (!(r.unicodeSets && r.sticky)) say(function () { return text.split(re(), 2); });
	return out.join(" ; ");
}
