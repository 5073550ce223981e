Enumerator over everything; the objects that JScript had.

=== an array
<% var log = ""; for (var e = new Enumerator([1, "two", null]); !e.atEnd(); e.moveNext()) log += e.item() + ","; e.moveFirst(); log += e.item() %><%= log %> <%= e.atEnd() %> <%= typeof e.moveFirst() %> <%= typeof e.moveNext() %> <%= typeof e %> <%= typeof Enumerator %>
-- want --
1,two,null,1 False undefined undefined object function
=== past the end
<% var e = new Enumerator([1]); e.moveNext(); e.moveNext() %><%= e.atEnd() %> <%= String(e.item()) %> <%= typeof e.item() %> <% var n = new Enumerator(); %><%= n.atEnd() %> <%= String(n.item()) %> <%= new Enumerator([]).atEnd() %>
-- want --
True undefined undefined True undefined True
=== it asks once, when it is made
<% var a = [1, 2], e = new Enumerator(a); a.push(3); a[0] = 9; var n = 0; for (; !e.atEnd(); e.moveNext()) n += e.item(); Session("a") = 1; var s = new Enumerator(Session.Contents); Session("b") = 2; for (; !s.atEnd(); s.moveNext()) n += s.item() %><%= n %>
-- want --
3a
=== members in any case
<% var e = new Enumerator([1, 2]); e.MoveNext() %><%= e.Item() %><%= e.AtEnd() %><% e.movefirst() %><%= e.ITEM() %>
-- want --
2False1
=== every collection
<% function keys(c) { var s = []; for (var e = new Enumerator(c); !e.atEnd(); e.moveNext()) s.push(e.item()); return s.join() }
Session("sa") = 1; Session("sb") = 2; Application("ap") = 1; Response.Cookies("rc") = 1 %>
<%= keys(Request.QueryString) %>|<%= keys(Request.QueryString("b")) %>|<%= keys(Request.QueryString("none")) %>|<%= keys(Request.Form) %>|<%= keys(Request.Cookies) %>|<%= keys(Request.Cookies("ck")) %>|<%= keys(Request.ClientCertificate) %>|<%= keys(Session.Contents) %>|<%= keys(Session) %>|<%= keys(Application.Contents) %>|<%= keys(Application) %>|<%= keys(Session.StaticObjects) %>|<%= keys(Application.StaticObjects) %>|<%= keys(Response.Cookies) %>|<%= keys(Request("b")) %>|<%= /URL/.test(keys(Request.ServerVariables)) %>|<%= keys(Request.Files) %>
-- global.asa --
<object runat=server scope=session id=sobj progid="Scripting.Dictionary"></object>
<object runat=server scope=application id=aobj progid="Scripting.Dictionary"></object>
-- request --
POST /page.asp?a=1&b=x&b=y
Content-Type: application/x-www-form-urlencoded
Cookie: ca=1; ck=k=v&l=w

fa=1&fb=2
-- want --

a,b|x,y||fa,fb|ca,ck,rc|k,l||sa,sb|sa,sb|ap|ap|sobj|aobj|rc|x,y|True|
=== components, maps and what can be walked
<% function all(c) { var s = []; for (var e = new Enumerator(c); !e.atEnd(); e.moveNext()) s.push(e.item().Name || e.item()); return s.join() }
var d = new ActiveXObject("Scripting.Dictionary"); d.Add("k", 1); var rs = new ActiveXObject("ADODB.Recordset"); rs.Open("products"); function* g() { yield 1; yield 2 } %><%= all(d) %>|<%= all(rs.Fields) %>|<%= all(new Set([1, 2])) %>|<%= all(g()) %>|<%= all("ab".split("")) %>|<%= all(arguments_()) %>|<%= all(new Server_().Files) %><% function arguments_() { return (function () { return arguments })(7, 8) } function Server_() { return new ActiveXObject("Scripting.FileSystemObject").GetFolder("/") } %>
-- want --
k|id,name,price,stock,added|1,2|1,2|a,b|7,8|a.txt,b.txt
=== what is no collection
<%
 var e = new Enumerator({a: 1}); ### 800a01c3:10: Object not a collection
%>
=== nor a number
<%
 new Enumerator(5); ### 800a01c3:2: Object not a collection
%>
=== ActiveXObject is Server.CreateObject
<% var d = new ActiveXObject("scripting.dictionary"); d("a") = 1; try { new ActiveXObject("No.Such") } catch (e) { var a = e.number + e.description } try { Server.CreateObject("No.Such") } catch (e) { var b = e.number + e.description } %><%= d("a") %> <%= a == b %> <%= a %> <%= typeof ActiveXObject %> <%= typeof d %>
-- want --
1 True -2147221005006~ASP 0177~Server.CreateObject Failed~800401f3 function object
=== and stops the page where it isn't caught
<%
 var x = new ActiveXObject("Persits.Upload"); ### 0177:10: Persits.Upload
%>
=== GetObject is refused
<%
 var x = GetObject("winmgmts:"); ### 0104:19: GetObject: there are no running COM objects here; use Server.CreateObject
%>
=== VBArray
<% var a = new VBArray([[1, 2, 3], [4, 5, 6]]); %><%= a.dimensions() %> <%= a.lbound() %><%= a.lbound(2) %> <%= a.ubound(1) %><%= a.ubound(2) %> <%= a.getItem(2, 0) %><%= a.getItem(0, 1) %> <%= a.toArray() %> <%= a.toArray().length %> <%= new VBArray([7, 8]).toArray()[1] %> <%= new VBArray([]).ubound() %>
-- want --
2 00 21 34 1,2,3,4,5,6 6 8 -1
=== VBArray out of bounds, and of nothing
<% function t(f) { try { f(); Response.Write("fine ") } catch (e) { Response.Write((e.number & 0xFFFF) + " ") } } t(function () { new VBArray([1]).getItem(5) }); t(function () { new VBArray([1]).ubound(3) }); t(function () { new VBArray("x") }); t(function () { new VBArray() }) %>
-- want --
9 9 5013 5013 
=== the engine's name and version
<%= ScriptEngine() %> <%= ScriptEngineMajorVersion() %>.<%= ScriptEngineMinorVersion() %>.<%= typeof ScriptEngineBuildVersion() %> <%= ScriptEngineMajorVersion() + ScriptEngineMinorVersion() / 10 >= 5.5 %>
-- want --
JScript 5.8.number True
=== ObjectContext has no transactions
<% function t(f) { try { f(); Response.Write("fine\n") } catch (e) { Response.Write(e.description + "\n") } } t(function () { ObjectContext.SetAbort() }); t(function () { ObjectContext.SetComplete() }) %>
-- want --
006~ASP 0210~Method not implemented~This method has not yet been implemented. ObjectContext: pages have no transactions here
006~ASP 0210~Method not implemented~This method has not yet been implemented. ObjectContext: pages have no transactions here
