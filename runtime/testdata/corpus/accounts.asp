Logging in and out, guarded pages, what a visitor prefers.

=== a login form before anybody posted
<%@LANGUAGE="JAVASCRIPT" CODEPAGE="65001"%>
<!-- #include file="inc\lib.inc" -->
<HTML><BODY>
<%
var user=String(Request.Form("user")), pw=String(Request.Form("pw"));
if ((user=="undefined") && (pw=="undefined")){
%>
<FORM ACTION="<%=self()%>" METHOD="post">
<INPUT NAME="user" VALUE="<%=asked("user","")%>"> <INPUT TYPE="password" NAME="pw">
</FORM>
<%
} else if (!valid(user,pw)) { %>
<B>Wrong name or password, <%=Server.HTMLencode(user)%></B>
<% } else {
Session("nick")=user
Session("since")=1
Response.redirect("members.asp")
} %>
</BODY></HTML>
-- inc/lib.inc --
<%
function self(){ var u=Request.ServerVariables("URL"); if (Request.QueryString!="") { u+="?"+Request.QueryString } return u }
function asked(n,d){ var v=Request(n)+""; return v=="undefined"?d:Server.HTMLEncode(v) }
function valid(u,p){ return u.toLowerCase()=="anna" && p=="secret" }
%>
-- request --
GET /page.asp?user=%3Canna%3E&x=1
-- header --
Status: 200 OK
Content-Type: text/html; charset=utf-8
-Set-Cookie
-- want --



<HTML><BODY>

<FORM ACTION="/page.asp?user=%3Canna%3E&x=1" METHOD="post">
<INPUT NAME="user" VALUE="&lt;anna&gt;"> <INPUT TYPE="password" NAME="pw">
</FORM>

</BODY></HTML>
=== a wrong password
<%@LANGUAGE="JAVASCRIPT" CODEPAGE="65001"%>
<!-- #include file="inc\lib.inc" -->
<%
var user=String(Request.Form("user")), pw=String(Request.Form("pw"));
if ((user=="undefined") && (pw=="undefined")){
%>
<FORM ACTION="<%=Request.ServerVariables("SCRIPT_NAME")%>" METHOD="post"></FORM>
<%
} else if (!valid(user,pw)) { %>
<B>Wrong name or password, <%=Server.HTMLencode(user)%></B>
<% } else {
Session("nick")=user
Response.redirect("members.asp")
} %>
-- inc/lib.inc --
<%
function valid(u,p){ return u.toLowerCase()=="anna" && p=="secret" }
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

user=%3Ci%3Ebert&pw=secret
-- want --




<B>Wrong name or password, &lt;i&gt;bert</B>
=== the right one leads to the members
<% @language=jscript %>
<%
if(String(Request.Form("user"))=="undefined"){%><form></form><%}
else{
var u=String(Request.Form("user")).replace(/\s/g,"")
Session("nick")=u;Session("level")=u=="root"?9:1
Session("log")+="in;"
Response.Cookies("last")("name")=u
Response.Cookies("last")("at")="page one"
Response.Cookies("last").Expires=new Date(Date.UTC(2027,0,31,12,0,0)).getVarDate()
Response.Cookies("last").Path="/"
Response.Redirect("members.asp?u="+Server.URLencode(Session("nick")))
}
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

user=+anna+b%26&pw=secret
-- header --
Status: 302 Object moved
Location: members.asp?u=annab%26
Set-Cookie: last=name=annab%26&at=page+one; expires=Sun, 31 Jan 2027 12:00:00 GMT; path=/
=== a guarded page sends visitors away
<%@ Language=JScript %>
<!--#include virtual="/inc/guard.asp"-->
<p>Members only
-- inc/guard.asp --
<%
Response.Expires=-1
Response.buffer=true
if(Session("nick")==null||String(Session("nick"))=="undefined"){ Response.Redirect("/login.asp?to="+Server.URLEncode(Request.ServerVariables("URL"))) }
%>
-- header --
Status: 302 Object moved
Location: /login.asp?to=%2Fpage%2Easp
=== and lets members in
<%@ Language=JScript %>
<!--#include virtual="/inc/guard.asp"-->
<p>Members only: <%=Session("nick")%>, level <%=Session("level")+1%>, <%=Session("seen")%> pages
<% if (Session("level") > 5) { %>and the <a href=admin.asp>administration</a><% } %>
-- global.asa --
<script language=JScript runat=server>
function Session_OnStart(){ Session("nick")="anna"; Session("level")=9; Session("seen")=0 }
</script>
-- inc/guard.asp --
<%
if(Session("nick")==null){ Response.Redirect("/login.asp") }
Session("seen")++
%>
-- want --



<p>Members only: anna, level 10, 1 pages
and the <a href=admin.asp>administration</a>
=== logging out
<%@language="javascript"%>
<%
Session("a")=1;Session("b")=2;Session("c")="x"
Session.contents.remove("b")
var left=""
for(var i=1;i<=Session.Contents.Count;i++){left+=Session.Contents.Key(i)+"="+Session.Contents(i)+" "}
Session.Contents.RemoveAll()
Response.Cookies("last")="";Response.Cookies("last").expires="1/1/2000 GMT"
Session.Abandon()
%>was: <%=left%>now: <%=Session.Contents.Count%> <%=Session("a")==null%> <%=typeof(Session("a"))%>
-- header --
Set-Cookie: last=; expires=Sat, 01 Jan 2000 00:00:00 GMT; path=/
-- want --

was: a=1 c=x now: 0 True undefined
=== what a visitor prefers is kept in a cookie with keys
<%@ LANGUAGE = JScript %>
<%
var colour=Request.Cookies("prefs")("color"), size=Request.Cookies("prefs")("Size"), none=Request.Cookies("prefs")("none"), no=Request.Cookies("nothing");
var ask=Request.QueryString("color")
if(String(ask)!="undefined"&&ask!=""){ colour=ask }
Response.Cookies("prefs")("color")=colour
Response.Cookies("prefs")("size")=parseInt(size)+1
Response.Cookies("visits")=Number(Request.Cookies("visits"))+1
%>
<BODY BGCOLOR="<%=colour%>"><FONT SIZE=<%=size%>>
keys: <%=Request.Cookies("prefs").HasKeys%> <%=Request.Cookies("visits").haskeys%> all: <%=Request.Cookies("prefs")%> none: [<%=none%>] [<%=no%>]
<%
for(var c=new Enumerator(Request.Cookies);!c.atEnd();c.moveNext()){
  var n=c.item()
  if(Request.Cookies(n).HasKeys){
    for(var k=new Enumerator(Request.Cookies(n));!k.atEnd();k.moveNext()) Response.Write(n+"("+k.item()+")="+Request.Cookies(n)(k.item())+"<BR>\n")
  }else Response.Write(n+"="+Request.Cookies(n)+"<BR>\n")
}
%>
-- request --
GET /page.asp?color=dark+red
Cookie: prefs=color=%23FFFFFF&size=3; visits=4; plain=a+b%26c
-- header --
Set-Cookie: prefs=color=dark+red&size=4; path=/
Set-Cookie: visits=5; path=/
-- want --


<BODY BGCOLOR="dark red"><FONT SIZE=3>
keys: True False all: color=dark+red&size=4 none: [] []
prefs(color)=dark red<BR>
prefs(size)=4<BR>
visits=5<BR>
plain=a b&c<BR>
=== levels by switch
<%@ Language="JavaScript" %><%
function right(what) {
  switch (Request.QueryString("level")) {
    case "admin": return true
    case "user": return what!="delete"
    default: return what=="read"
  }
}
var all=["read","write","delete"]
for (var i in all) { %><%=all[i]%>:<%=right(all[i])?"yes":"no"%> <% } %>
-- request --
GET /page.asp?level=user
-- want --
read:yes write:yes delete:no 
