JScript's library where JavaScript's differs.

=== Error with a number
<% var e = new Error(5, "text"), f = new Error("text"), g = Error(-2146827850, "m"), h = new Error(), t = new TypeError(7, "tt") %><%= e.number %> <%= e.description %> <%= e.message %> <%= e %> | <%= f.number %> <%= f.description %> <%= f.message %> | <%= g.number & 0xFFFF %> <%= g.number >> 16 & 0x1FFF %> <%= g.description %> | <%= h.number %>[<%= h.description %>] | <%= t.number %> <%= t.name %> <%= t instanceof Error %> <%= t.description %> | <%= e.name %> <%= e instanceof Error %> <%= e.constructor == Error %> <%= Object.keys(e).length %>
-- want --
5 text text Error: text | 0 text text | 438 10 m | 0[] | 7 TypeError True tt | Error True True 0
=== Error's parts can be assigned
<% var e = new Error("a"); e.number = 3; e.description = "b"; e.message = "c"; function Own(m) { this.message = m; this.description = "own " + m } Own.prototype = new Error(); var o = new Own("x"); class Mine extends Error { constructor(m) { super(m); this.extra = 1 } } var m = new Mine("q") %><%= [e.number, e.description, e.message] %> <%= o instanceof Error %> <%= o.description %> <%= m.description %> <%= m.number %> <%= m instanceof Mine %> <%= m.extra %> <%= new Error("c", { cause: 5 }).cause %> <%= new RangeError("r").description %>
-- want --
3,b,c True own x q 0 True 1 5 r
=== the engine's errors have description and number
<% function t(f) { try { f() } catch (e) { Response.Write((e.number & 0xFFFF) + " " + (e.number < 0) + " " + (e.description == e.message) + "; ") } } t(function () { x.y }); t(function () { null.y }); t(function () { ({}).y() }); t(function () { eval("(") }); t(function () { new Array(-5) }); t(function () { Server.CreateObject("x") }); t(function () { Response.Foo() }) %>
-- want --
5009 true true; 5007 true true; 438 true true; 1002 true true; 5029 true true; 499 true false; 438 true false; 
=== a number that a page throws
<%
 throw new Error(1234567, "my own") ### 0012d687:8: my own
%>
=== RegExp's memory
<% /(\w)(\w)?-(\d+)/.exec("say ab-123!") %><%= [RegExp.$1, RegExp.$2, RegExp.$3, RegExp.$4, RegExp.$9].join("|") %> <%= RegExp.lastMatch %> <%= RegExp["$&"] %> [<%= RegExp.leftContext %>] [<%= RegExp["$`"] %>] [<%= RegExp.rightContext %>] [<%= RegExp["$'"] %>] <%= RegExp.input %> <%= RegExp.$_ %> <%= RegExp.index %> <%= RegExp.lastIndex %> <%= RegExp.lastParen %> <%= RegExp["$+"] %>
-- want --
a|b|123|| ab-123 ab-123 [say ] [say ] [!] [!] say ab-123! say ab-123! 4 10 123 123
=== it is kept by everything that matches, and only by what matches
<% var out = []; function n(x) { out.push(RegExp.$1) } n(/(a)/.test("a")); n("b".match(/(b)/)); n("c".replace(/(c)/, "")); n("d".search(/(d)/)); n("e1f".split(/(\d)/)); n("gh".match(/(\w)/g)); n("i".replace(/(i)/, function () { return RegExp.$1 })); n(/(z)/.test("a")); n(new RegExp("(j)").exec("j")); for (var m of "kl".matchAll(/(\w)/g)) n(m) %><%= out %>
-- want --
a,b,c,d,1,h,i,i,j,k,l
=== before any match, and assigned
<% RegExp.$1 = "x" %>[<%= RegExp.$1 %>] [<%= RegExp.lastMatch %>] <%= RegExp.index %> <%= RegExp.lastIndex %> [<%= RegExp.input %>]
-- want --
[] [] -1 -1 []
=== years of JScript
<% function y(d) { return d.getYear() } var d = new Date(2003, 4, 5) %><%= y(new Date(1999, 0)) %> <%= y(new Date(2000, 0)) %> <%= y(new Date(2026, 0)) %> <%= y(new Date(1900, 0)) %> <%= y(new Date(1850, 0)) %> <% d.setYear(99) %><%= d.getFullYear() %> <% d.setYear(2010) %><%= d.getFullYear() %> <%= d.getVarDate() === d %> <%= d.toGMTString() == d.toUTCString() %> <%= new Date(0).toGMTString() %> <%= isNaN(new Date(NaN).getYear()) %> <%= new Date(d.getVarDate()).getTime() == d.getTime() %>
-- want --
99 2000 2026 0 1850 1999 2010 True False Thu, 1 Jan 1970 00:00:00 UTC True True
=== dates that are read
<% function d(s) { var t = new Date(s); if (isNaN(t)) return "none"; function z(n) { return (n < 10 ? "0" : "") + n } return t.getFullYear() + z(t.getMonth() + 1) + z(t.getDate()) + "." + z(t.getHours()) + z(t.getMinutes()) + z(t.getSeconds()) }
var list = ["1/31/2003", "1/31/2003 10:00", "1/31/2003 10:00 PM", "1/31/2003 10:00:05 AM", "01/31/2003 12:00 am", "1-31-2003", "1/31/99", "Jan 31, 2003", "Jan 31, 2003 10:00 PM", "January 31, 2003 10:00", "JANUARY 31 2003", "31 January 2003", "31 Jan 2003 10:00", "Fri Jan 31 2003", "Friday, January 31, 2003", "Fri Jan 31 10:00:00 2003", "2003/01/31", "10:00 1/31/2003", "Jan 31, 2003 (a comment) 10:00", "1/31/2003 22:00:05", "", "tomorrow", "Jan", "1/31/2003 25:00"];
for (var i in list) { %><%= list[i] %> = <%= d(list[i]) %>
<% } %><%= Date.parse("Fri, 31 Jan 2003 10:00:00 GMT") %> <%= Date.parse("Fri Jan 31 10:00:00 UTC 2003") %> <%= Date.parse("Fri Jan 31 12:00:00 UTC+0200 2003") %> <%= Date.parse("Fri, 31 Jan 2003 05:00:00 EST") %> <%= Date.parse("Fri, 31 Jan 2003 02:00:00 -0800") %> <%= Date.parse("2003-01-31T10:00:00Z") %> <%= Date.parse(new Date(2003, 0, 31).toString()) == new Date(2003, 0, 31).getTime() %> <%= Date.parse(new Date(5000).toUTCString()) %> <%= Date.UTC(2003, 0, 31, 10) %>
-- want --
1/31/2003 = 20030131.000000
1/31/2003 10:00 = 20030131.100000
1/31/2003 10:00 PM = 20030131.220000
1/31/2003 10:00:05 AM = 20030131.100005
01/31/2003 12:00 am = 20030131.000000
1-31-2003 = 20030131.000000
1/31/99 = 19990131.000000
Jan 31, 2003 = 20030131.000000
Jan 31, 2003 10:00 PM = 20030131.220000
January 31, 2003 10:00 = 20030131.100000
JANUARY 31 2003 = 20030131.000000
31 January 2003 = 20030131.000000
31 Jan 2003 10:00 = 20030131.100000
Fri Jan 31 2003 = 20030131.000000
Friday, January 31, 2003 = 20030131.000000
Fri Jan 31 10:00:00 2003 = 20030131.100000
2003/01/31 = 20030131.000000
10:00 1/31/2003 = 20030131.100000
Jan 31, 2003 (a comment) 10:00 = 20030131.100000
1/31/2003 22:00:05 = 20030131.220005
 = none
tomorrow = none
Jan = none
1/31/2003 25:00 = none
1044007200000 1044007200000 1044007200000 1044007200000 1044007200000 1044007200000 True 5000 1044007200000
=== String's HTML methods
<%= "x" . anchor ("n") %><%= "x".big() %><%= "x".blink() %><%= "x".bold() %><%= "x".fixed() %><%= "x".fontcolor("red") %><%= "x".fontsize(7) %><%= "x".italics() %><%= "x".link("u?a=\"1\"") %><%= "x".small() %><%= "x".strike() %><%= "x".sub() %><%= "x".sup() %><%= (5).toString().bold() %><%= "<".bold() %><%= String(Request.QueryString("a")).italics() %>
-- request --
GET /page.asp?a=q
-- want --
<A NAME="n">x</A><BIG>x</BIG><BLINK>x</BLINK><B>x</B><TT>x</TT><FONT COLOR="red">x</FONT><FONT SIZE="7">x</FONT><I>x</I><A HREF="u?a=&quot;1&quot;">x</A><SMALL>x</SMALL><STRIKE>x</STRIKE><SUB>x</SUB><SUP>x</SUP><B>5</B><B><</B><I>q</I>
=== escape and unescape
<%= escape("a b/c?d=é&漢+@*_-.") %> <%= unescape("%20%E9%u6F22%zz%u12+") %> <%= unescape(escape("\u0000é漢😀")) == "\u0000é漢😀" %> <%= escape(undefined) %> <%= escape(1.5) %>
-- want --
a%20b/c%3Fd%3D%E9%26%u6F22+@*_-.  é漢%zz%u12+ True undefined 1.5
=== arguments.callee, substr, and others
<%= (function (n) { return n > 1 ? n * arguments.callee(n - 1) : 1 })(5) %> <%= "abcdef".substr(-3, 2) %> <%= "abc".substring(2, 0) %> <%= [3, 20, 1].sort() %> <%= [1, 2, 3].slice(-2) %> <%= "a,b".split(",").length %> <%= parseInt("0x1f") %> <%= parseInt("12abc") %> <%= 0777 %> <%= isNaN("x") %> <%= typeof NaN %> <%= (25).toString(16) %> <%= Math.round(-2.5) %> <%= new Function("a", "b", "return a+b")(1, 2) %> <%= (function () { return typeof this })() %> <%= [, 1].length %> <%= "\v" == "v" %> <%= new Array(3).join("-") %> <%= Number("") %> <%= "5" - 2 %> <%= "5" + 2 %> <%= (function f(a, b) {}).length %> <%= void 0 == null %> <%= new Object().toString() %>
-- want --
120 de ab 1,20,3 2,3 2 31 12 511 True number 19 -2 3 object 2 False -- 0 3 52 2 True [object Object]
=== var of a caught error's name
<% function f() { try { throw 1 } catch (e) { var e = 2, x = e + 1; Session("e") = e } return e + "," + x }
function g() { try { throw 1 } catch (e) { for (var e = new Enumerator([7, 8]), s = ""; !e.atEnd(); e.moveNext()) s += e.item(); if (s) { var e; for (var e in { k: 1 }) s += e; for (var i = 0, e = 5; i < 1; i++) s += e } } return typeof e + s }
function h() { try { throw 1 } catch (e) { (function () { var e = 3 })(); try { throw 2 } catch (e) { var e = 4 } return e } }
try { throw new Error("m") } catch (err) { var err = err.message; var a = err } %><%= f() %> <%= Session("e") %> <%= g() %> <%= h() %> <%= a %> <%= String(err) %>
-- want --
undefined,3 2 undefined78k5 1 m undefined
=== JScript told more errors apart than the engine does
<% function n(f) { try { f(); return "fine" } catch (e) { return e.number & 0xFFFF } } var u %><%= [n(function () { u.x }), n(function () { u() }), n(function () { ({}).m() }), n(function () { u.m() }), n(function () { nope }), n(function () { new u() }), n(function () { new Math.max() }), n(function () { 1 instanceof {} }), n(function () { Date.prototype.getTime.call(1) }), n(function () { Boolean.prototype.valueOf.call(1) }), n(function () { Number.prototype.toFixed.call("a") }), n(function () { RegExp.prototype.exec.call(1) }), n(function () { new Array(-1) }), n(function () { (1).toFixed(101) }), n(function () { (1).toPrecision(101) }), n(function () { (1).toString(99) }), n(function () { decodeURI("%") }), n(function () { eval("a b") }), n(function () { new RegExp("(") }), n(function () { new RegExp("[") }), n(function () { new RegExp("*") }), n(function () { f() = 1; function f() {} }), n(function () { throw new TypeError("own") }), n(function () { throw new Error("own") })] %>
-- want --
5007,5002,438,5007,5009,5002,445,5002,5002,5010,5001,5016,5029,5026,5027,5,5025,1002,5020,5019,5017,5003,5007,0
=== eval and Function are given the dialect; by another name eval is the engine's
<% var e = eval, w = this; eval("Session('x') = 1"); eval("eval(\"Session('x') += 1\")"); e("var g = 1"); (0, eval)("g += 1");
eval("Session('y') = typeof Request.QueryString('a')"); Function("Session('z') = 4")();
var F = Function; Function("v", "Session('z') += v")(1); new Function("v", "w", "Session('z') += v > w > 0")(1, 1); var o = { eval: function (s) { return "own " + s + (this == o) } };
function local() { var l = 7; return eval("l") + typeof e("typeof l") }
%><%= Session("x") %> <%= Session("y") %> <%= Session("z") %> <%= o.eval("e") %> <%= local() %> <%= g %> <%= e === eval %> <%= w.eval === e %> <%= typeof eval %> <%= F === Function %> <%= local.constructor === F %> <%= local instanceof F %>
-- want --
2 object 5 own etrue 7string 2 True True function True True True
=== the text of a Date is JScript's, and is read back
<% var d = new Date(2003, 4, 3, 9, 5, 7), s = String(d); Session("d") = d;
function zone(t) { return t.replace(/UTC([+-]\d{4})?/, "Z") }
%><%= zone(s) %> | <%= zone("" + d) %> | <%= zone(d.toTimeString()) %> | <%= d.toDateString() %> | <%= Date.parse(s) == +d %> <%= +new Date(s) == +d %> | <% Response.Write(s == d) %> <%= d == s %> | <%= s == Session("d") %> | <%= new Date(NaN) %> | <%= new Boolean(false) %> | <% try { Date.prototype.toString.call({}) } catch (e) { Response.Write(e.name) } %>
-- want --
Sat May 3 09:05:07 Z 2003 | Sat May 3 09:05:07 Z 2003 | 09:05:07 Z | Sat May 03 2003 | True True | True True | True | Invalid Date | False | TypeError
=== the text of a function made of text
<% var f = new Function("a", "b", "return a + b"); %><%= f %>|<%= new Function() %>|<%= function (x) { return x } %>|<%= f.toString === Function.prototype.toString %> <%= f(1, 2) %>
-- want --
function anonymous(a, b) {
return a + b
}|function anonymous() {

}|function (x) { return x }|True 3
