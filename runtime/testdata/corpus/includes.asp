Pages put together out of many files.

=== a layout with header and footer
<%@LANGUAGE="JAVASCRIPT"%>
<!--#include file="inc/config.inc"-->
<%
title="Products"
%>
<!-- #include file="inc\header.inc" -->
<P>Body of <%=title%>
<!--#INCLUDE FILE='inc\footer.inc'-->
-- inc/config.inc --
<%
var title="",root="/",
year=2003
function link(u,t){return "<A HREF=\""+root+u+"\">"+t+"</A>"}
%>
-- inc/header.inc --
<HTML><HEAD><TITLE><%=title%></TITLE></HEAD><BODY>
<!-- #include file="menu.inc" -->
-- inc/menu.inc --
<%=link("a.asp","A")%> | <%=link("b.asp","B")%>
-- inc/footer.inc --
<HR>&copy; <%=year%>
</BODY></HTML>
-- want --




<HTML><HEAD><TITLE>Products</TITLE></HEAD><BODY>
<A HREF="/a.asp">A</A> | <A HREF="/b.asp">B</A>


<P>Body of Products
<HR>&copy; 2003
</BODY></HTML>
=== the directive comes from an include
-- lib/first.asp --
<%@LANGUAGE="JAVASCRIPT" CODEPAGE="65001"%><%var name="first"%>
-- shop/page.asp --
<!--#include file="../lib/first.asp"-->
<%Session("x")=1%><%=Session("x")%> <%=name%> <%=where()%>
<!--#include virtual="/lib/where.inc"-->
-- lib/where.inc --
<%function where(){return Server.MapPath("x.asp")+" "+Server.MapPath("/x.asp")+" "+Server.MapPath("..\\y\\z.txt")}%>
-- request --
GET /shop/page.asp
-- want --


1 first /shop/x.asp /x.asp /y/z.txt
=== an include inside an open block
<%@ Language=JScript %><%
var list = [
<!--#include file="data.inc"-->
];
function total() {
	var s = 0
	<!--#include file="loop.inc"-->
	return s
}
%><%=list.length%> <%=total()%>
-- data.inc --
1,
2, 3
-- loop.inc --
for (var i = 0; i < list.length; i++) { Session("n") = list[i]; s += Session("n") }
-- want --
3 6
=== the same include twice, in a branch and in a loop
<%@ Language=JScript %>
<% for (var i = 0; i < 2; i++) { %><!--#include file="row.inc"--><% } %>
<% if (i > 5) { %><!--#include file="never.inc"--><% } else { %><!--#include file="row.inc"--><% } %>
-- row.inc --
<tr><td><%=i%></td></tr>
-- never.inc --
<% Response.Redirect("x.asp") %>
-- want --

<tr><td>0</td></tr>
<tr><td>1</td></tr>

<tr><td>2</td></tr>
=== a library of functions, with a script block of its own
<%@ Language=JScript %>
<!--#include file="lib.js"-->
<script runat=server language=javascript src="more.js"></script>
<%=quote("a\"b")%> <%=upper("x")%> <%=Lib.version%> <%=both("q")%>
-- lib.js --
<script language="JavaScript" runat="server">
var quote = function(s) { return '"' + s.replace(/"/g, '\\"') + '"' };
function upper(s) { return s.toUpperCase() }
function both(s) { return upper(quoted(s)) }
</script>
<% var Lib = { version: "1.2" }, quote = function(s) { return "'" + s + "'" } %>
-- more.js --
function quoted(s) { return "<" + s + ">" }
-- want --





'a"b' X 1.2 <Q>
=== names in another case than the files
<%@ Language=JScript %>
<!--#include file="INC/Lib.INC"-->
<%=f()%>
-- INC/Lib.INC --
<% function f() { return "f" } %>
-- want --



f
=== a page executed and one transferred to
<%@ Language=JScript %>
before <% Session("from")="main"; Server.Execute("part.asp"); Server.execute("/part.asp") %> after <%=Session("from")%> <%=Session("part")%>
<% if (Request("go") == "1") Server.Transfer("target.asp?".replace("?", "")) %>
never
-- part.asp --
<%@ Language=JScript %><% Session("part")=(Session("part")||0)+1;var Session_local=1 %>[part <%=Session("part")%> of <%=Session("from")%> <%=Request("go")%>]
-- target.asp --
<%@ Language=JScript %><% Session("from")+="+target" %>target: <%=Session("from")%> <%=Request.QueryString%>
-- request --
GET /page.asp?go=1
-- want --

before [part 1 of main 1]
[part 2 of main 1]
 after main 2
target: main+target go=1
