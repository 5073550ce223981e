Collections are objects that can be called and have a value: row by row.

=== a collection as text is what was sent
<%= Request.QueryString %>|<%= String(Request.QueryString) %>|<%= Request.QueryString + "" %>|<%= "" + Request.Form %>|<%= `${Request.Form}` %>|<%= [Request.Form] %>|<%= Request.QueryString == "a=1&t=x&t=y%20z" %>|<%= Request.Cookies %>|<%= Request.QueryString() %>
-- request --
POST /page.asp?a=1&t=x&t=y%20z
Content-Type: application/x-www-form-urlencoded
Cookie: c=d; e=f%20g

k=1+2&k=%26
-- want --
a=1&t=x&t=y%20z|a=1&t=x&t=y%20z|a=1&t=x&t=y%20z|k=1+2&k=%26|k=1+2&k=%26|k=1+2&k=%26|True|c=d; e=f%20g|a=1&t=x&t=y%20z
=== values of one name
<% var t = Request.QueryString("t") %><%= t %>|<%= t.Item %>|<%= t.Item() %>|<%= t() %>|<%= String(t) %>|<%= t.Count %>|<%= t.Count() %>|<%= t.count + 1 %>|<%= typeof t.Count %>|<%= Request.QueryString("t") + "" == "x, y" %>
-- request --
GET /page.asp?a=1&t=x&T=y
-- want --
x, y|x, y|x, y|x, y|x, y|2|2|3|number|True
=== by place, from 1
<% var t = Request.QueryString("t") %><%= t(1) %><%= t(2) %><%= t.Item(1) %><%= t.Item(2) %><%= Request.QueryString("t")(2) %><%= typeof t(1) %><%= t("2") %><%= Request.ServerVariables("URL")(1) %><%= Request.QueryString(2) %><%= Request.QueryString(1)(1) %>
-- request --
GET /page.asp?a=1&t=x&t=y
-- want --
xyxyystringy/page.aspx, y1
=== outside of the list
<% function t(f) { try { f(); Response.Write("fine\n") } catch (e) { Response.Write(e.number + " " + e.description + "\n") } }
t(function () { Request.QueryString("t").Item(0) }); t(function () { Request.QueryString("t")(5) }); t(function () { Request.QueryString("none").Item(1) }); t(function () { Request.QueryString(9) }); t(function () { Request.QueryString.Key(9) }); t(function () { Request.QueryString.Key(0) }); t(function () { Session.Contents.Key(1) }); t(function () { Request.Cookies(3) }) %>
-- request --
GET /page.asp?a=1&t=x&t=y
-- want --
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
=== and when nobody catches it
<%
  var x = Request.QueryString("t").Item(3) ### 0105:40: Index out of range
%>
=== the collection's own members
<% var q = Request.QueryString %><%= q.Count %><%= q.Count() %> <%= q.Key(1) %><%= q.Key(2) %> <%= q.Key("T") %>[<%= q.Key("zz") %>] <%= q.Item("a") %><%= q.item("T") %><%= q.Item(1) %> <%= typeof q.Count %>
-- request --
GET /page.asp?a=1&t=x&t=y
-- want --
22 at t[] 1x, y1 number
=== typeof
<%= [typeof Request.QueryString, typeof Request.QueryString("a"), typeof Request.QueryString("none"), typeof (Request.Form), typeof Request, typeof Session, typeof Session.Contents, typeof Application, typeof Request.Cookies("x"), typeof Response.Cookies, typeof Response, typeof Server, typeof Server.GetLastError(), typeof Request("none"), typeof Session("none"), typeof Request.ServerVariables("URL")] %>
<% var a = Request.QueryString("a"), f = function () {}; function g(x) { return typeof x } %><%= typeof a %> <%= g(a) %> <%= g(f) %> <%= typeof f %> <%= typeof Response.Write %> <%= typeof undeclared %> <%= typeof typeof a %> <%= typeof { x: a }.x %> <%= typeof (0, a) %> <%= typeof a == "object" %>
-- request --
GET /page.asp?a=1
-- want --
object,object,object,object,object,object,object,object,object,object,object,object,object,undefined,undefined,object
object object function function function undefined string object object True
=== typeof and switch in text for eval
<% var item = Request.QueryString("a"); function local(x) { return eval("typeof x + typeof(x) + typeof (x).Count + typeof nothing") } %><%= eval("typeof item") %> <%= eval("typeof(item)+1") %> <%= eval("typeof Request.QueryString('a')") %> <%= local(item) %> <%= local(local).substr(0, 8) %> <% var o = {b: item} %><%= new Function("x", "return typeof x")(item) %> <%= Function("return typeof Response.Write")() %> <%= eval("switch (item) { case '1': 'one'; break; default: 'none' }") %> <%= eval("switch ((item)) { case '1': eval('typeof item') }") %> <%= eval("typeof o.b") %>
-- request --
GET /page.asp?a=1
-- want --
object object1 object objectobjectnumberundefined function object function one object object
=== a collection is true, and so is an item
<% if (Request.QueryString) { %>1<% } if (Request.Form) { %>2<% } if (Request.QueryString("none")) { %>3<% } if (Request.QueryString("empty")) { %>4<% } if (!Request.QueryString("a")) { %>?<% } if (!Request("none")) { %>5<% } %><%= Request.QueryString("a") ? "y" : "n" %><%= Request("none") ? "y" : "n" %><%= Request.QueryString("none") && "and" %><%= Request("none") || "or" %><%= !!Request.Cookies("none") %>
-- request --
GET /page.asp?a=0&empty=
-- want --
12345ynandorTrue
=== an item compares by its value
<% var a = Request.QueryString("a"), n = Request.QueryString("n") %><%= [a == "x", a != "x", "x" == a, a == "X", n == 5, n == "5", 5 == n, n < 10, n > "4", n >= 5, a < "y", n != 5, a == a, Request.QueryString("a") == Request.QueryString("a"), a === "x", a == true, n == 5.0] %>
-- request --
GET /page.asp?a=x&n=5
-- want --
true,false,true,false,true,true,true,true,true,true,true,false,true,false,false,false,true
=== arithmetic
<% var n = Request.QueryString("n") %><%= n - 1 %> <%= n * "2" %> <%= n / 2 %> <%= -n %> <%= +n + 1 %> <%= n + 1 %> <%= 1 + n %> <%= n % 2 %> <%= n & 4 %> <%= ~n %> <%= n << 1 %> <% var m = n; m++ %><%= m %> <% var k = n; k += 1 %><%= k %> <%= Math.max(n, 3) %> <%= parseInt(n) %> <%= parseInt(n, 8) %> <%= parseFloat(n) %> <%= Number(n) %> <%= isNaN(n) %> <%= isFinite(n) %> <%= n ** 2 %>
-- request --
GET /page.asp?n=5
-- want --
4 10 2.5 -5 6 51 15 1 4 -6 10 6 51 5 5 5 5 5 False True 25
=== as text in everything that takes text
<% var a = Request.QueryString("a") %><%= "<" + a + ">" %> <%= `${a}` %> <%= [a, a].join("/") %> <%= "x".concat(a) %> <%= encodeURIComponent(a) %> <%= escape(a) %> <%= "zab cz".indexOf(a) %> <%= "1 2".replace(" ", a) %> <%= "1-2-3".replace(/-/g, a) %> <%= "a b".replace(a, "found") %> <%= new String(a).length %> <%= String(a).toUpperCase() %> <%= (a + "").charAt(0) %> <%= a.toString().length %> <%= a.valueOf() + 1 %> <%= /b/.test(a) %> <%= /(\w) (\w)/.exec(a)[2] %> <%= "xa bx".split(a) %> <%= Server.HTMLEncode(a) %> <%= Server.URLEncode(a) %> <%= { "a b": "key" }[a] %> <%= ({ toString: null, "a b": 1 }).hasOwnProperty(a) %> <%= a in { "a b": 1 } %> <%= eval("'" + a + "'") %> <%= new Date(Request.QueryString("d")).getFullYear() %> <%= Date.parse(Request.QueryString("d")) > 0 %> <%= "b" > a %> <%= [["a b"], [a]].map(String) %> <%= "abc".substr(Request.QueryString("n")) %> <%= new Array(Request.QueryString("n"))[0] %> <%= JSON.parse(Request.QueryString("n")) + 1 %> <%= new RegExp(a).source %> <%= decodeURIComponent(a) %> <%= Symbol(a).description %>
-- request --
GET /page.asp?a=a+b&d=1/31/2003&n=1
-- want --
<a b> a b a b/a b xa b a%20b a%20b -1 1a b2 1a b2a b3 found 3 A B a 3 a b1 True b x,x a b a+b key True True a b 2003 True True a b,a b bc 1 2 a b a b a b
=== switch uses the value
<% function s(x) { switch (x) { case "a": return "text"; case 5: return "number"; case undefined: return "nothing"; default: return "other" } } %><%= s(Request.QueryString("a")) %> <%= s(Request.QueryString("n")) %> <%= s(Request.QueryString("none")) %> <%= s(Request("none")) %> <%= s(Request.Cookies("c")) %> <% switch (Request.QueryString("a") + "") { case "a": %>yes<% break; default: %>no<% } switch (1) { case Request.QueryString("n"): %>?<% } %>
-- request --
GET /page.asp?a=a&n=5
Cookie: c=a
-- want --
text other nothing nothing text yes
=== JSON
<%= JSON.stringify(Request.QueryString("a")) %> <%= JSON.stringify({ a: Request.QueryString("a"), t: Request.QueryString("t"), none: Request.QueryString("none"), all: Request.QueryString, c: Request.Cookies("c") }) %> <%= JSON.stringify([Request.QueryString("none")]) %> <%= JSON.stringify({ r: Response, s: Session, q: Request }).length > 5 %>
-- request --
GET /page.asp?a=1&t=x&t=y
Cookie: c=d
-- want --
"1" {"a":"1","t":"x, y","all":"a=1&t=x&t=y","c":"d"} [null] True
=== in, for…in, for…of, spread
<% var s = ""; for (var k in Request.QueryString) s += k + "=" + Request.QueryString(k) + ";"; for (var n of Request.QueryString) s += n + ","; for (var v of Request.QueryString("t")) s += v + "!"; s += [...Request.QueryString].length + Array.from(Request.QueryString("t")).join("+"); for (var c in Request.Cookies("c")) s += c; for (var x in Session.Contents) s += "?"; Session("sk") = 1; for (var x in Session.Contents) s += x %><%= s %> <%= "Count" in Request.QueryString %> <%= "nope" in Request.QueryString %> <%= Object.keys(Request.QueryString) %> <% var [first, second] = Request.QueryString("t") %><%= first + second %> <%= Math.max(...Request.QueryString("t2")) %>
-- request --
GET /page.asp?a=1&t=x&t=y&t2=3&t2=8
Cookie: c=k=v
-- want --
a=1;t=x, y;t2=3, 8;a,t,t2,x!y!3x+yksk True False a,t,t2 xy 8
=== nothing tells a collection from an object
<% var q = Request.QueryString %><%= q instanceof Object %> <%= q instanceof Function %> <%= Object.prototype.toString.call(q) %> <%= Object.prototype.toString.call(q("a")) %> <%= Array.isArray(q) %> <%= q.constructor === Object %> <%= "call" in q %> <%= "apply" in q("a") %> <%= Object.getPrototypeOf(q) === Object.prototype %> <%= delete q.Count %> <%= q === Request.QueryString %> <%= q.hasOwnProperty("a") %>
-- request --
GET /page.asp?a=1
-- want --
True False [object Object] [object Object] False True False False True False True True
=== field names that the language knows
<% var q = Request.QueryString; function g(n) { return n + "=" + q(n) + " " } %><%= g("__proto__") + g("constructor") + g("toString") + g("length") + g("Count") + g("Item") + g("hasOwnProperty") + g("valueOf") + g("name") + g("") %><%= q.Count %> <%= q("key").Count %>
-- request --
GET /page.asp?__proto__=1&constructor=2&toString=3&length=4&count=5&item=6&hasOwnProperty=7&valueOf=8&name=9&key=10&=11
-- want --
__proto__=1 constructor=2 toString=3 length=4 Count=5 Item=6 hasOwnProperty=7 valueOf=8 name=9 =11 11 1
=== values go to Session, Application, components and functions of Server
<% var a = Request.QueryString("a"), e = Server.CreateObject("Test.Echo"); Session("a") = a; Session("t") = Request.QueryString("t"); Session("q") = Request.QueryString; Session("o") = { item: a, list: [a] }; Application("a") = Request("a"); Session("none") = Request.QueryString("none") %><%= typeof Session("a") %> <%= Session("t") %> <%= Session("q") %> <%= Session("o").item + Session("o").list[0] %> <%= Application("a") %> <%= typeof Session("none") %> <%= e.Text(a) %> <%= e.Number(Request.QueryString("n")) %> <%= e.Flag(a) %> <%= e.Any(a) %> <%= e.Any(Request.QueryString("none")) %> <%= e.List([a, "y"]) %> <%= e.Any({ k: a }) %> <%= e.Text(Request.QueryString) %> <%= Server.MapPath(a) %>
-- request --
GET /page.asp?a=x&t=1&t=2&n=5
-- want --
string 1, 2 a=x&t=1&t=2&n=5 xx x undefined "x" 5 true string x <nil> <nil> ["x" "y"] map[string]interface {} map[k:x] "a=x&t=1&t=2&n=5" /x
=== Contents, and keys of any case
<% Session("Nick") = "a"; Session("NICK") = "b"; Application("x") = 1 %><%= Session("nick") %> <%= Session.Contents.Count %> <%= Session.Contents.Key(1) %> <%= Session.Contents(1) %> <%= Session.Contents.Item("nIcK") %> <%= Application.Contents("X") %> <%= Session.Contents == null %> <% Session.Contents.Remove("nick") %><%= String(Session("nick")) %> <%= Session.Contents.Count %> <% Session("a") = 1; Session("b") = 2; Session.Contents.Remove(1) %><%= Session.Contents.Key(1) %> <% Application.Contents.RemoveAll() %><%= String(Application("x")) %> <%= Session("none") == null %> <%= Session("none") + 1 %> <%= Session(2 - 1) %>
-- want --
b 1 Nick b b 1 False undefined 0 b undefined True NaN 2
=== server variables
<% var v = Request.ServerVariables %><%= v("URL") %> <%= v("url") %> <%= v("REQUEST_METHOD").Item %> <%= v("HTTP_X_ONE") %> <%= v("NONE") == "" %> <%= String(v("NONE")) == "" %> <%= v("QUERY_STRING") %> <%= v("HTTP_HOST").Count %> <% for (var e = new Enumerator(v), n = 0, seen = false; !e.atEnd(); e.moveNext()) { n++; if (e.item() == "URL") seen = true } %><%= n > 20 %> <%= seen %>
-- request --
GET /page.asp?a=1
X-One: two
-- want --
/page.asp /page.asp GET two True True a=1 1 True True
=== Item by itself is the item's text
<% var i = Request.QueryString("t"); function f(o) { return o.item } %><%= i.Item === "x, y" %> <%= typeof i.item %> <%= i.Item() === "x, y" %> <%= i.Item(2) %> <%= f(i) === "x, y" %> <%= f({ item: 5 }) %> <%= typeof Request.QueryString.Item %> <%= Request.QueryString.Item("t") + "" %> <%= i.Item ? 1 : 2 %> <%= String(Request.QueryString("no").Item) %>
-- request --
GET /page.asp?t=x&t=y
-- want --
True string True y True 5 object x, y 1 undefined
=== properties with parentheses in eval, Function and modules
<% var q = Request.QueryString %><%= eval("q.Count() + q('t').count ()") %> <%= new Function("c", "return c.Count()")(q("t")) %> <%= require("./m").count(q) %> <%= eval("var s = typeof q.Count(); s") %>
-- request --
GET /page.asp?a=1&t=x&t=y
-- m.js --
exports.count = function (c) { return c.Count() + c("t").Count() }
-- want --
4 2 4 number
