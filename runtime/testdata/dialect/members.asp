Members without regard to case; what isn't there, and what was meant.

=== the spellings of real pages
<% Response.write("a"); Response.WRITE("b"); response_write = Response["wRiTe"]; response_write("c"); Response.buffer = true; Response.contentType = "text/plain"; Response.addHeader("X-A", "1"); Response.Charset = "utf-8"; response_status = Response.status;
Server.ScriptTimeOut = 100; Server.Mappath("/x"); Application.UnLock(); Application.lock(); Session.timeout = 30; Request.Querystring("a"); Request.form("b"); Request.Servervariables("URL"); Request.cookies("c"); Session.contents("d") = 1; Session.contents.removeall(); Server.createobject("Test.Echo") %>|<%= Server.URLencode("a b") %>|<%= Server.htmlEncode("<") %>|<%= Request.totalbytes %>|<%= Server.scriptTimeout %>|<%= Session.TIMEOUT %>|<%= Session.sessionid.length > 0 %>|<%= response_status %>
-- header --
Content-Type: text/plain; charset=utf-8
X-A: 1
-- want --
abc|a+b|&lt;|0|100|30|True|200 OK
=== components, too
<% var rs = Server.CreateObject("adodb.RECORDSET"); rs.OPEN("products"); var n = 0; while (!rs.Eof) { n += rs.fields.item("STOCK").value || 0; rs.moveNext() } rs.CLose() %><%= n %> <%= rs.recordcount %>
-- want --
4 3
=== names of the page's own objects are exact
<% var o = { Name: 1, name: 2 }; var session = 3; function response() { return 4 } %><%= o.Name %><%= String(o.NAME) %><%= o.name %><%= session %><%= response() %><%= typeof request %>
-- want --
1undefined234undefined
=== names of the intrinsics are, too
<%
  response.write("x") ### 800a1391:3: response is not defined
%>
=== a page may have them for itself
<% var Session = { a: 1 }, Server = 2; function Request(x) { return "mine " + x } function f(Response) { return Response } %><%= Session.a + Server %> <%= Request(1) %> <%= f(5) %>
-- want --
3 mine 1 5
=== an unknown member says what was meant
<% function t(f) { try { f(); Response.Write("fine\n") } catch (e) { Response.Write((e.number & 0xFFFF) + " " + e.description.replace(/^[^:]*: /, "") + "\n") } }
t(function () { Response.Wrte("x") }); t(function () { Response.Rediret("x") }); t(function () { Server.MapPat("x") }); t(function () { Server.CreateObjekt("x") }); t(function () { Session.Abandn() }); t(function () { Application.Unlok() });
t(function () { Request.QeryString("a") }); t(function () { Request.QueryString.Cont }); t(function () { Session.Contents.RemovAll() }); t(function () { Response.Cookies("a").Expire = 1 }); t(function () { Response.Nonsense });
t(function () { Response.ContentTyp = "a" }); t(function () { Server.CreateObject("ADODB.Recordset").MovNext() }); t(function () { Server.CreateObject("Test.Echo").Tex("a") }); t(function () { Session.nick }); t(function () { Application.hits = 1 }); t(function () { Request.Form("a").toUpperCase() }); t(function () { Request("a").length }); t(function () { Request.Cookies("c").split(";") }) %>
-- request --
GET /page.asp?a=1
-- want --
438 Response.Wrte: did you mean Write?
438 Response.Rediret: did you mean Redirect?
438 Server.MapPat: did you mean MapPath?
438 Server.CreateObjekt: did you mean CreateObject?
438 Session.Abandn: did you mean Abandon?
438 Application.Unlok: did you mean Unlock?
438 Request.QeryString: did you mean QueryString?
fine
438 Session.Contents.RemovAll: did you mean RemoveAll?
438 Response.Cookies(name).Expire: did you mean Expires?
fine
438 Response.ContentTyp: did you mean ContentType?
438 ADODB.Recordset.MovNext: did you mean MoveNext?
438 Test.Echo.Tex: did you mean Text?
fine
438 Object doesn't support this property or method
438 Object doesn't support this property or method
fine
438 Object doesn't support this property or method
=== an unknown member that is only read is undefined
<% var q = Request.QueryString("a"); %><%= [Response.Wrte, typeof Session.nick, Server["No such"], q.length, q.indexOf, typeof Request.QueryString.b, Session[0], Response[3], q[1], Application.hits === undefined, !!Response.overrideMimeType, "Wrte" in Response, Request.Cookies.x, Server.GetLastError().Nothing, Response.Cookies("c").Text].join("|") %><% try { q.toUpperCase() } catch (e) { %> <%= e instanceof TypeError %><% } try { Session[0]() } catch (e) { %> <%= e.number & 0xFFFF %><% } %>
-- request --
GET /page.asp?a=1
-- want --
|undefined||||undefined||||true|false|false||| True 438
=== where nothing was meant the description is JScript's alone
<% function t(f) { try { f() } catch (e) { Response.Write(e.number + " " + e.description + "; ") } }
t(function () { Request.QueryString("a").Key() }); t(function () { Response.Nonsense() }); t(function () { Session.nick() }); t(function () { Response.Wrte("x") }) %>
-- want --
-2146827850 Object doesn't support this property or method; -2146827850 Object doesn't support this property or method; -2146827850 Object doesn't support this property or method; -2146827850 Object doesn't support this property or method: Response.Wrte: did you mean Write?; 
=== and stops the page on its line
<%
var ok = 1;
	Response.Writ("x") ### 800a01b6:15: did you mean Write
%>
=== what can't be assigned
<% function t(f) { try { f(); Response.Write("fine\n") } catch (e) { Response.Write((e.number & 0xFFFF) + " " + e.description + "\n") } }
t(function () { Request.TotalBytes = 1 }); t(function () { Session.SessionID = 1 }); t(function () { Request.QueryString("a").Count = 2 }); t(function () { Server.GetLastError().Line = 3 }); t(function () { Response.IsClientConnected = false }) %>
-- want --
438 Request.TotalBytes can't be assigned
438 Session.SessionID can't be assigned
438 Request item.Count can't be assigned
438 ASPError.Line can't be assigned
438 Response.IsClientConnected can't be assigned
=== a method of the host that needs no argument is called where it is named
<% Response.Write("lost"); Response.Clear; Session("n") = 1; Application.Lock; Application("a") = [1]; Application.Unlock; var w = Response.Write; w("c");
var gone = Session.Contents.RemoveAll; Response.Write(gone + "|" + Session.Contents.Count + "|"); Response["Write"]("d");
try { Application.Lock; throw 1 } catch (e) { Application.UnLock }
function f() { Response.Write("e"); return Response.End } f(); %>never
-- want --
cundefined|0|de
=== the same in eval, in a function made of text, with blanks and parentheses
<% eval("Response.Write('lost'); (Response).Clear; Response . Clear /* c */ ; var o = {Clear: 7}; Response.Write(o.Clear)");
Function("r", "r.Write('x'); r.Clear; r.Write('y')")(Response); eval("if (true) Response.End"); Response.Write("never") %>
-- want --
y
=== only methods of the host are called
<% Session.Timeout; function K() { this.Close = function () { return "called" } } K.prototype.Open = function () { return "opened" };
var k = new K(), n = { End: function () {}, Clear: "c" }; k.Open; n.End; k.Close; %><%= typeof k.Open %> <%= typeof k.Close %> <%= typeof n.End %> <%= n.Clear %> <%= typeof Math.max %> <%= typeof [].pop %> <%= typeof Response.Flush %> <%= [Response.Write].length %> <%= typeof (n.x = k.Open) %> <%= (function () { var f = "".trim; return typeof f })() %>
-- want --
function function function c function function function 1 function function
=== a component's method without parentheses
<% var conn = Server.CreateObject("ADODB.Connection"); var rs = Server.CreateObject("ADODB.Recordset"); rs.Open("SELECT * FROM products", conn);
for (var n = 0; !rs.EOF && n < 9; n++) { Response.Write(rs("name") + ","); rs.MoveNext } rs.MoveFirst; Response.Write(rs("name")); var closed = rs.Close; %><%= String(closed) %> <%= n %>
-- want --
Lamp,Chair & table,Rug <red>,Lampundefined 3
=== a method that is assigned to is called with the value
<% var d = Server.CreateObject("Scripting.Dictionary"); Response.Write = "a"; d.Add("k", 1); d.Remove = "k"; Response.Write(d.Count); Response.Write = 7; function w(v) { Response.Write = v } w("b") %>
-- want --
a07b
=== a method without this
<% var w = Response.Write, m = Server.MapPath, o = { write: Response.Write }; w("a"); o.write("b"); [1, 2].forEach(Response.Write); ["x"].map(Server.HTMLEncode).forEach(w); with (Response) { Write("w"); write("v") } w.call(null, "c"); w.apply(undefined, ["d"]); (0, Response.Write)("e") %>
-- want --
ab12xwvcde
=== properties that are called
<%= Request.QueryString.Count() %><%= Request.QueryString("a").Count() %><%= Request.Cookies("c").HasKeys() %><%= Session.SessionID() == Session.SessionID %><%= Response.IsClientConnected() %>
-- request --
GET /page.asp?a=1&a=2
-- want --
12FalseTrueTrue
