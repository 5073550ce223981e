Things that go wrong, and pages that know it.

=== components that aren't there
<%@ Language=JScript %><%
function create(id) { try { return Server.CreateObject(id) } catch (e) { return null } }
var up = create("Persits.Upload.1") || create("SoftArtisans.FileUp") || create("Scripting.Dictionary");
up("ok") = 1
try { var x = new ActiveXObject("ImageGen.Gif") } catch (e) { Response.Write(e.description + " " + (e.number >>> 0).toString(16) + " " + (e instanceof Error)) }
%> <%=up("ok")%>
-- want --
006~ASP 0177~Server.CreateObject Failed~800401f3 800401f3 true 1
=== a file that isn't there
<%@ Language=JScript %><%
var fso = Server.CreateObject("Scripting.FileSystemObject"), name = Server.MapPath("nowhere.txt")
if (fso.FileExists(name)) Response.Write("?")
try { fso.OpenTextFile(name, 1) } catch (e) { Response.Write("Error " + (e.number & 0xFFFF) + ": " + e.description + "\n") }
var f = fso.opentextfile(Server.MapPath("site.txt")), n = 0
while (!f.AtEndOfStream) Response.Write(++n + ":" + f.readline() + " "); f.Close()
for (var e = new Enumerator(fso.GetFolder("/").Files); !e.atEnd(); e.moveNext()) Response.Write(e.item().name + (e.item().Size > 1024 ? " (big)" : "") + ";")
%>
-- want --
Error 76: Path not found
1:one 2:two 3:three a.txt;b.txt (big);
=== errors that a page throws
<%@ Language=JScript %><%
var vbObjectError = -2147221504;
function NotFound(what) { this.what = what; this.number = 404; this.description = what + " not found" }
function test(f) { try { f(); return "fine" } catch (e) { return e.constructor == NotFound ? "NF " + e.what : e instanceof Error ? "E" + e.number + " " + e.description + " " + e.message : typeof e + " " + e } }
%><%=test(function() { throw new NotFound("page") })%>
<%=test(function() { throw new Error(17, "seventeen") })%>
<%=test(function() { throw new Error("text") })%>
<%=test(function() { throw Error(vbObjectError + 3, "com") })%>
<%=test(function() { throw "text" })%>
<%=test(function() { throw 5 })%>
<%=test(function() {})%>
-- want --
NF page
E17 seventeen seventeen
E0 text text
E-2147221501 com com
string text
number 5
fine
=== what JScript numbers its errors
<%@ Language=JScript %><%
function n(f) { try { f() } catch (e) { Response.Write(e.name + " " + (e.number & 0xFFFF) + " (facility " + (e.number >> 16 & 0x1FFF) + ")\n") } }
var undef, o = {};
n(function() { notDefined }); n(function() { undef.x }); n(function() { null.x }); n(function() { o.method() }); n(function() { undef() });
n(function() { new Array(-1) }); n(function() { eval("(") }); n(function() { new RegExp("[") }); n(function() { decodeURIComponent("%") }); n(function() { (1).toFixed(200) });
n(function() { Response.Nope() }); n(function() { Request.QueryString("a").Item(5) }); n(function() { new Enumerator(5) })
%>
-- want --
ReferenceError 5009 (facility 10)
TypeError 5007 (facility 10)
TypeError 5007 (facility 10)
TypeError 438 (facility 10)
TypeError 5002 (facility 10)
RangeError 5029 (facility 10)
SyntaxError 1002 (facility 10)
SyntaxError 5019 (facility 10)
URIError 5025 (facility 10)
RangeError 5026 (facility 10)
TypeError 438 (facility 10)
Error 16389 (facility 0)
TypeError 451 (facility 10)
=== finally, and errors inside of catch
<%@ Language=JScript %><%
function f(x) { try { if (x == 1) throw "one"; if (x == 2) return "two"; return "none" } catch (e) { if (x == 1) throw e + "!"; } finally { Response.Write("[f" + x + "]") } }
try { f(1) } catch (e) { Response.Write(e) } Response.Write(f(2)); Response.Write(f(3))
try { try { nope() } finally { Response.Write("cleanup ") } } catch (e) { Response.Write(e.description) }
%>
-- want --
[f1]one![f2]two[f3]nonecleanup nope is not defined
=== the end isn't caught
<%@ Language=JScript %><%
try { Response.Write("a"); if (Request("stop") == "1") Response.End(); Response.Write("b") } catch (e) { Response.Write("caught") } finally { Response.Write("finally") }
%>tail
-- request --
GET /page.asp?stop=1
-- want --
a
=== a redirect after text, while it is buffered
<%@ Language=JScript %>
<h1>Wait</h1>
<% try { Response.Redirect("http://example.com/?a=1&b=" + Server.URLEncode("x y")) } catch (e) { %>caught<% } %>
more
-- header --
Status: 302 Object moved
Location: http://example.com/?a=1&b=x+y
=== it fails after all
<%@ Language=JScript %>
<!--#include file="inc/f.inc"-->
<p><% show(null) %></p>
-- inc/f.inc --
<%
function show(o) {
	Session("seen") = 1; Response.Write(o.name) ### 800a138f:40: name
}
%>
=== and a component fails
<%@ Language=JScript %>
<%
var rs = Server.CreateObject("ADODB.Recordset")
Session("q") = "nowhere"; rs.Open(Session("q")); Session("n") = rs("id") ### 80040e37:34: cannot find the input table
%>
=== an error's report of its own
<%@ Language=JScript %><%
function report(e, where) { %><div class=error><b><%=where%></b>: <%=Server.HTMLEncode(e.description || e)%> [<%=e.number ? "0x" + (e.number < 0 ? e.number + 0x100000000 : e.number).toString(16).toUpperCase() : "-"%>]</div>
<% }
try { Server.CreateObject("No.Such") } catch (e) { report(e, "create") }
try { Response.AddHeader("X-A", "a\r\nb") } catch (e) { report(e, "header") }
try { throw "<text>" } catch (e) { report(e, "own") } %>
-- want --
<div class=error><b>create</b>: 006~ASP 0177~Server.CreateObject Failed~800401f3 [0x800401F3]</div>
<div class=error><b>header</b>: 007~ASP 0104~Operation not Allowed~The header X-A contains the control character 0x0D at position 2. [0x80004005]</div>
<div class=error><b>own</b>: &lt;text&gt; [-]</div>
