The page language: blocks, text, directives, scripts, includes.

=== text alone
<p>Hello,
world &amp; 100%> of it
-- want --
<p>Hello,
world &amp; 100%> of it
=== an empty page
-- page.asp --
-- want --
=== values
<%= 1+1 %><% = "blank" %><%="a", "b"%><%:"<&\">'"%><%= null %>|<%= undefined %>|<%= true %>|<%= 1.50 %>|<%= [1,2] %>
-- want --
2blankb&lt;&amp;&quot;&gt;&#39;||True|1.5|1,2
=== a value may end with a comment
<%= 1 // one %><%= 2 /* two */ %>
-- want --
12
=== blocks in one statement
<% if (1) { %>a<% } else { %>b<% } %><% for (var i = 0; i < 3; i++) { %><%= i %>,<% } %>
-- want --
a0,1,2,
=== statements without braces
<% if (0) %>a<% else if (1) %>b<% else %>c<% for (var i = 0; i < 2; i++) %>x<% while (i-- > 0) %>y<% do %>z<% while (i++ < 1) %>
-- want --
bxxyyzzz
=== switch, labels, with, try
<% switch (2) { case 1: %>1<% break; case 2: %>2<% default: %>d<% }
outer: for (var k in {a:1, b:2}) { for (;;) { %><%= k %><% continue outer } }
with ({w: 3}) { %><%= w %><% }
try { throw "t" } catch (e) { %>c<%= e %><% } finally { %>f<% } %>
-- want --
2dab3ctf
=== a block without semicolon at its end
<% var i = 0
i++ %>x<% var j = i
++j %><%= i %><%= j %>
-- want --
x12
=== text in functions of every kind
<% function f() { %><f><% } var g = function () { %><g><% }; var h = () => { %><h><% };
class C { m() { %><m><% } static s() { %><s><% } get p() { %><p><% return 1 } }
f(); g(); h(); new C().m(); C.s(); new C().p; [1].forEach(function () { %><each><% }) %>
-- want --
<f><g><h><m><s><p><each>
=== a function is known before its block, across blocks and scripts
<%= twice(4) %><% var x = later() %><%= x %><% function twice(n) { return n * 2 } %>
<script runat=server>function later() { return "later" }</script>
-- want --
8later
=== what a function with text returns
<% function f() { %>in<% return 5 } %><%= f() %>
-- want --
in5
=== text may hold any character
<%= "" %>"'`\ ${x} // /* */ é 漢 😀 </script> <script>var s = "<b>";</script> <? ?> %% < % >
-- want --
"'`\ ${x} // /* */ é 漢 😀 </script> <script>var s = "<b>";</script> <? ?> %% < % >
=== inside a block only its end counts
<% var s = '<script runat="Server">no</script><object runat=server>' %><%: s %>
-- want --
&lt;script runat=&quot;Server&quot;&gt;no&lt;/script&gt;&lt;object runat=server&gt;
=== a block ends inside a string too, as in IIS
<% var s = "abc %> ### 800a03ea: 
=== a block ends inside a comment
<% // a comment %>text<% /* another
*/ %>
-- want --
text
=== sloppy mode
<% "use strict"; undeclared = 010; with (Math) { var m = max(1, 2) } %><%= undeclared + m %><%= typeof arguments %>
-- want --
10undefined
=== modern syntax
<% let a = [3, 1, 2].sort((x, y) => x - y), {b, ...rest} = {b: 1, c: 2};
const t = `${a.join("")}-${b}-${rest.c ?? "none"}`; function* gen() { yield* [1, 2] } %><%= t %><%= [...gen()].length %><%= String(a?.[9]?.x) %>
-- want --
123-1-22undefined
=== let in one block is seen in the next and in functions
<% let n = 1; const c = "c" %><% n++ ; function show() { return n + c } %><%= show() %>
-- want --
2c
=== this at the top and in functions
<% var g = 7; function f() { return this.g } %><%= this.g %><%= f() %><%= typeof globalThis %>
-- want --
77object
=== a page's own names shadow the intrinsics
<% var Session = "mine"; function Request(n) { return "r" + n } var console = 5 %><%= Session %><%= Request(1) %><%= console %>
-- want --
miner15
=== names of globals are exact, names of members are not
<% try { response.Write("x") } catch (e) { Response.WRITE(e.message) } response = 1; RESPONSE = 2; Response.write(response + RESPONSE) %>
-- want --
response is not defined3
=== directives in every spelling
-- page.asp --
<!-- a comment --><p><% @Language = jscript CodePage=65001 %><%= 1 %>
-- want --
<!-- a comment --><p>1
=== a directive without any blank
<%@LANGUAGE="JAVASCRIPT" CODEPAGE="65001"%><%= "é" %>
-- want --
é
=== a directive with the sign apart
<% @ Language='JScript' EnableSessionState = False LCID=1031 %><%= Response.LCID %>
-- want --
1031
=== a directive from an include
<!--#include file="head.inc"--><%= 1 %>
-- head.inc --
<%@ Language=JavaScript %>
-- want --

1
=== another language
<%@ Language="JScript" %>
<script language="VBScript" runat="server"> ### 0129: VBScript
Sub x
</script>
=== VBScript
<p>
<%@ Language=VBScript %> ### 0129: VBScript
<% x = 1 %>
=== a language nobody knows
<%@ Language=PerlScript %> ### 0129: PerlScript
=== an unknown directive
<%@ Colour=red %> ### 0221: 
=== directives in several places
<%@ Language=JScript %><!--#include file="head.inc"-->x
-- head.inc --
<%@ Language="JavaScript" LCID=1031 %>
-- want --

x
=== two directives that disagree
<%@ CodePage=65001 %>
<p><%@ CodePage=1252 %> ### 0141:8: CodePage
=== an unknown code page
<p>
<%@ Language=JScript CodePage=4711 %> ### 0204:22: 4711
=== a code page that no page can be sent in
<%@ CodePage=1200 %> ### 0204:5: 1200
=== an unknown locale, in an include
<!--#include file="head.inc"-->
-- head.inc --
é<%@ LCID=99999999 %> ### 0219:6: 99999999
=== EnableSessionState takes three values
<%@ EnableSessionState=Maybe %> ### 0215: 
=== server scripts run after the blocks
<script runat=server>Response.Write("[script sees " + v + "]")</script>
<% var v = 1 %>block
<SCRIPT LANGUAGE="JavaScript" RUNAT="Server">Response.Write("[second]")</SCRIPT>
-- want --

block

[script sees 1][second]
=== server scripts may have comment marks
<script runat=server>
<!--
Response.Write("a");
//-->
</script>
-- want --

a
=== a server script with a source
<script runat=server src="lib/one.js"></script><%= one() %>
-- lib/one.js --
function one() { return "one" }
Response.Write("last");
-- want --
one
last
=== a client script is text
<script>if (a < b) { x("%>") }</script><script src="x.js"></script>
-- want --
<script>if (a < b) { x("%>") }</script><script src="x.js"></script>
=== includes
<!--#include file="a.inc"-->|<!-- #INCLUDE VIRTUAL = '/inc/b.inc' -->|<!--#include file=inc\b.inc -->|<!--#Include	File="inc/../a.inc"	-->
-- a.inc --
A<%= 1 %>
-- inc/b.inc --
B<!--#include file="c.inc"-->
-- inc/c.inc --
C<!--#include file="../a.inc"-->
-- want --
A1
|BCA1


|BCA1


|A1

=== an include inside an open block
<% var before = 1;
<!--#include file="open.inc"-->
var after = inside + before; %><%= after %>
-- open.inc --
var inside = 41;
-- want --
42
=== one file twice
<!--#include file="a.inc"--><!--#include file="a.inc"-->
-- a.inc --
<% n = (typeof n == "undefined" ? 0 : n) + 1 %><%= n %>
-- want --
1
2
=== functions of includes
<!--#include file="layout.inc"--><% header("T") %>body<% footer() %>
-- layout.inc --
<% function header(t) { %><h1><%= t %></h1><% } function footer() { %></html><% } %>
-- want --

<h1>T</h1>body</html>
=== an include in a comment of the script is expanded, as in IIS
<%
// <!--#include file="a.inc"-->
%>x
-- a.inc --
a comment
-- want --
x
=== a missing include
<p>
  <!--#include file="none.inc"--> ### 0126:22: none.inc
=== a missing include in an include
<!--#include file="inc/a.inc"-->
-- inc/a.inc --

x<!--#include file="none.inc"--> ### 0126:21: none.inc
=== a cycle of includes
<!--#include file="a.inc"-->
-- a.inc --
<!--#include virtual="/b.inc"-->
-- b.inc --
<!--#include file="a.inc"--> ### 0135:20: a.inc > b.inc > a.inc
=== an include outside the root
<!--#include file="../../outside"--> ### 0131: 
=== metadata and objects cost nothing
<!--METADATA TYPE="typelib" FILE="c:\ado.tlb"--><object runat=server id=never progid="No.Such"></object>x
-- want --
x
=== an object that can't be made is an error where it is used
<object runat="server" id="thing" progid="No.Such"></object>
<% try { thing.x } catch (e) { %><%= e.description %><% } %>
-- want --

006~ASP 0177~Server.CreateObject Failed~800401f3
=== U+2028 ends a comment
<% // c var z = 9 %><%= z %>
-- want --
9
=== line ends of all kinds keep their lines
<%
var a = 1;
%>
<%= a %>
-- want --

1
=== a page of one long line
<% function f(o){o=o||{};for(var k in o){%>[<%=k%>=<%=o[k]%>]<%}}f({a:1,b:2});if(1){%>y<%}else{%>n<%}%>
-- want --
[a=1][b=2]y
=== HTML comments around code
<!-- <%= 1 %> --><!--[if IE]><% if (1) { %>x<% } %><![endif]-->
-- want --
<!-- 1 --><!--[if IE]>x<![endif]-->
=== nothing of the output is read again
<% Response.Write("<" + "% throw 1 %" + ">"); Response.Write("<!--#" + "include file='x'-->") %>
-- want --
<% throw 1 %><!--#include file='x'-->
=== top level await
<% var v = await Promise.resolve(3); %><%= v %><% await null; %>x<% var await2 = await new Promise(function (ok) { setTimeout(function () { ok("t") }, 1) }) %><%= await2 %>
-- want --
3xt
=== promises and timers run before the page ends
<% setTimeout(function (a) { Response.Write("3" + a) }, 250, "!"); Promise.resolve().then(function () { Response.Write("2") });
var n = 0, id = setInterval(function () { Response.Write("i"); if (++n == 2) clearInterval(id) }, 400);
clearTimeout(setTimeout(function () { Response.Write("never") }, 0)); setImmediate(function () { Response.Write("now") }) %>1
-- want --
1
2now3!ii
=== conditional compilation is a comment
<% /*@cc_on @*/ var x = 1 //@cc_on
%><%= x %>
-- want --
1
=== a label before text, a jump out of a block with text
<% lab: %>x<% for (var i in {a: 1}) { %><%= i %><% } a: while (true) { while (true) { break a %>never<% } } %>e<% do { %>.<% } while (0) %>
-- want --
xae.
=== a text as the body of an arrow function
<% var f = () => %>x<% ; f(); f() %>
-- want --
xx
=== several server scripts are separate statements
<script runat=server>(function () { Response.Write("1") })()</script><script runat=server>[2].map(function (v) { Response.Write(v) })</script><% Response.Write("0") %>.
-- want --
0.
12
=== the constants of a type library
<!--METADATA TYPE="typelib" FILE="C:\Program Files\Common Files\System\ado\msado15.dll"--><!-- METADATA TYPE="TypeLib" NAME="CDO" UUID="{CD000000-8B95-11D1-82DB-00C04FB1625D}" -->
<% var adLockOptimistic = "own"; %><%= [adOpenStatic, adCmdText, adUseClient, adVarWChar, adXactUnspecified, cdoSendUsingPort, cdoSMTPServer, adLockOptimistic, typeof adNoSuch, typeof ForReading, typeof adopenstatic, typeof adStateOpen, (function () { adOpenKeyset = 9; return adOpenKeyset })(), "adInteger" in this, eval("adCmdTable")].join("|") %>
-- want --

3|1|3|202|-1|2|http://schemas.microsoft.com/cdo/configuration/smtpserver|own|undefined|undefined|undefined|number|9|true|2
=== without METADATA there are none
<%= typeof adOpenStatic %>
-- want --
undefined
