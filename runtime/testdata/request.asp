Request: every member, in the ways in which real pages use them.

=== an item is an object that reads as its text
<% var q = Request.QueryString("a") %><%= q %>|<%= q + "!" %>|<%= "" + q %>|<%= String(q) %>|<%= q == "1" %>|<%= "1" == q %>|<%= q === "1" %>|<%= typeof q %>|<%= parseInt(q) + 1 %>|<%= Number(q) %>|<%= isNaN(q) %>|<%= q > 0 %>|<%= [q].join() %>|<%= new Date(Number(q)).getTime() %>
-- request --
GET /page.asp?a=1
-- want --
1|1!|1|1|True|True|False|object|2|1|False|True|1|1
=== a missing item
<% var q = Request.QueryString("none") %><%= q %>|<%= String(q) %>|<%= q + "" %>|<%= q.Count %>|<%= typeof q %>|<%= String(q) == "undefined" %>|<%= isNaN(parseInt(q)) %>|<%= q == "undefined" %>
-- want --
|undefined|undefined|0|object|True|True|False
=== several values of one name
<% var q = Request.QueryString("t") %><%= q %>|<%= q.Count %>|<%= q(1) %>|<%= q(2) %>|<%= q.Item(2) %>|<%= q.item %>|<%= q.Item() %>|<%= q() %>|<%= q.count %>|<% for (var i = 1; i <= q.Count; i++) { %>[<%= q(i) %>]<% } %>
-- request --
GET /page.asp?t=x&a=1&T=y
-- want --
x, y|2|x|y|y|x, y|x, y|x, y|2|[x][y]
=== an index outside is ASP 0105, which can be caught
<% var f = function (what) { try { what() } catch (e) { %><%= e.number %> <%= e.description %>
<% } }; var q = Request.QueryString;
f(function () { q("t").Item(0) }); f(function () { q("t")(3) }); f(function () { q("none").Item(1) }); f(function () { q(9) }); f(function () { q.Key(9) }) %>
-- request --
GET /page.asp?t=x&t=y
-- want --
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
-2147467259 007~ASP 0105~Index out of range~An array index is out of range.
=== an index outside, not caught
<p><%= Request.QueryString("t")(3) %> ### 0105:32: Index out of range
=== the collection
<% var c = Request.QueryString %><%= c %>|<%= String(c) %>|<%= c + "" %>|<%= c.Count %>|<%= c.Count + 1 %>|<%= typeof c.Count %>|<%= typeof c %>|<%= c.Key(1) %>|<%= c.Key(2) %>|<%= c(1) %>|<%= c.Item("T") %>|<%= c.item("a") %>|<% if (c) { %>true<% } %>
-- request --
GET /page.asp?t=x&a=%41+b&T=y
-- want --
t=x&a=%41+b&T=y|t=x&a=%41+b&T=y|t=x&a=%41+b&T=y|2|3|number|object|t|a|x, y|x, y|A b|true
=== walking a collection and an item
<% var out = []; for (var e = new Enumerator(Request.QueryString); !e.atEnd(); e.moveNext()) out.push(e.item() + "=" + Request.QueryString(e.item()));
for (var k of Request.QueryString) out.push(k); for (var k in Request.QueryString) out.push(k); for (var v of Request.QueryString("t")) out.push(v);
e = new Enumerator(Request.QueryString("t")); while (!e.atEnd()) { out.push(e.item()); e.moveNext() } out.push(e.item()); e.moveFirst(); out.push(e.item()) %><%= out.join(";") %>
-- request --
GET /page.asp?t=x&a=1&t=y
-- want --
t=x, y;a=1;t;a;t;a;x;y;x;y;;x
=== names that objects have themselves
<% var q = Request.QueryString %><%= q("__proto__") %>|<%= q("constructor") %>|<%= q("toString") %>|<%= q("length") %>|<%= q("Count") %>|<%= q("Item") %>|<%= String(q("hasOwnProperty")) %>|<%= q.Count %>|<%= typeof q.toString %>|<%= String({}.polluted) %>
-- request --
GET /page.asp?__proto__=a&constructor=b&toString=c&length=d&Count=e&Item=f
-- want --
a|b|c|d|e|f|undefined|6|function|undefined
=== odd queries
<% var q = Request.QueryString %><%= q("a") %>|<%= q("b") %>|<%= q("c") %>|<%= q("") %>|<%= q("e").Count %>|<%= q("f") %>|<%= q.Count %>
-- request --
GET /page.asp?a=1;b=2&b=%zz&c=%u0416&=empty&e&f==x=&&
-- want --
1;b=2|%zz|Ж|empty|1|=x=|6
=== an unknown member says what was meant
<% try { Request.QueryString("a").Key() } catch (e) { %><%= e.number %> <%= e.description %><% } try { Request.QueryStrin("a") } catch (e) { %>|<%= e.description %><% } %>
-- request --
GET /page.asp?a=1
-- want --
-2146827850 Object doesn't support this property or method|Object doesn't support this property or method: Request.QueryStrin: did you mean QueryString?
=== an item is stored, cloned and serialised as its text
<% var q = Request.QueryString("a"); Session("q") = q; %><%= Session("q") === "1" %>|<%= JSON.stringify({q: q, all: Request.QueryString, none: Request.QueryString("none")}) %>|<%= Session("q").length %>
-- request --
GET /page.asp?a=1
-- want --
True|{"q":"1","all":"a=1"}|1
=== a switch compares values
<% switch (Request.QueryString("a")) { case "1": %>one<% break; default: %>other<% } %>
-- request --
GET /page.asp?a=1
-- want --
one
=== a form
<%= Request.Form("name") %>|<%= Request.Form("N")(2) %>|<%= Request.Form %>|<%= Request.Form.Count %>|<%= Request.Form.Key(2) %>|<%= Request.TotalBytes %>|<%= Request.ServerVariables("CONTENT_TYPE") %>|<%= String(Request.Form("none")) %>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

name=J%C3%BCrg+%26+Co&n=1&n=2
-- want --
Jürg & Co|2|name=J%C3%BCrg+%26+Co&n=1&n=2|2|n|29|application/x-www-form-urlencoded|undefined
=== a form in another code page
<%@ CodePage=1251 %><%= Request.Form("a").Item(1).charCodeAt(0) %>|<%= Request.QueryString("b")(1).charCodeAt(0) %>
-- request --
POST /page.asp?b=%C6
Content-Type: application/x-www-form-urlencoded

a=%C6
-- want --
1046|1046
=== a form that isn't one is empty
<%= Request.Form.Count %>|<%= String(Request.Form("a")) %>|<%= Request.TotalBytes %>
-- request --
POST /page.asp
Content-Type: application/json

{"a":1}
-- want --
0|undefined|7
=== a multipart form with files
<%= Request.Form("a") %>|<%= Request.Form.Count %>|<%= Request.Files.Count %>|<% var f = Request.Files("up") %><%= f.Name %>|<%= f.FileName %>|<%= f.Field %>|<%= f.ContentType %>|<%= f.Size %>|<%= f.Text() %>|<%= f.Read(2).length %>|<%= Request.Files.Key(1) %>|<%= Request.Files(1).Name %>|<%= typeof Request.Files("none") %>|<% for (var e = new Enumerator(Request.Files); !e.atEnd(); e.moveNext()) { %>[<%= e.item().Name %>]<% } %>
-- request --
POST /page.asp
Content-Type: multipart/form-data; boundary=XX

--XX
Content-Disposition: form-data; name="a"

value
--XX
Content-Disposition: form-data; name="up"; filename="C:\dir\x.txt"
Content-Type: text/plain

héllo
--XX--
-- want --
value|1|1|x.txt|x.txt|up|text/plain|6|héllo|2|up|x.txt|undefined|[x.txt]
=== BinaryRead
<% var b = Request.BinaryRead(3), rest = Request.BinaryRead(100) %><%= b.length %>|<%= b[0] %>|<%= String.fromCharCode.apply(null, rest) %>|<%= Request.BinaryRead(5).length %>|<%= Request.TotalBytes %>
-- request --
POST /page.asp
Content-Type: application/octet-stream

abcdef
-- want --
3|97|def|0|6
=== Form after BinaryRead, and the other way round
<% try { Request.BinaryRead(-1) } catch (e) { %><%= e.description.substr(4, 8) %>|<% }
Request.BinaryRead(1); try { Request.Form("a") } catch (e) { %><%= e.description.substr(4, 8) %>|<% } try { Request("a") } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

a=1
-- want --
ASP 0247|ASP 0207|ASP 0208
=== BinaryRead after Form
<% Request.Form.Count; 
Request.BinaryRead(1) ### 0206:19: Cannot call BinaryRead
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

a=1
=== cookies
<% var c = Request.Cookies %><%= c("plain") %>|<%= c("k") %>|<%= c("k")("a") %>|<%= c("k")("B") %>|<%= c("k").HasKeys %>|<%= c("plain").HasKeys %>|<%= c.Count %>|<%= c.Key(1) %>|<%= c("none") %>|<%= c("k")("none") %>|<%= c("K").Count %>|<%= c("k").Key(2) %>|<%= String(c("none")) == "" %>|<%= c.Item("plain") %>|<%= c %>
-- request --
GET /page.asp
Cookie: plain=a%20b; k=a=1&b=%C3%A9; plain=second
-- want --
a b|a=1&b=%C3%A9|1|é|True|False|2|plain|||2|b|True|a b|plain=a%20b; k=a=1&b=%C3%A9; plain=second
=== query, form and cookies are read by the code page that is in force when they are first read
<%@ CodePage=1252 %><% var q = Request.QueryString, f = Request.Form, c = Request.Cookies, raw = String(q) + String(f) + String(c); Response.CodePage = 65001;
var show = function (s) { return String(s).charCodeAt(0) }; %><%= [show(q("t")), show(f("u")), show(c("v")), c("k").Key(1).charCodeAt(0), q("\u00e9").Count, q.Key(1).length] %><%
Session.CodePage = 936 %> <%= [show(q("t")), show(f("u")), show(c("v"))] %> <%= raw %>
-- request --
POST /page.asp?t=%E4%B8%AD&%C3%A9=1
Content-Type: application/x-www-form-urlencoded
Cookie: v=%E4%B8%AD; k=%E4%B8%AD=1

u=%E4%B8%AD
-- header --
-- want --
20013,20013,20013,20013,1,1 20013,20013,20013 t=%E4%B8%AD&%C3%A9=1u=%E4%B8%ADv=%E4%B8%AD; k=%E4%B8%AD=1
=== a multipart form too, and the names of its files
<%@ CodePage=1252 %><% Request.Form; Session.CodePage = 65001 %><%= Request.Form("u") == "\u4e2d" %> <%= Request.Files(1).Name == "\u4e2d.txt" %>
-- request --
POST /page.asp
Content-Type: multipart/form-data; boundary=b

--b
Content-Disposition: form-data; name="u"

中
--b
Content-Disposition: form-data; name="f"; filename="中.txt"

x
--b--
-- header --
-- want --
True True
=== what was read stays as it was read
<% var s = Request.QueryString("t") + ""; Response.CodePage = 1252 %><%= s.length %> <%= String(Request.QueryString("t")).length %> <%= String(Request.Cookies("v")).length %>
-- request --
GET /page.asp?t=%E4%B8%AD
Cookie: v=%E4%B8%AD
-- header --
-- want --
1 1 3
=== a cookie that the page set is the one that it reads
<% var c = Request.Cookies, names = function () { var s = []; for (var n of c) s.push(n); return s.join() } %><%= c("a") %> <%= c.Count %> <%
Response.Cookies("A") = "new & more"; Response.Cookies("p")("x") = "1"; Response.Cookies("P")("y y") = "2=";
Response.Cookies("b").Path = "/x"; Response.Cookies("d").Path = "/x" %><%= c("a") %> <%= Request("a") %> <%= c("p") %> <%= c("p")("Y Y") %> <%= c("p").HasKeys %> <%= c("p").Count %> <%= c("a").HasKeys %> <%= c("b") %> <%= names() %> <%= c.Count %> <%= c.Key(4) %><%
Response.Cookies("k") = "plain" %> <%= c("k").HasKeys %> [<%= c("k")("z") %>] <%= c("k") %> <%= c %>
-- request --
GET /page.asp
Cookie: a=1; b=2; k=z=3
-- header --
-- want --
1 3 new & more new & more x=1&y+y=2%3D 2= True 2 False 2 a,b,k,p 4 p False [] plain a=1; b=2; k=z=3
=== walking cookies
<% var out = []; for (var e = new Enumerator(Request.Cookies); !e.atEnd(); e.moveNext()) { var n = e.item(); if (Request.Cookies(n).HasKeys) { for (var x = new Enumerator(Request.Cookies(n)); !x.atEnd(); x.moveNext()) out.push(n + "." + x.item()) } else out.push(n) } %><%= out %>
-- request --
GET /page.asp
Cookie: p=1; k=a=1&b=2
-- want --
p,k.a,k.b
=== the client's cookies can't be changed
<% try { Request.Cookies("a") = "1" } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
ASP 0162
=== the search order
<%= Request("q") %>|<%= Request("f") %>|<%= Request("c") %>|<%= Request("URL") %>|<%= typeof Request("none") %>|<%= Request("none") == null %>|<%= Request.Item("f") %>|<%= String(Request("none")) %>|<%= Request("q").Count %>
-- request --
POST /page.asp?q=query
Content-Type: application/x-www-form-urlencoded
Cookie: c=cookie; f=notthis; q=notthis

q=notthis&f=form
-- want --
query|form|cookie|/page.asp|undefined|True|form|undefined|1
=== server variables
<% function v(n) { Response.Write(n + "=" + Request.ServerVariables(n) + "\n") }
v("URL"); v("SCRIPT_NAME"); v("path_info"); v("PATH_TRANSLATED"); v("APPL_PHYSICAL_PATH"); v("APPL_MD_PATH"); v("QUERY_STRING"); v("REQUEST_METHOD"); v("SERVER_NAME"); v("SERVER_PORT"); v("SERVER_PORT_SECURE"); v("SERVER_PROTOCOL"); v("HTTPS"); v("HTTP_HOST"); v("HTTP_X_ODD_ONE"); v("HTTP_NONE"); v("AUTH_USER"); v("AUTH_TYPE"); v("AUTH_PASSWORD"); v("LOGON_USER"); v("REMOTE_USER"); v("CONTENT_LENGTH"); v("GATEWAY_INTERFACE"); v("INSTANCE_ID"); v("NONSENSE") %>
-- request --
GET /page.asp?a=1&b=2
Host: www.example.org:8080
X-Odd-One: two
X-Odd-One: three
Authorization: Basic dXNlcjpwYXNz
-- want --
URL=/page.asp
SCRIPT_NAME=/page.asp
path_info=/page.asp
PATH_TRANSLATED=/page.asp
APPL_PHYSICAL_PATH=/
APPL_MD_PATH=/LM/W3SVC/1/ROOT
QUERY_STRING=a=1&b=2
REQUEST_METHOD=GET
SERVER_NAME=www.example.org
SERVER_PORT=8080
SERVER_PORT_SECURE=0
SERVER_PROTOCOL=HTTP/1.1
HTTPS=off
HTTP_HOST=www.example.org:8080
HTTP_X_ODD_ONE=two, three
HTTP_NONE=
AUTH_USER=user
AUTH_TYPE=Basic
AUTH_PASSWORD=pass
LOGON_USER=
REMOTE_USER=
CONTENT_LENGTH=0
GATEWAY_INTERFACE=CGI/1.1
INSTANCE_ID=1
NONSENSE=
=== server variables as a collection
<% var s = Request.ServerVariables; var n = 0, url = false; for (var e = new Enumerator(s); !e.atEnd(); e.moveNext()) { n++; if (e.item() == "URL") url = true } %><%= n == s.Count %>|<%= url %>|<%= s("URL")(1) %>|<%= s("URL").Count %>|<%= s.Key(1) %>|<%= s("url") == "/page.asp" %>|<%= String(s("ALL_HTTP")).indexOf("HTTP_X_A:1\n") >= 0 %>|<%= String(s("ALL_RAW")).indexOf("X-A: 1\r\n") >= 0 %>
-- request --
GET /page.asp
X-A: 1
-- want --
True|True|/page.asp|1|ALL_HTTP|True|True|True
=== no client certificate
<% var c = Request.ClientCertificate %><%= c.Count %>|<%= String(c("Subject")) %>|<%= String(c("SubjectCN")) %>|<%= typeof c %>
-- want --
0|undefined|undefined|object
=== a property called like a method
<% class A { Count() { return "own" } } class B extends A { Count() { return super.Count() + this.n() } n() { return 1 } }
var q = Request.QueryString("t"), o = {count: function () { return this.n }, n: 5} %><%= q.Count() %><%= q.count() + 1 %><%= typeof q.Count() %><%= Request.TotalBytes() %><%= Response.IsClientConnected() %><%= new B().Count() %><%= o.count() %><%= [1].length %>
-- request --
GET /page.asp?t=1&t=2
-- want --
23number0Trueown151
=== a method called Count that isn't there
<% var x = {};
  x.Count() ### 800a01b6:10: no member 'Count'
%>
=== an error in a method called Count
<% var x = {Count: function () {
   throw new Error("inside") ### 800a139e:10: inside
}}
x.Count() %>
=== members in any case, and without parentheses
<%= Request.querystring("a") %><%= Request.QUERYSTRING.COUNT %><%= Request.QueryString.Count() %><%= Request.servervariables("url") %>
-- request --
GET /page.asp?a=1
-- want --
111/page.asp
=== the intrinsics can't be changed
<% try { Request.QueryString = 1 } catch (e) { %><%= e.message %>|<% } try { Request.TotalBytes = 1 } catch (e) { %><%= e.message %>|<% } delete Request.QueryString; try { Object.defineProperty(Request, "QueryString", {value: 1}) } catch (e) { %>refused|<% } %><%= Request.QueryString("a") %>
-- request --
GET /page.asp?a=1
-- want --
Request.QueryString can't be assigned|Request.TotalBytes can't be assigned|refused|1
=== a collection is walked whatever the page did to Array
<% Array.prototype[Symbol.iterator] = null; for (var k of Request.QueryString) { %><%= k %>;<% } for (var e = new Enumerator(Request.QueryString("a")); !e.atEnd(); e.moveNext()) { %><%= e.item() %>;<% } %>
-- request --
GET /page.asp?a=1&b=2&a=3
-- want --
a;b;1;3;
=== fields as plain members
<% var q = Request.query, f = Request.form %><%= q.a %>|<%= q.b %>|<%= typeof q.none %>|<%= q.A === "1" %>|<%= q["q r"] %>|<%= f.name %>|<%= f.empty === "" %>|<%= f.a === undefined %>|<%= q.name %>|<%= q.Count %>|<%= typeof q.toString %>|<%= typeof q.constructor %>|<%= typeof q.__proto__ %>|<%= q.length %>|<%= q === Request.QueryString %>|<%= "a" in q %>|<%= "none" in q %>|<%= q.a || "d" %>|<%= q.none || "d" %>|<%= Request.QueryString.b %>
-- request --
POST /page.asp?a=1&b=x&b=y&count=c&toString=t&__proto__=p&constructor=k&Name=N&length=5&q%20r=s
Content-Type: application/x-www-form-urlencoded

name=Ann&empty=
-- want --
1|x, y|undefined|True|s|Ann|True|True|N|9|function|function|object||True|True|False|1|d|x, y
