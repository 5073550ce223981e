What JScript has and the script engine lacks.

=== Enumerator
<% var out = []; for (var e = new Enumerator([1, 2, 3]); !e.atEnd(); e.moveNext()) out.push(e.item()); e.moveFirst(); out.push(e.item()); var none = new Enumerator(); out.push(none.atEnd(), typeof none.item()); for (var m = new Enumerator(new Map([[1, 2]])); !m.atEnd(); m.moveNext()) out.push(m.item().join("-")); try { new Enumerator(5) } catch (x) { out.push(x.number & 0xffff) } %><%= out %>
-- want --
1,2,3,1,true,undefined,1-2,451
=== Error numbers and descriptions
<% var e = new Error(5, "text"); %><%= e.number %>|<%= e.description %>|<%= e.message %>|<%= new Error("m").description %>|<% try { null.x } catch (x) { %><%= x.number & 0xffff %><% } try { nope } catch (x) { %>|<%= x.description %><% } %>
-- want --
5|text|text|m|5007|nope is not defined
=== RegExp's memory, old dates, HTML strings, engine
<% /(\d+)-(\w+)/.test("ab 12-xy z") %><%= RegExp.$1 + RegExp.$2 + RegExp.leftContext %>|<%= new Date(1999, 0, 1).getYear() %>|<%= "x".bold() %>|<%= ScriptEngine() %>|<%= ScriptEngineMajorVersion() >= 5 %>|<%= escape("é ") + unescape("%u0041") %>|<%= "abc".substr(-2, 1) %>
-- want --
12xyab |99|<B>x</B>|JScript|True|%E9%20A|b
=== VBArray
<% var a = new VBArray([[1, 2], [3, 4]]) %><%= a.dimensions() %>|<%= a.ubound(1) %>|<%= a.lbound() %>|<%= a.toArray() %>|<%= a.getItem(0, 1) %>
-- want --
2|1|0|1,2,3,4|3
=== GetObject
<% try { GetObject("x") } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
ASP 0104
=== eval and Function see and make the page's names
<% var v = 1; eval("v = 2; function made() { return v }"); var f = new Function("a", "return a + v") %><%= made() %><%= f(1) %><%= eval("({a: 5})").a %><% try { eval("if (") } catch (e) { %><%= e.name %><% } %>
-- want --
235SyntaxError
=== typeof tells objects from functions
<% function f() {} %><%= [typeof f, typeof Response, typeof Request, typeof Request.QueryString, typeof Session, typeof Session.Contents, typeof Response.Cookies("x"), typeof nothing, typeof null, typeof 1, typeof "", typeof Response.Write, typeof class {}, typeof Symbol(), typeof 1n, typeof true] %>
-- want --
function,object,object,object,object,object,object,undefined,object,number,string,function,function,symbol,bigint,boolean
=== intrinsics as values
<% var r = Response, w = Response.Write, q = Request; w("a"); r.Write("b"); with (Response) { Write("c") } ["d"].forEach(Response.Write); Response["Write"]("e"); Response["wr" + "ite"](q.QueryString("x")); (0, Response.Write)("f"); Response.Write.call(null, "g"); Response.Write.apply(Response, ["h"]) %><%= "Write" in Response %><%= Response == r %><%= Response.Write === w %><%= String(Response).length > 0 %>
-- request --
GET /page.asp?x=1
-- want --
abcde1fghTrueTrueTrueTrue
=== the arguments of toLocaleString take effect
<% var n = 1234567.891, d = new Date(Date.UTC(2024, 0, 31, 12, 0, 0)), o = {timeZone: "UTC"}, show = function (f) { try { return f() } catch (e) { return e.name } };
var list = [n.toLocaleString("de-DE"), n.toLocaleString("de"), n.toLocaleString("de-LI"), n.toLocaleString("fr-CA"), n.toLocaleString(["xx", "sv-SE"]), n.toLocaleString("xx"), n.toLocaleString(undefined, {maximumFractionDigits: 1}),
n.toLocaleString("en-US", {minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false}), (0.256).toLocaleString("de", {style: "percent"}), (1.0005).toLocaleString("en"), (0.5).toLocaleString("en", {maximumFractionDigits: 0}), (999.9996).toLocaleString("en"), (-0).toLocaleString(), Infinity.toLocaleString(), NaN.toLocaleString(), (1e21).toLocaleString("en"), (5).toLocaleString("de-CH", {minimumFractionDigits: 2}),
d.toLocaleDateString("de-DE", o), d.toLocaleDateString("en-GB", o), d.toLocaleDateString("zh-Hant", o), d.toLocaleTimeString("en-US", o), d.toLocaleString("ja-JP", {timeZone: "Asia/Tokyo"}), d.toLocaleDateString("pt", o), d.toLocaleDateString("nb-NO-u-nu-latn", o), d.toLocaleDateString("es", o),
show(function () { return n.toLocaleString("not a tag") }), show(function () { return n.toLocaleString("de_DE") }), show(function () { return n.toLocaleString(null) }), show(function () { return n.toLocaleString("de", {style: "currency", currency: "EUR"}) }), show(function () { return n.toLocaleString("de", {style: "money"}) }), show(function () { return n.toLocaleString("de", {minimumFractionDigits: 5, maximumFractionDigits: 2}) }), show(function () { return n.toLocaleString("de", {minimumFractionDigits: -1}) }), show(function () { return d.toLocaleDateString("de", {weekday: "long"}) }), show(function () { return d.toLocaleDateString("de", {timeZone: "Nowhere/Land"}) }), show(function () { return n.toLocaleString("de", 5) })];
%><%= list.join("\n") %>
-- want --
1.234.567,891
1.234.567,891
1.234.567,891
1 234 567,891
1 234 567,891
1,234,567.891
1,234,567.9
1234567.89
26%
1.001
1
1,000
-0
∞
NaN
1,000,000,000,000,000,000,000
5.00
31.01.2024
31/01/2024
2024/1/31
12:00:00 PM
2024/01/31 21:00:00
31/01/2024
31.01.2024
31/01/2024
RangeError
RangeError
TypeError
TypeError
RangeError
RangeError
RangeError
TypeError
RangeError
TypeError
=== those of localeCompare and of case, too
<% var show = function (f) { try { return f() } catch (e) { return e.name } } %><%= ["ä".localeCompare("z"), "ä".localeCompare("z", "de"), "ä".localeCompare("z", "sv"), "a".localeCompare("A", "en", {sensitivity: "accent"}), "a".localeCompare("á", "en", {sensitivity: "base"}), "a10".localeCompare("a9"), "a10".localeCompare("a9", undefined, {numeric: true}), ["z", "å", "a"].sort(function (a, b) { return a.localeCompare(b, "sv-SE") }).join(""), show(function () { return "a".localeCompare("b", "x y") }), show(function () { return "a".localeCompare("b", "en", {caseFirst: "upper"}) }), show(function () { return "a".localeCompare("b", "en", {sensitivity: "none"}) }), "iı".toLocaleUpperCase("tr") == "\u0130I", "I".toLocaleLowerCase("tr-TR") == "\u0131", "i".toLocaleUpperCase("en"), "i".toLocaleUpperCase(), show(function () { return "i".toLocaleUpperCase("?") })].join("|") %>
-- want --
-1|-1|1|0|0|-1|1|azå|RangeError|TypeError|RangeError|true|true|I|I|RangeError
