Functions that are declared in blocks belong to the function around them.

=== known from the first line on, as in JScript
<%= typeof early %> <%= early() %> <%
if (true) { function early() { return "e" } }
try { function tried() { return tried.name } } catch (e) { }
switch (1) { case 2: function cased() { return 2 } }
if (false) { %><p><% function markup(s) { %>(<%= s %>)<% } %></p><% }
%><%= tried() %> <%= cased() %> <% markup("x") %> <%= typeof this.early %> <%= eval("typeof tried") %>
-- want --
function e tried 2 (x) function function
=== of two branches the one that runs has its own
<% var old = true;
if (old) { function a() { return 1 } } else { function a() { return 2 } }
function b() { return "top" }
if (!old) { function b() { return "block" } }
%><%= a() %> <%= a.name %> <%= b() %> <%= typeof c %> <% { var c = 1; function c() {} } %><%= typeof c %>
-- want --
1 a top undefined number
=== a function for each turn of a loop
<% var all = []; for (var i = 0; i < 2; i++) { function f() { return i } all.push(f) }
%><%= all[0] == all[1] %> <%= f() %>
-- want --
False 2
=== within functions, arrows and methods
<% var o = { m: function () { if (1) { function z() { return 5 } } return z() }, n() { { function z() { return 6 } } return z() } };
var arrow = () => { { function q() { return 7 } } return q() };
function outer(p) { if (p) { function inner() { return p } } return typeof inner }
%><%= o.m() %><%= o.n() %><%= arrow() %> <%= outer(0) %>
-- want --
567 function
=== what is newer than that stays as it is
<% (function () { "use strict"; { function s() {} } Response.Write(typeof s + " ") })();
(function () { { let own = 1; function l() { return own } Response.Write(l() + " ") } Response.Write(typeof l + " ") })();
(function () { { async function g() {} } { function* h() {} } Response.Write(typeof g + typeof h + " ") })();
(function () { let x = 1; { function x() { } } Response.Write(x + " ") })();
(function (p) { { function p() { } } Response.Write(p + " ") })(2);
for (let i of [3]) { function k() { return i } Response.Write(k()) }
class C { m() { { function t() {} } return typeof t } }
Response.Write(" " + typeof k + " " + new C().m());
%>
-- want --
undefined 1 undefined undefinedundefined 1 2 3 undefined undefined
=== an error in one is on its line
<% if (true) {
  function broken() {
    return nothing.at.all ### 800a1391:12: nothing
  }
}
broken();
%>
=== a semicolon before else, catch and finally
<% var s = "", n = 0;
if (n) { s += "1" }; else if (!n) { s += "2" }; else { s += "3" };
try { s += "4"; throw 5 }; catch (e) { s += e } ; // a comment
finally { s += "6" };
if (n) { %>one<% }; else { %>two<% }; eval("if (0) { s += 7 }; else { s += 8 }") %><%= s %>
-- want --
two24568
