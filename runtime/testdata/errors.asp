Where and how pages fail.

=== a name nobody knows
<p>
  <% var a = 1; nope(a) %> ### 800a1391:17: nope is not defined
=== a name nobody knows, in a value
é漢 <%= nope %> ### 800a1391:8: nope is not defined
=== a name nobody knows, in an encoded value
x<%: a.b + nope %> ### 800a1391:6: a is not defined
=== a value of nothing
<%= %> ### 800a03ea:
=== a value with a semicolon
<%= 1; %> ### 800a03ea:6: 
=== a property of null
<%
	var o = null;
	var p = o.name; ### 800a138f:12: name
%>
=== a call of what is no function
<% var o = {};
   o.method(); ### 800a01b6:12: method
%>
=== in a function, called further down
<% function outer() { inner() }

function inner() {
  return [1].map(function (x) {
    return x.y.z ### 800a138f:16: z
  })
} %>
<p><% outer() %>
=== in a nested include
<!--#include file="inc/one.inc"-->
-- inc/one.inc --
<p>one</p>
<!--#include file="two.inc"-->
-- inc/two.inc --
<p>two</p>
<%
  // é漢😀
  var x = 1;
	if (x) { é = undefinedName } ### 800a1391:15: undefinedName is not defined
%>
=== in an include inside an open block, and behind it
<% var a = 1;
<!--#include file="open.inc"-->
  nope(); ### 800a1391:3: nope
%>
-- open.inc --
var b = 2;
var c = 3;
=== in an include inside an open block
<% var a = 1;
<!--#include file="open.inc"--> %>
-- open.inc --
var b = 2;
  nope(); ### 800a1391:3: nope
=== in a function of an include
<!--#include virtual="/lib.inc"--><% render(null) %>
-- lib.inc --
<% function render(o) { %>
  <b><%= o.title %></b> ### 800a138f:12: title
<% } %>
=== in a server script
<% var a = 1 %>
<script runat="server">
  later(); ### 800a1391:3: later
</script>
=== in a server script's source
<script runat=server src="lib/x.js"></script>
-- lib/x.js --
var ok = 1;
 nope(); ### 800a1391:2: nope
=== in eval
<% var a = 1;
  eval("var b = 2;\n nope()"); ### 800a1391:
%>
=== in a Function
<%
  new Function("a", "return nope")(); ### 800a1391:
%>
=== a syntax error in eval
<%
  eval("if ("); ### 800a03ea:
%>
=== thrown
<%
   throw new Error("my own"); ### 800a139e:10: my own
%>
=== thrown with a number
<%
throw new Error(1234, "numbered"); ### 000004d2:7: numbered
%>
=== thrown that is no Error
<%
  throw "just text"; ### 800a139e:3: just text
%>
=== thrown again
<% try {
  nope() ### 800a1391:3: nope
} catch (e) { throw e } %>
=== thrown in a catch
<% try { nope() } catch (e) {
  other() ### 800a1391:3: other
} %>
=== thrown in a finally
<% try { nope() } finally {
  other() ### 800a1391:3: other
} %>
=== in a callback
<% [3, 1, 2].sort(function (a, b) {
    return a.x.y ### 800a138f:16: y
}) %>
=== in a replace callback, a getter, a toString
<% var o = {get g() {
  return String({toString: function () { return "x".replace(/x/, function () {
      nope() ### 800a1391:7: nope
  }) }})
}}; o.g %>
=== in a toString that writing calls
<%= {toString: function () {
  nope() ### 800a1391:3: nope
}} %>
=== in a timer
<% setTimeout(function () {
  nope() ### 800a1391:3: nope
}, 1) %>
=== in a promise that nobody looks after
<% Promise.resolve().then(function () {
  nope() ### 800a1391:3: nope
}) %>
=== a rejected promise
<%
 Promise.reject(new Error("rejected")); ### 800a139e:17: rejected
%>
=== a rejected promise that somebody looks after
<% Promise.reject(new Error("x")).catch(function (e) { Response.Write(e.message) }) %>.
-- want --
.
x
=== in an async function
<% async function f() {
  await null;
  nope() ### 800a1391:3: nope
}
f() %>
=== at the top level behind an await
<% await null %>
<p>
<%  nope() %> ### 800a1391:5: nope
=== an await that fails
<%
 await Promise.reject(new Error("late")) ### 800a139e:23: late
%>
=== in a generator
<% function* g() {
  yield 1;
  nope() ### 800a1391:3: nope
}
for (var x of g()); %>
=== in a class
<% class A { constructor() {
    this.x.y = 1 ### 800a138f:12: undefined
} }
new A() %>
=== calls past the bound
<% function f(n) {
  if (n) f(n - 1) ### 800a001c:11: Out of stack space
}
f(2100) %>
=== calls past the bound can't be caught
<% function f(n) { try { if (n) f(n - 1) } catch (e) { Response.Write("C") } finally { Response.Write("F") } } ### 800a001c:34: Out of stack
f(2100) %>
=== calls within the bound
<% function f(n) { return n ? f(n - 1) : "done" } %><%= f(1900) %>
-- want --
done
=== a syntax error
<p>
<% var a = 1 b = 2 %> ### 800a03ea:14: Unexpected identifier
=== a block that isn't closed
<% if (1) { %> ### 800a03ea:13: Unexpected end of input
x
=== a brace too many
<p>x</p>
<% } %> ### 800a03ea:4: 
=== a string that isn't closed
<p>
<% var s = "abc; ### 800a03ea:12: 
%>
=== a syntax error in an include
<!--#include file="a.inc"-->
-- a.inc --

<% var 1a; %> ### 800a03ea:8: 
=== a syntax error behind a rewrite
<% Session("a") = 1; Session("b") += "x"; var = 3 %> ### 800a03ea:47: 
=== two declarations of one let
<% let a = 1 %>
<% let a = 2 %> ### 800a03ea:8: already been declared
=== a return at the top
<%
return; ### 800a03ea:1: 
%>
=== an assignment to nothing
<% a + b += "b" %> ### 800a03ea:4: 
=== an assignment to a text
before<% "a" += "b" %> ### 800a1390:10: Illegal assignment
=== a Go panic beneath the page
<%
   console.log("the log panics") ### 0240:15: Script Engine Exception
%>
=== a wrong argument
<%
  new Array(-1); ### 800a13a5:3: 
%>
=== a member that doesn't exist
<p>
<% Response.Wrote("x") %> ### 800a01b6:18: did you mean Write
=== the text before an error
before<% Response.Write("x"); nope() %> ### 800a1391:31: nope
-- want --
beforex
=== a call that isn't closed before text
<% foo( %> ### 800a03ea:11: 
x
=== a label that isn't there
<% while (true) { while (true) { continue outer %>x<% } } %> ### 800a03ea:34: outer
=== a block around a server script
<% if (1) { %>
<script runat=server>a()</script> ### 800a03ea:25: Unexpected end of input
=== a promise rejected with what is no Error
<%
  Promise.reject("text"); Promise.reject("later") ### 800a139e:17: text
%>
