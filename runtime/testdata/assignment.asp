Assignments to calls, which JavaScript doesn't have and JScript does.

=== session and application
<% Session("a") = 1; Session("a") += 2; Session("A")++; ++Session("a"); Application("n") = Session("a") %><%= Session("a") %><%= Application("n")-- %><%= --Application("n") %>
-- want --
553
=== every operator
<% Session("v") = 7; var out = [];
Session("v") -= 1; out.push(Session("v")); Session("v") *= 4; out.push(Session("v")); Session("v") /= 3; out.push(Session("v"));
Session("v") %= 5; out.push(Session("v")); Session("v") <<= 3; out.push(Session("v")); Session("v") >>= 1; out.push(Session("v"));
Session("v") >>>= 1; out.push(Session("v")); Session("v") |= 1; out.push(Session("v")); Session("v") &= 4; out.push(Session("v"));
Session("v") ^= 14; out.push(Session("v")); Session("v") **= 2; out.push(Session("v")); %><%= out %>
-- want --
6,24,8,3,24,12,6,7,4,10,100
=== chained, nested and in expressions
<% Session("a") = Session("b") = 3; var x = (Session("c") = 4) + Session("b"); Session(Session("d") = "key") = Session("a") %><%= Session("a") %><%= Session("b") %><%= x %><%= Session("key") %>
-- want --
3373
=== in values
<%= Session("n") = 5 %><%= Session("n")++ %><%= ++Session("n") %><%: Session("s") = "<" %>
-- want --
557&lt;
=== Contents, Item and cookies
<% Session.Contents("a") = 1; Session.Contents.Item("b") = 2; Application.Contents("c") = 3; Response.Cookies("k") = "v"; Response.Cookies("d")("x") = "1"; Response.Cookies("d")("y") = "2";
Response.Cookies("k").Path = "/p" %><%= Session("a") %><%= Session("b") %><%= Application("c") %>
-- want --
123
-- header --
Set-Cookie: k=v; path=/p
Set-Cookie: d=x=1&y=2; path=/
=== without blanks or semicolons
<%Session("a")=1
Session("b")=Session("a")+1
if(Session("b")==2){Session("c")="x;y=z"}
Session("d")=/a=b/.test("a=b")
Session("e")=`)=${1}`
%><%=Session("a")%><%=Session("b")%><%=Session("c")%><%=Session("d")%><%=Session("e")%>
-- want --
12x;y=zTrue)=1
=== once and in order
<% var t = [], f = function (x) { t.push(x); return x };
Session(f("k")) = f(1); Session(f("k")) += f(2) %><%= t %>:<%= Session("k") %>
-- want --
k,1,k,2:3
=== a line end is no postfix
<% var i = 0, o = {m: function () { return 5 }};
i++
o.m()
++i
%><%= i %>
-- want --
2
=== what can't be assigned to
<% function f() { return 1 }
try { f(1) = 2 } catch (e) { %><%= e.name %> <%= e.number & 0xffff %> <%= e.description %><% } %>
-- want --
ReferenceError 5003 Cannot assign to a function result
=== what can't be assigned to, on its line
<% function f() { return 1 }
Session("a") = 1;
  f(1) = 2; ### 800a138b:7: Cannot assign
%>
=== in eval, Function and callbacks
<% eval("Session('a') = 1; Session('a')++"); new Function("Session('b') = 2")(); [1].forEach(function () { Session("c") = 3 }); %><%= Session("a") %><%= Session("b") %><%= Session("c") %>
-- want --
223
=== in with, arrow functions and classes
<% with (Session) { Contents("w") = 1 } var f = v => Session("f") = v; f(2); class A { set(v) { Session("m") = v } } new A().set(3) %><%= Session("w") %><%= Session("f") %><%= Session("m") %>
-- want --
123
=== errors keep their columns behind a rewrite
<% Session("a") = 1; Session("b") = 2; nope() ### 800a1391:40: nope is not defined
%>
