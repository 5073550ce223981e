Files in other encodings.

=== western
<%@LANGUAGE="JAVASCRIPT" CODEPAGE="1252"%>
<!--#include file="inc/w.inc"-->
<%Session("n")="Müller"%><p>Café – <%=Session("n")%> <%=wein()%> €5 <%=Server.URLEncode("ü€")%> <%=Server.HTMLEncode("ü<€")%> <%=escape("ü")%> <%="Ä".charCodeAt(0)%></p>
-- inc/w.inc --
<%function wein(){return "Weißwein “trocken”"}%>
-- header --
Content-Type: text/html; charset=windows-1252
-- want --



<p>Café – Müller Weißwein “trocken” €5 %FC%80 &#252;&lt;&#8364; %FC 196</p>
=== russian, with a form
<%@LANGUAGE="JScript" CODEPAGE=1251%><%Response.Charset="windows-1251"
var имя=Request.QueryString("имя")+"";Session("имя")=имя%>Привет, <%=имя%>! <%=имя.length%> <%=Session("ИМЯ")==имя%> <%=Server.URLEncode(имя)%> <%=Response.CodePage%>
-- request --
GET /page.asp?%E8%EC%FF=%CF%B8%F2%F0
-- header --
Content-Type: text/html; charset=windows-1251
-- want --
Привет, Пётр! 4 True %CF%B8%F2%F0 1251
=== korean
<%@LANGUAGE="JScript" CODEPAGE="949"%><%var 말="한국어"%><p><%=말%> <%=말.length%> <%Session("말")=말;Response.Write(Session("말"))%> <%=Server.URLEncode(말)%></p>
-- want --
<p>한국어 3 한국어 %C7%D1%B1%B9%BE%EE</p>
=== chinese
<%@CODEPAGE="936" LANGUAGE="JScript"%><title>你好</title><%="中文"+Request("q")%>
-- request --
GET /page.asp?q=%D6%D0
-- want --
<title>你好</title>中文中
=== utf-8, with what code pages don't have
<%@LANGUAGE="JScript" CODEPAGE=65001%><%Session("x")="漢😀é"%><%=Session("x")%> <%=Session("x").length%> <%=Server.URLEncode(Session("x"))%> <%=encodeURI("é")%>
-- want --
漢😀é 4 %E6%BC%A2%F0%9F%98%80%C3%A9 %C3%A9
=== a code page for the whole session
<%@LANGUAGE="JScript"%><%Session.CodePage=65001;Response.Charset="utf-8"%><%=Session.CodePage%> <%=Request("q")%> ñ
-- request --
GET /page.asp?q=%C3%B1
-- header --
Content-Type: text/html; charset=utf-8
-- want --
65001 ñ ñ
