As it was written before the century ended.

=== capitals and hidden scripts
<%@ LANGUAGE = "JScript" %>
<HTML>
<HEAD><TITLE>Welcome</TITLE></HEAD>
<SCRIPT LANGUAGE="JScript" RUNAT="Server">
<!--
function Greeting(hour) {
	if (hour < 12)
		return "Good morning";
	else if (hour < 18)
		return "Good afternoon";
	return "Good evening";
}
// -->
</SCRIPT>
<BODY BGCOLOR=#FFFFFF>
<CENTER><FONT FACE="Arial" SIZE=+2><%= Greeting(15) %>!</FONT></CENTER>
<% Response.write("<HR>\n"); Response.Write ("You are using ")
Response.write(Request.ServerVariables("HTTP_USER_AGENT")); %>
</BODY>
</HTML>
-- request --
GET /page.asp
User-Agent: Mozilla/4.0 (compatible; MSIE 5.0; Windows 98)
-- want --

<HTML>
<HEAD><TITLE>Welcome</TITLE></HEAD>

<BODY BGCOLOR=#FFFFFF>
<CENTER><FONT FACE="Arial" SIZE=+2>Good afternoon!</FONT></CENTER>
<HR>
You are using Mozilla/4.0 (compatible; MSIE 5.0; Windows 98)
</BODY>
</HTML>
=== a browser sniffer
<%@ LANGUAGE = JScript %>
<%
  var agent = new String(Request.ServerVariables("HTTP_USER_AGENT"));
  var isIE = agent.indexOf("MSIE") >= 0, version = isIE ? parseFloat(agent.substr(agent.indexOf("MSIE") + 5)) : 0;
  if (isIE && version >= 5) { %>
<LINK REL=stylesheet HREF="ie<%= Math.floor(version) %>.css">
<% } else { %>
<LINK REL=stylesheet HREF="other.css">
<% } %>
<%= agent.length > 10 %> <%= typeof agent %>
-- request --
GET /page.asp
User-Agent: Mozilla/4.0 (compatible; MSIE 5.5; Windows 98)
-- want --


<LINK REL=stylesheet HREF="ie5.css">

True object
=== functions that write tables
<%@ LANGUAGE="JScript" %>
<% function Head(title, color) { %>
<TABLE WIDTH="100%" BORDER=0><TR BGCOLOR="<%=color%>"><TD><B><%=title%></B></TD></TR>
<% }
function Row() { %><TR><% for (var i = 0; i < arguments.length; i++) { %><TD><%= arguments[i] %></TD><% } %></TR>
<% }
function Foot() { %></TABLE><% }
Head("Prices", "silver"); Row("Lamp", 19.5, true); Row("Rug", 75); Foot(); %>
-- want --


<TABLE WIDTH="100%" BORDER=0><TR BGCOLOR="silver"><TD><B>Prices</B></TD></TR>
<TR><TD>Lamp</TD><TD>19.5</TD><TD>True</TD></TR>
<TR><TD>Rug</TD><TD>75</TD></TR>
</TABLE>
=== arrays by hand
<%@ LANGUAGE="JScript" %>
<%
var Months = new Array("January", "February", "March"), Days = new Array(3)
Days[0] = 31; Days[1] = 28; Days[2] = 31
var Obj = new Object(); Obj.name = "x"; Obj["a b"] = 2
for (i = 0; i < Months.length; i++) Response.write("<LI>" + Months[i] + " " + Days[i] + "\n")
for (p in Obj) Response.write(p + "=" + Obj[p] + ";")
%>
<%= i %><%= this.p %>
-- want --

<LI>January 31
<LI>February 28
<LI>March 31
name=x;a b=2;
3a b
=== script blocks run last
<%@ LANGUAGE="JScript" %>
<SCRIPT LANGUAGE="JScript" RUNAT="Server">main();
function helper() { return "helped " + state }</SCRIPT>
<P>first</P>
<% var state = "ready"; function main() { Response.Write(helper()) } %>
-- want --


<P>first</P>

helped ready
=== days until
<%@ LANGUAGE="JScript" %>
<%
var now = new Date(1999, 11, 24), y2k = new Date("January 1, 2000"), ms = y2k - now
var days = Math.round(ms / (24 * 60 * 60 * 1000))
%>Only <%= days %> days to the year <%= y2k.getYear() %>; now it is '<%= now.getYear() %>.
<% if (now.getYear() < 2000) { %>19<%= now.getYear() %><% } %>
-- want --

Only 8 days to the year 2000; now it is '99.
1999
=== a banner that turns
<%@ LANGUAGE=JScript %>
<%
var ads = new Array("a.gif;http://a/;A & B", "b.gif;http://b/;B")
if (Application("ad") == null) Application("ad") = 0
Application.Lock(); Application("ad") = (Application("ad") + 1) % ads.length; Application.UnLock()
var ad = ads[Application("ad")].split(";")
%><%= ad[2].link(ad[1]) %> <%= "new".bold().fontcolor("red") %> <%= ("<" + ad[0] + ">").anchor("x") %>
-- want --

<A HREF="http://b/">B</A> <FONT COLOR="red"><B>new</B></FONT> <A NAME="x"><b.gif></A>
=== a random proverb, and cookies that last
<%@ LANGUAGE=JScript %>
<%
var v = Request.Cookies("visits") + ""; v = (v == "" || v == "undefined") ? 1 : parseInt(v, 10) + 1;
Response.Cookies("visits") = v; Response.Cookies("visits").Expires = "July 31, 2037 GMT"; Response.Cookies("visits").path = "/"
var all = ["Haste makes waste"]; %><% = all[Math.floor(Math.random() * all.length)] %>. You came <% =v %> time<% if (v != 1) { %>s<% } %>.
-- request --
GET /page.asp
Cookie: visits=7
-- header --
Set-Cookie: visits=8; expires=Fri, 31 Jul 2037 00:00:00 GMT; path=/
-- want --

Haste makes waste. You came 8 times.
=== escape and unescape
<%@ LANGUAGE=JScript %>
<% var t = "50% & more: é \u4e2d"; var u = escape(t); %><%= u %> <%= unescape(u) == t %> <%= unescape("%41%u0042+") %> <%= Server.URLEncode(t) %>
-- want --

50%25%20%26%20more%3A%20%E9%20%u4E2D True AB+ 50%25+%26+more%3A+%C3%A9+%E4%B8%AD
=== a frame set with its parts
<%@ LANGUAGE=JScript %>
<% var part = Request("part"); switch (String(part)) {
case "menu": %><A HREF="?part=main">Main</A><% break
case "main": %><H1>Main</H1><% break
case "undefined": %><FRAMESET COLS="20%,*"><FRAME SRC="?part=menu"><FRAME SRC="?part=main"></FRAMESET><% break
default: Response.Status = "404 Not Found" } %>
-- request --
GET /page.asp?Part=menu
-- want --

<A HREF="?part=main">Main</A>
