What naja check --report finds in a page.

=== a page without anything
<% var a = Session("x"); Response.Write(a); Response.End() %>
-- report --
=== rewritten places
<% Session("x")=1
  rs.Fields.Item("y") += 2; f(Application("n")++)
%><%= ++Session("z") %><!--#include file="a.inc"-->
-- a.inc --
<% var s = 1; Response.Cookies("a")("b")=s %>
-- report --
a.inc:1:15: rewritten
page.asp:1:4: rewritten
page.asp:2:3: rewritten
page.asp:2:31: rewritten
page.asp:3:9: rewritten
=== members in another case
<% Response.write(Server.URLencode(Request.querystring("a").count));
Session.contents.removeall(); Request.Cookies("c").haskeys; Response.cookies("a")("b") = Response.Cookies("x").hasKeys; Session.contents.item("c") = 1
Application.UnLock(); own.write(); Session("o").write; Response["write"]("x"); Request.Form("x").ITEM(1) %>
-- report --
page.asp:2:61: rewritten
page.asp:2:121: rewritten
page.asp:1:13: Response.write is Response.Write
page.asp:1:26: Server.URLencode is Server.URLEncode
page.asp:1:44: Request.querystring is Request.QueryString
page.asp:1:61: Request item.count is Request item.Count
page.asp:2:9: Session.contents is Session.Contents
page.asp:2:18: Session.Contents.removeall is Session.Contents.RemoveAll
page.asp:2:52: Request.Cookies(name).haskeys is Request.Cookies(name).HasKeys
page.asp:2:70: Response.cookies is Response.Cookies
page.asp:2:112: Response.Cookies(name).hasKeys is Response.Cookies(name).HasKeys
page.asp:2:129: Session.contents is Session.Contents
page.asp:2:138: Session.Contents.item is Session.Contents.Item
page.asp:3:13: Application.UnLock is Application.Unlock
page.asp:3:98: Request item.ITEM is Request item.Item
=== names that are the page's own
<% var Server = { createobject: function (x) { return x } }; Server.createobject("A.B"); function f(Response) { Response.write(1) } Session.timeout = 5 %>
-- report --
page.asp:1:141: Session.timeout is Session.Timeout
=== methods that need an argument, named and not called
<% Response.Redirect; Application.increment; Session.Abandon
Response.Flush; Response.Buffer; var w = Response.Write; Response.Write("x") %>
-- report --
page.asp:1:35: Application.increment is Application.Increment
page.asp:1:13: Response.Redirect wants Response.Redirect()
page.asp:1:35: Application.increment wants Application.Increment()
=== components
<object runat=server id=d progid="Scripting.Dictionary"></object>
<% var a = Server.CreateObject("ADODB.Recordset"), b = new ActiveXObject('ADODB.Connection'), c = Server.createobject("A.B");
for (var i in ids) Server.CreateObject(ids[i]); new ActiveXObject("A." + i); Session("x") = Server.CreateObject("In.Put") %>
-- report --
page.asp:3:78: rewritten
page.asp:2:106: Server.createobject is Server.CreateObject
page.asp:1:1: makes Scripting.Dictionary
page.asp:2:12: makes ADODB.Recordset
page.asp:2:56: makes ADODB.Connection
page.asp:2:99: makes A.B
page.asp:3:93: makes In.Put
page.asp:3:20: makes something
page.asp:3:49: makes something
=== every missing include, and what else there is
<!--#include file="no.inc"-->
<% Session("a")=1 %><!--#include virtual="/inc/none.asp"-->
<!--#include file="yes.inc"-->
<script runat=server src="no.js"></script><% await 1 %>
-- yes.inc --
<!--#include file="deeper/no.inc"--><% Response.write(1) %>
-- report --
page.asp:1:20: ASP 0126
page.asp:2:43: ASP 0126
yes.inc:1:20: ASP 0126
page.asp:4:27: ASP 0126
page.asp:2:4: rewritten
yes.inc:1:49: Response.write is Response.Write
awaits
=== every block of VBScript
<% Session("a")=1 %>
<script language=vbscript runat=server>
Sub a() : If x Then y = 1 : End Sub
</script>
<!--#include file="more.inc"-->
<script runat=server>var ok = 1;</script>
-- more.inc --
<script type="text/vbscript" runat=server>Function b : End Function</script>
<script language=PerlScript runat=server>sub x { }</script>
-- report --
page.asp:2:18: ASP 0129
more.inc:1:15: ASP 0129
more.inc:2:18: ASP 0129
page.asp:1:4: rewritten
=== a page in VBScript
<%@ Language=VBScript %>
<% Dim x %>
-- report --
page.asp:1:14: ASP 0129
=== a missing include may be why a page doesn't parse
<% if (x) { %><!--#include file="close.inc"-->
-- report --
page.asp:1:34: ASP 0126
=== a page that doesn't parse
<% var = 1 %>
-- report --
page.asp:1:8: ASP 0132
=== code pages, type libraries
<%@ CodePage=1252 Language=JScript %>
<!--METADATA TYPE="typelib" FILE="c:\program files\ado\msado15.dll"-->
<!--METADATA TYPE="TypeLib" UUID="{00000200-0000-0010-8000-00AA006D2EA4}"-->
-- report --
code page 1252
c:\program files\ado\msado15.dll
{00000200-0000-0010-8000-00AA006D2EA4}
=== habits that aren't as they seem
<% var a = Request.Form("a") || "none", b = Request.QueryString("b") ?? 1, c = Request.Form("c") === "x";
if (Request.Cookies("d") !== "y" && Request.Form("e")) Response.Write(!Request.QueryString("f") ? 1 : Request.Form("g") ? 2 : 3);
switch (1) { case Request.Form("h"): case Request("i"): break }
while (Request.Form("j")) break; if (typeof Request.Form("k") == "undefined" || "string" === typeof Request.Form("l")) ;
var r = /\p{L}+/i, x = (Request.Form("m"))("n") && 1, y = Request("o") === "p" || "p" !== Request("q") %>
-- report --
page.asp:1:12: an item of Request is an object, there or not
page.asp:1:45: an item of Request is an object, there or not
page.asp:1:80: an item of Request is an object, and never identical
page.asp:2:5: an item of Request is an object, and never identical
page.asp:2:37: an item of Request is an object, and true
page.asp:2:72: an item of Request is an object, and true
page.asp:2:103: an item of Request is an object, and true
page.asp:3:19: an item of Request is an object, and never identical
page.asp:3:43: an item of Request is an object, and never identical
page.asp:4:8: an item of Request is an object, and true
page.asp:4:45: typeof of an item of Request is "object"
page.asp:4:101: typeof of an item of Request is "object"
page.asp:5:9: \p{…} stands for a property
page.asp:5:59: an item of Request is an object, and never identical
page.asp:5:91: an item of Request is an object, and never identical
=== what looks like them and is as it seems
<% var a = Request("a") || "none", b = Request("b") ?? 1, c = Request("c") === undefined || void 0 !== Request("d"), e = !Request("e") || (Request("f") && 1);
if (Request("g") && typeof Request("h") != "undefined") ; while (Request("i")) break;
switch (Request.Form("j")) { case "1": break } switch (Request("k")) { case "2": break } %>
-- report --
=== the same, said rightly
<% var a = String(Request("a")) || "none", b = Request.QueryString("b").Count ? 1 : 2, c = Request.Form("c") == "x", u = /\p{L}/u, v = /\p{L}/v, w = /\\p{L}/, s = Request.ServerVariables("URL") || "x";
if (Request.Form.Count && Request("e") != "") Response.Write(Session("f") || Application("g")); function f(Request) { return Request("a") || 1 } %>
-- report --
