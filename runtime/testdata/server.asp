Server, ASPError, Session and Application, console.

=== MapPath
<%= Server.MapPath("/") %>|<%= Server.MapPath("/a/b.asp") %>|<%= Server.MapPath("x.asp") %>|<%= Server.mappath("..\\y.asp") %>|<%= Server.MapPath("/none/at/all") %>
-- request --
GET /dir/page.asp
-- dir/page.asp --
<%= Server.MapPath("/") %>|<%= Server.MapPath("/a/b.asp") %>|<%= Server.MapPath("x.asp") %>|<%= Server.mappath("..\\y.asp") %>|<%= Server.MapPath("/none/at/all") %>
-- want --
/|/a/b.asp|/dir/x.asp|/y.asp|/none/at/all
=== the encoders
<%= Server.HTMLEncode("<a b=\"c\">'&é漢") %>|<%= Server.URLEncode("a b&c=d/é~") %>|<%= Server.URLPathEncode("/a b/é?x=y z") %>|<%= Server.HTMLEncode(Request.QueryString("q")) %>|<%= Server.URLencode(5) %>|<%= Server.HTMLEncode() %>
-- request --
GET /page.asp?q=%3Cb%3E
-- want --
&lt;a b=&quot;c&quot;&gt;'&amp;é漢|a+b%26c%3Dd%2F%C3%A9%7E|/a%20b/%C3%A9?x=y z|&lt;b&gt;|5|
=== the encoders in another code page
<%@ CodePage=1252 %><%= Server.HTMLEncode("\xe9") %>|<%= Server.URLEncode("\xe9") %>
-- want --
&#233;|%E9
=== ScriptTimeout
<%= Server.ScriptTimeout %><% Server.ScriptTimeout = 200 %>|<%= Server.scripttimeout %>
-- want --
90|200
=== an unknown component can be caught
<% try { Server.CreateObject("No.Such") } catch (e) { %><%= e.number %>|<%= e.description %>|<%= e.message %><% } try { new ActiveXObject("No.Such") } catch (e) { %>|<%= e.number == -2147467259 || e.number == -2147221005 %><% } %>
-- want --
-2147221005|006~ASP 0177~Server.CreateObject Failed~800401f3|Server.CreateObject Failed: No.Such|True
=== an unknown component, not caught
<p><%
  var x = Server.CreateObject("No.Such"); ### 0177:30: No.Such
%>
=== GetLastError when nothing happened
<% var e = Server.GetLastError() %><%= e.ASPCode %>|<%= e.ASPDescription %>|<%= e.Category %>|<%= e.Column %>|<%= e.Description %>|<%= e.File %>|<%= e.Line %>|<%= e.Number %>|<%= e.Source %>|<%= typeof e %>|<% try { e.Line = 1 } catch (x) { %>read only<% } %>
-- want --
|||-1|||0|0||object|read only
=== Execute
[<% Server.Execute("part.asp"); Server.Execute("/sub/part.asp") %>]<%= typeof inPart %>
-- part.asp --
<% var inPart = 1 %>(part <%= Request.QueryString("a") %>)
-- sub/part.asp --
<% Server.Execute("deep.asp"); Server.execute("..\\part.asp") %>
-- sub/deep.asp --
(deep)
-- request --
GET /page.asp?a=1
-- want --
[(part 1)
(deep)
(part 1)

]undefined
=== Execute shares the intrinsics
<% Session("n") = 1; Server.Execute("part.asp") %><%= Session("n") %><%= Application("m") %>
-- part.asp --
<% Session("n")++; Application("m") = "m"; Response.AddHeader("X-Part", "1"); Response.Cookies("c") = "v" %>
-- header --
X-Part: 1
Set-Cookie: c=v; path=/
-- want --

2m
=== End in an executed page ends its caller
a<% try { Server.Execute("part.asp") } catch (e) { %>C<% } finally { %>F<% } %>b
-- part.asp --
p<% Response.End() %>q
-- want --
ap
=== an executed page's error can be caught by its caller
a<% try { Server.Execute("sub/part.asp") } catch (e) { %>[<%= e.message %>]<% } %>b
-- sub/part.asp --
p<%

  nope() %>
-- want --
ap[sub/part.asp:3:3: ReferenceError: nope is not defined]b
=== an executed page's error keeps its own line
a<% Server.Execute("sub/part.asp") %>b
-- sub/part.asp --
<!--#include virtual="/x.inc"-->
-- x.inc --

  <% nope() %> ### 800a1391:6: nope is not defined
=== an executed page that doesn't compile
a<% Server.Execute("part.asp") %>b
-- part.asp --
x
<% if ( %> ### 800a03ea:11: 
=== a page that executes itself
<% Server.Execute("page.asp") %> ### 0230:18: deep
=== paths that can't be executed
<% function f(p) { try { Server.Execute(p); %>MISSED <%= p %><% } catch (e) { %><%= e.description.substr(8, 4) %>|<% } }
f("none.asp"); f(""); f("a.asp?b=c"); f("a*b.asp"); f("a//b.asp"); f("http://x/a.asp"); f("a:b.asp"); f("<x>.asp"); f("/" + new Array(10000).join("a")) %>
-- want --
0176|0171|0235|0173|0173|0173|0173|0173|0172|
=== Transfer
a<% Response.Write("b"); Server.Transfer("to.asp"); Response.Write("never") %>never
-- to.asp --
<% Response.Write("[to " + Request.Form("f") + " " + Request.ServerVariables("URL") + "]") %>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

f=1
-- want --
ab[to 1 /page.asp]
=== Transfer can't be caught, and its target has a clean state
<% var v = 1; Object.prototype.leak = 1; try { Server.Transfer("to.asp") } catch (e) { %>C<% } finally { %>F<% } %>
-- to.asp --
<%= typeof v %><%= typeof ({}).leak %>
-- want --
undefinedundefined
=== Transfer after Clear
before<% Response.Clear(); Server.Transfer("to.asp") %>
-- to.asp --
to
-- want --
to
-- header --
=== a transferred page's error has its own line
x<% Server.Transfer("to.asp") %>
-- to.asp --

 <%= nope %> ### 800a1391:6: nope
=== Transfer to a page that isn't there
x<% try { Server.Transfer("none.asp") } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
xASP 0176
=== Transfer in an executed page goes on from there
a<% Server.Execute("part.asp") %>b
-- part.asp --
p<% Server.Transfer("to.asp") %>q
-- to.asp --
to
-- want --
apto
=== pages that transfer to each other for ever
<% Server.Transfer("page.asp") %> ### 0230:19: without end
=== session
<% Session("Key") = "v"; Session("n") = 1.5; Session("list") = [1, [2], {a: "b"}]; Session("d") = new Date(5); Session("nul") = null; %><%= Session("KEY") %>|<%= Session("n") %>|<%= Session("list")[2].a %>|<%= Session("d").getTime() %>|<%= Session("nul") === null %>|<%= typeof Session("none") %>|<%= Session("none") == null %>|<%= Session("none") + 1 %>|<%= Session.Contents.Count %>|<%= Session.Contents.Key(1) %>|<%= Session.Contents("key") %>|<%= Session(1) %>
-- want --
v|1.5|b|5|True|undefined|True|NaN|5|Key|v|v
=== session contents
<% Session("a") = 1; Session("b") = 2; Session("c") = 3; Session.Contents.Remove("A"); Session.Contents.Remove(1); var out = []; for (var e = new Enumerator(Session.Contents); !e.atEnd(); e.moveNext()) out.push(e.item() + Session(e.item())); for (var k in Session.Contents) out.push(k); Session.Contents.RemoveAll(); out.push(Session.Contents.Count) %><%= out %>
-- want --
c3,c,0
=== session settings
<% Session.Timeout = 5; Session.LCID = 1031; Session.CodePage = 1252 %><%= Session.Timeout %>|<%= Session.LCID %>|<%= Response.LCID %>|<%= Session.CodePage %>|<%= Response.CodePage %>|<%= Session.SessionID == Session.sessionid %>|<% try { Session.Timeout = 0 } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
5|1031|1031|1252|1252|True|ASP 0164
-- header --
=== a value changed in place is seen again
<% Session("cart") = []; Session("cart").push("x"); Session("cart").push("y") %><%= Session("cart").length %>
-- want --
2
=== what can't be stored says why
<% function f(v) { try { Session("k") = {a: [v]}; %>MISSED<% } catch (e) { %><%= e.description %>
<% } } f(function () {}); f(Symbol("s")); f(new (class Point {})()); f(Response); f(new Proxy({}, {})); f(Promise.resolve()); var c = []; c[0] = c; f(c) %>
-- want --
006~ASP 0199~Disallowed object use~Session("k").a[0]: a function cannot be stored: it belongs to one script engine
006~ASP 0199~Disallowed object use~Session("k").a[0]: a symbol cannot be stored: it belongs to one script engine
006~ASP 0199~Disallowed object use~Session("k").a[0]: an instance of a class cannot be stored (Point): store its data as a plain object
006~ASP 0199~Disallowed object use~Session("k").a[0]: Response cannot be stored
006~ASP 0199~Disallowed object use~Session("k").a[0]: a Proxy cannot be stored: it belongs to one script engine
006~ASP 0199~Disallowed object use~Session("k").a[0]: a Promise cannot be stored: it belongs to one script engine
006~ASP 0199~Disallowed object use~Session("k").a[0][0]: the value contains itself, which cannot be stored
=== what can't be stored, on its line
<%
Session("a") = 1;
   Session("k") = {f: function () {}}; ### 0199:16: a function cannot be stored
%>
=== application
<% Application.Lock(); Application("n") = 1; Application("n") += 1; Application.UnLock(); Application("List") = [1, 2] %><%= Application("N") %>|<%= Application("list").length %>|<%= Application.Contents.Count %>|<%= typeof Application("none") %>|<%= Application.Increment("n", 5) %>|<%= Application.CompareAndSet("n", 7, 8) %>|<%= Application("n") %>|<%= Application.Update("n", function (v) { return v * 2 }) %><% Application.Contents.Remove("n") %>|<%= typeof Application("n") %>
-- want --
2|2|2|undefined|7|True|8|16|undefined
=== what Application can't hold
<% try { Application("f") = function () {} } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
ASP 0197
=== a value read without the lock can't be changed in place
<% Application("o") = {a: [1]}; var o = Application("o"); try { o.a.push(2) } catch (e) { %><%= e.description.substr(4, 8) %>|<% } try { o.b = 1 } catch (e) { %><%= e.description.substr(4, 8) %>|<% } %><%= Application("o").a.length %>|<%= JSON.stringify(o) %>
-- want --
ASP 0197|ASP 0197|1|{"a":[1]}
=== static objects
<%= Session.StaticObjects.Count %><%= Application.StaticObjects.Count %><% try { Session.StaticObjects("x") = 1 } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
00ASP 0226
=== an unknown member of Session
<%
Session.Naem = 1 ### 800a01b6:9: Session.Naem
%>
=== ObjectContext is refused
<% try { ObjectContext.SetComplete() } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
ASP 0210
=== console
<%
console.log("plain", 1, true, {a: [1, "x"]}, null);
console.info("info"); console.warn("line\nend"); console.error(new Error("e"));
console.debug(Request.QueryString("q"));
%><!--#include file="a.inc"-->
-- a.inc --

<% function f() {
  console.log("in an include") } f() %>
-- request --
GET /page.asp?q=1
-- log --
INFO page.asp:2: plain 1 True {"a":[1,"x"]} null
INFO page.asp:3: info
WARN page.asp:3: line
end
ERROR page.asp:3: Error: e
DEBUG page.asp:4: 1
INFO a.inc:3: in an include
