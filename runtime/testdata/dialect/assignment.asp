Assignment to a call: every operator in every place, once and in order.

=== every operator
<% Session("n")=7 %><%= Session("n") += 3 %> <%= Session("n") -= 1 %> <%= Session("n") *= 2 %> <%= Session("n") /= 3 %> <%= Session("n") %= 4 %> <%= Session("n") <<= 5 %> <%= Session("n") >>= 2 %> <%= Session("n") >>>= 1 %> <%= Session("n") |= 9 %> <%= Session("n") &= 12 %> <%= Session("n") ^= 5 %> <%= Session("n") **= 2 %>
-- want --
10 9 18 6 2 64 16 8 9 8 13 169
=== operators that may leave it
<% Session("a")||=1; Session("a")||=2; Session("b")&&=3; Session("c")??=4; Session("c")??=5; Session("a")&&=6 %><%= [Session("a"), Session("b"), Session("c")] %>
-- want --
6,,4
=== logical operators don't evaluate what they don't need
<% var log = ""; function v(x) { log += x; return x }
Session("a") = 1; Session("a") ||= v(2); Session("b") &&= v(3); Session("a") ??= v(4); Session("d") ||= v(5) %><%= log %>
-- want --
5
=== counting up and down
<% Session("n")=5 %><%= Session("n")++ %><%= ++Session("n") %><%= Session("n")-- %><%= --Session("n") %><%= -Session("n")-- %><%= +Session("n")++ %><%= Session("n") %>
-- want --
5775-545
=== the old number of a text
<% Session("n") = "7"; var old = Session("n")++ %><%= typeof old %><%= old + 1 %> <%= Session("n") %>
-- want --
number8 8
=== counting what isn't there
<% Session("n")++ %><%= Session("n") %> <%= Session("m")-- %> <% Session("s") += "x" %><%= Session("s") %>
-- want --
NaN NaN undefinedx
=== in a value of the page
<%= Session("x") = 1 %><%=++Session("x")%><%: Session("x")++ %><%= Session("t") = "<b>" %><%: Session("t") += "<i>" %>
-- want --
122<b>&lt;b&gt;&lt;i&gt;
=== no blank and no semicolon
<%Session("x")=1%><%Session("y")=Session("x")+1%><%if(1)Session("z")=3%><%= Session("x")+Session("y")+Session("z") %>
-- want --
6
=== chained
<% var x = Session("a") = Application("b") = x2 = Session("c") = 1; Session("d") += Session("a") = 5 %><%= [x, x2, Session("a"), Application("b"), Session("c"), Session("d")] %>
-- want --
1,1,5,1,1,NaN
=== the value of a put is what was put
<% Session("d") = new Date(5); var o = {}, p = Session("o") = o, q = Request.QueryString("a"), r = Session("r") = q %><%= p === o %> <%= r === q %> <%= Session("r") %>
-- request --
GET /page.asp?a=1
-- want --
True True 1
=== in the heads of statements
<% for (Session("i") = 0; Session("i") < 3; Session("i")++) Response.Write(Session("i"));
for (var j = 0, n = Session("j") = 2; j < n; j++) Response.Write("j");
while (Session("w") = !Session("w")) Response.Write("w");
if (Session("f") = 0) Response.Write("?"); else Response.Write("e");
switch (Session("s") = 2) { case Session("k") = 1: Response.Write("?"); case Session("k") = 2: Response.Write("k" + Session("k")) }
do Response.Write("d"); while (++Session("i") < 5)
with (Session("o") = { a: "W" }) Response.Write(a); %>
-- want --
012jjwek2ddW
=== a loop's variable is a call
<% for (Session("k") in { a: 1, b: 2 }) Response.Write(Session("k")); for (Application("v") of [3, 4]) Response.Write(Application("v")) %>
-- want --
ab34
=== in conditions, lists, arguments, returns
<% function f() { return Session("r") = 1 } function g(a, b) { return a + b }
var a = [Session("a") = 2, Session("b") = 3], o = { p: Session("p") = 4, [Session("q") = "q"]: 5 }, c = 1 ? Session("y") = 6 : Session("n") = 7, d = 0 || (Session("d") = 8), e = (0, Session("e") = 9);
try { throw Session("t") = 10 } catch (x) { var t = x } %><%= f() + g(Session("g") = 11, 1) %> <%= a %> <%= o.p + o.q %> <%= c %> <%= String(Session("n")) %> <%= d %> <%= e %> <%= t %> <%= typeof (Session("z") = "s") %> <%= -(Session("z") = 4) %> <%= !(Session("z") = 0) %>
-- want --
13 2,3 9 6 undefined 8 9 10 string -4 True
=== across lines and comments
<% Session
("a")
= /* one */
1 // two
Session( // three
"b" /* four */ ) /* five
six */ = 2
Session("c")
+= 3; Session("d") = Session("a") +
Session("b") %><%= [Session("a"), Session("b"), Session("c"), Session("d")] %>
-- want --
1,2,NaN,3
=== postfix belongs to the line of its call
<% var i = 1, log = ""
function f() { log += "f"; return 1 }
i = f()
++i
f()
--i
i++
f()
var rs = { MoveNext: f }
i++
rs.MoveNext()
Session("n") = 1
Session("n")++
f() %><%= i %> <%= log %> <%= Session("n") %>
-- want --
3 fffff 2
=== next to regular expressions and templates
<% var r = /"(=)/.test('"='), s = `Session("no") = ${ Session("t") = 1 } ${`in ${Session("u") = 2}`}`; Session("a") = /=/g.source; Session("b") = 6 / 2 / 1; Session("c") = s.replace(/ = /g, "=")
Session("d")=/[/=)]/.test(")"); if (r) /x/.test(Session("e") = "x") %><%= s %>|<%= [Session("a"), Session("b"), Session("c"), Session("d"), Session("e")] %>
-- want --
Session("no") = 1 in 2|=,3,Session("no")=1 in 2,true,x
=== texts and comments are left alone
<% var a = 'Session("x") = 1', b = "f(1)=2", c = `g(1)++`; // Session("x") = 2
/* Session("x") = 3 */ Session("y") = 4 %><%= a + b + c %> <%= String(Session("x")) %> <%= Session("y") %>
-- want --
Session("x") = 1f(1)=2g(1)++ undefined 4
=== any callee
<% var s = Session, o = { s: Session, a: [Application], f: function () { return Session } }, k = "s";
function get() { return Session } get.of = function (x) { return x };
s("a") = 1; o.s("b") = 2; o[k]("c") = 3; o["s"]("d") = 4; o.a[0]("e") = 5; o.f()("f") = 6; get()("g") = 7; get.of(Session)("h") = 8; (Session)("i") = 9; (o).s("j") = 10; (0, o.s)("k") = 11; (1 ? Session : 0)("l") = 12; (function () { return Session })()("m") = 13; (() => Session)()("n") = 14; new (function () { this.s = Session })().s("o") = 15; this.s("p") = 16; [Session][0]("q") = 17;
var t = ""; for (var c of "abcdfghijklmnopq") t += c + "=" + Session(c) + " "; %><%= t %><%= Application("e") %>
-- want --
a=1 b=2 c=3 d=4 f=6 g=7 h=8 i=9 j=10 k=11 l=12 m=13 n=14 o=15 p=16 q=17 5
=== members of the intrinsics
<% Session.Contents("a") = 1; Session.Contents.Item("b") = 2; Session.Item("c") = 3; Session.contents.item("d") = 4; Application.Contents("e") = 5; Application.Contents.Item("f") += "6"; Application.Item("g") = 7
Response.Cookies("h")("i") = 8; Response.Cookies.Item("h").Item("j") = 9; Response.Cookies("k") = 10; response_k = Response.Cookies("k"); response_k("l") = 11 %><%= [Session("a"), Session("b"), Session("c"), Session("d"), Application("e"), Application("f"), Application("g")] %>
-- header --
Set-Cookie: h=i=8&j=9; path=/
Set-Cookie: k=l=11; path=/
-- want --
1,2,3,4,5,undefined6,7
=== components and what is in them
<% var rs = Server.CreateObject("ADODB.Recordset"); rs.Open("products")
rs("name") = "A"; rs.Fields("stock") = 5; rs.Fields.Item("price") = 2; rs("stock")++; rs.Fields("stock") += 10; --rs.Fields.Item("stock"); rs.Fields("price").Value = 4; rs.Fields("price").Value /= 8
var d = Server.CreateObject("Scripting.Dictionary"); d("a") = 1; d.Item("a") += 1; d(2) = rs("stock") %><%= rs("name") %> <%= rs("stock") %> <%= rs("price") %> <%= d("a") %> <%= d(2) %>
-- want --
A 15 0.5 2 15
=== an empty list of arguments
<% try { Session() = 1 } catch (e) { Response.Write("?") } var d = Server.CreateObject("Scripting.Dictionary"); d() = 5; %>|<%= d() %>
-- want --
|5
=== what can't be assigned to
<%
function f() { return 1 }
  f(1) = 2 ### 800a138b:7: Cannot assign to a function result
%>
=== a method of the page can't be, either
<% var o = { m: function () { return 1 } };
   o.m("x") += 1; ### 800a138b:12: Cannot assign to a function result
%>
=== nothing to call
<% var o = {};
   o.m("x") = 1 ### 800a138b:12: Cannot assign to a function result
%>
=== reading for a compound assignment needs a function
<% var o = {};
  o.m("x")++; ### 800a138f:3: Object is not a function
%>
=== no object before the member
<% var nothing;
  nothing.m("x") = 1 ### 800a138f:3: Cannot read property 'm' of undefined
%>
=== an undeclared name
<%
  Sesion("x") = 1 ### 800a1391:3: Sesion is not defined
%>
=== a request can't be changed
<% try { Request.Cookies("a") = 1 } catch (e) { Response.Write(e.description + "\n") }
try { Request.QueryString("a") = 1 } catch (e) { Response.Write(e.number + " " + e.description + "\n") }
try { Request.Form.Item("a") = 1 } catch (e) { Response.Write(e.description + "\n") }
try { Request("a") = 1 } catch (e) { Response.Write(e.description + "\n") }
try { Request.ServerVariables("URL") = 1 } catch (e) { Response.Write(e.description + "\n") }
try { Session.StaticObjects("a") = 1 } catch (e) { Response.Write(e.description + "\n") } %>
-- want --
006~ASP 0162~Cannot Modify Cookie~The cookie 'a' cannot be modified.
-2146823285 Cannot assign to a function result
Cannot assign to a function result
Cannot assign to a function result
Cannot assign to a function result
006~ASP 0226~Cannot modify StaticObjects~The StaticObjects collection cannot be modified at run time.
=== in eval and Function
<% eval('Session("a")=1'); eval("for(Session('b')=0;Session('b')<3;Session('b')++);"); var f = new Function("k", "v", "return Session(k) = v"), g = Function('Session("d")++; return Session("d")');
eval("var h = function () { Session('e') = 5 }; h()"); eval('eval("Session(\'f\')=6")'); new Function("eval('Session(\"g\")=7')")() %><%= Session("a") %> <%= Session("b") %> <%= f("c", 3) + Session("c") %> <%= g() %> <%= Session("e") %> <%= Session("f") %> <%= Session("g") %> <%= eval("Session('h')=8") %>
-- want --
1 3 6 NaN 5 6 7 8
=== eval sees the variables around it
<% function f(a) { var b = 2; eval("Session('x') = a + b; var c = Session('x') * 2; b = 10"); return c + b } %><%= f(1) %>
-- want --
16
=== in modules
<% require("./m").put("a", 1) %><%= Session("a") %>
-- m.js --
exports.put = function (k, v) { Session(k)=v; Session(k)++ }
-- want --
2
=== in a page that waits
<% Session("a") = await 1; Session("b") = await Promise.resolve(Session("a") += 1) %><%= Session("a") %><%= Session("b") %>
-- want --
22
=== to a text, which is found wrong when it is reached
<% var log = [], sql = "unreached";
function v(x) { log.push(x); return x }
try { sql = "SELECT a "
+= "FROM b "
+= v("c") } catch (e) { log.push(e.number & 0xFFFF, e.name, e.description) }
try { 1 = v(2) } catch (e) { log.push(e.number & 0xFFFF) }
if (Session("none")) "x" = 1;
try { eval("'y' = v(3)") } catch (e) { log.push(e.number & 0xFFFF) } %><%= log %>;<%= sql %>
-- want --
5008,ReferenceError,Illegal assignment,2,5008,3,5008;unreached
