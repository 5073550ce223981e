Programs made at run time, and the corners of the language that old pages like.

=== eval with assignments to calls
<%@ Language=JScript %><%
eval('Session("a")=1;Session("a")++');
eval("Application('b')=" + Session("a") + "; Response.Cookies('c')('d')='e'");
var names = ["x", "y"]; for (var i in names) eval('Session("' + names[i] + '")=' + i + ';var local' + i + '=Session("' + names[i] + '")+10');
%><%=Session("a")%> <%=Application("b")%> <%=Session("x")%><%=Session("y")%> <%=local0+local1%> <%=eval("Session('z')=7")%>
-- header --
Set-Cookie: c=d=e; path=/
-- want --
2 2 01 21 7
=== new Function
<%@ Language=JScript %><%
var put = new Function("k", "v", "Session(k)=v; return Session(k)"), sum = Function("a,b", "return a+b"), none = new Function()
%><%=put("k", 5)%> <%=sum(2, 3)%> <%=String(none())%> <%=put.length%> <%=typeof put%>
-- want --
5 5 undefined 2 function
=== a template in a string
<%@ Language=JScript %><%
function fill(t, o) { return t.replace(/\{(\w+)\}/g, function(m, k) { return k in o ? o[k] : m }) }
function run(t) { return eval("'" + t.replace(/'/g, "\\'").replace(/\r?\n/g, "\\n").replace(/\[\[(.*?)\]\]/g, "'+($1)+'") + "'") }
var user = "Anna";
%><%=fill("{a} and {b}, {c}", {a: 1, b: "two"})%>|<%=run("It's [[user]]: [[1+1]]")%>
-- want --
1 and two, {c}|It's Anna: 2
=== a mistake in what is evaluated
<%@ Language=JScript %><%
try { eval("var = 1") } catch (e) { Response.Write(e.name + " " + (e.number & 0xFFFF) + " ") }
try { eval("Session('x') = ") } catch (e) { Response.Write(e instanceof SyntaxError) }
try { new Function("return (")() } catch (e) { Response.Write(" " + e.name) }
try { eval("function a.b(){}") } catch (e) { Response.Write(" " + e.name) }
%>
-- want --
SyntaxError 1002 True SyntaxError SyntaxError
=== arguments.callee and friends
<%@ Language=JScript %><%
var fac = function(n) { return n < 2 ? 1 : n * arguments.callee(n - 1) };
function max() { var m = -Infinity; for (var i = 0; i < arguments.length; i++) if (arguments[i] > m) m = arguments[i]; return m }
function opt(a, b) { if (arguments.length < 2) b = "dflt"; return a + b }
%><%=fac(6)%> <%=max(3, 9, 4)%> <%=opt("x")%> <%=opt.length%> <%=max.apply(null, [1, 2])%> <%=(function() { return typeof this.Array }).call()%>
-- want --
720 9 xdflt 2 2 function
=== prototypes
<%@ Language=JScript %><%
String.prototype.Trim = function() { return this.replace(/^\s+|\s+$/g, "") }
Array.prototype.contains = function(x) { for (var i = 0; i < this.length; i++) if (this[i] == x) return true; return false }
Date.prototype.ymd = function() { var m = this.getMonth() + 1, d = this.getDate(); return this.getFullYear() + "-" + (m < 10 ? "0" + m : m) + "-" + (d < 10 ? "0" + d : d) }
Number.prototype.pad = function(n) { var s = String(this); while (s.length < n) s = "0" + s; return s }
function Shape(n) { this.n = n } Shape.prototype = { area: function() { return 0 }, toString: function() { return this.n + ":" + this.area() } }
function Square(a) { Shape.call(this, "square"); this.a = a } Square.prototype = new Shape(); Square.prototype.area = function() { return this.a * this.a }
%>[<%="  x y ".Trim()%>] <%=[1, 2].contains(2)%> <%=new Date(2003, 0, 5).ymd()%> <%=(7).pad(3)%> <%=new Square(3)%> <%=new Square(1) instanceof Shape%>
-- want --
[x y] True 2003-01-05 007 square:9 True
=== with, in, delete, void, labels
<%@ Language=JScript %><%
with (Response) { Write("a"); Write("b") }
with (Math) var area = Math.round(PI * pow(2, 2));
var o = { a: 1, b: 2 }; delete o.a; var s = "";
outer: for (var i = 0; i < 3; i++) { for (var j = 0; j < 3; j++) { if (j == 1) continue outer; if (i == 2) break outer; s += i + "" + j + " " } }
%><%=area%> <%="a" in o%> <%="b" in o%> <%=String(void 0)%> <%=s%> <%=typeof nothing%> <%=null + 1%> <%="3" * "4"%> <%=010%> <%=[1,,3].length%>
-- want --
ab13 False True undefined 00 10  undefined 1 12 8 3
=== whole number arithmetic, formats
<%@ Language=JScript %><%
function money(n) { n = Math.round(n * 100) / 100; var s = n.toString(); if (s.indexOf(".") < 0) s += ".00"; else if (s.length - s.indexOf(".") == 2) s += "0"; return "$" + s }
function hex(n) { return "#" + ("000000" + n.toString(16).toUpperCase()).slice(-6) }
%><%=money(3)%> <%=money(2.5)%> <%=money(1.239)%> <%=hex(65535)%> <%=parseInt("0x1F")%> <%=parseInt("12px")%> <%=~~7.9%> <%=-7 % 3%> <%=1 / 3%> <%=1e21%> <%=0.1 + 0.2%> <%=(255).toString(2)%>
-- want --
$3.00 $2.50 $1.24 #00FFFF 31 12 7 -1 0.3333333333333333 1e+21 0.30000000000000004 11111111
=== HTML in strings that hold script tags
<%@ Language=JScript %><%
var s = '<script language="JavaScript" runat="Server">not a block</' + 'script>', t = "<" + "% no block %" + ">";
%><%=Server.HTMLEncode(s)%> <%=Server.HTMLEncode(t)%>
-- want --
&lt;script language=&quot;JavaScript&quot; runat=&quot;Server&quot;&gt;not a block&lt;/script&gt; &lt;% no block %&gt;
=== comments of every kind
<%@ Language=JScript %>
<!-- <%= "in a comment of HTML" %> -->
<% // one line %>
<% /* several
lines with Session("x")=1 */ var a = 1 // Session("y")=2
/*@cc_on
  @if (@_jscript) a = 2 @end
@*/
<!-- an old browser's comment
a++
--> the end of it
%><%=a%>
-- want --

<!-- in a comment of HTML -->

2
=== semicolons that were left out
<%@ Language=JScript %><%
var i = 1
i++
var rs = Server.CreateObject("Scripting.Dictionary")
rs("a") = i
rs("b") = i
++i
rs.Add("c", i)
i--
rs("a")++
var f = function() { return 1 }
rs("d") = f()
if (i) rs("e") = 5
else rs("e") = 6
var n = rs.Count
;[1].length
%><%=i%> <%=rs("a")%> <%=rs("b")%> <%=rs("c")%> <%=rs("d")%> <%=rs("e")%> <%=n%>
-- want --
2 3 2 3 1 5 5
