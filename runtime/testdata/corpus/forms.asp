Forms: what was posted, what is missing, what is checked.

=== fields that may be missing
<%@LANGUAGE="JAVASCRIPT"%><%
var name = String(Request.Form("name")), mail = Request.Form("mail")+"", age = parseInt(Request.Form("age")), ok = Request.Form("ok");
if (name=="undefined") name="";
if (mail=="undefined"||mail=="") mail="none";
var checked=(String(ok)=="on");
%><%=name%>|<%=mail%>|<%=isNaN(age)?"no age":age+1%>|<%=checked%>|<%=Request.Form("nothing")%>|<%=Request("nothing")%>|<%=Request.Form("nothing").Count%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

name=Anna&mail=&age=41+years&ok=on
-- want --
Anna|none|42|True|||0
=== boxes that were ticked
<%@ Language=JScript %><ul>
<% for (var i = 1; i <= Request.Form("pick").Count; i++) { if (Request.Form("pick")(i) > 1) { %><li><%=Request.Form("pick")(i)%> <%=Request.Form("pick").Item(i)%>
<% } } %></ul><%=Request.Form("pick")%> of <%=Request.Form.Count%> fields, first <%=Request.Form.Key(1)%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

pick=1&pick=2&b=x&Pick=30
-- want --
<ul>
<li>2 2
<li>30 30
</ul>1, 2, 30 of 2 fields, first pick
=== everything that was sent
<%@ Language=JScript %><%
function dump(title, c) {
	Response.Write("<b>" + title + "</b> (" + c.Count + ")\n");
	for (var e = new Enumerator(c); !e.atEnd(); e.moveNext()) {
		var n = e.item();
		for (var v = new Enumerator(c(n)); !v.atEnd(); v.moveNext()) Response.Write("  " + n + " = " + Server.HTMLEncode(v.item()) + "\n");
	}
}
dump("QueryString", Request.QueryString); dump("Form", Request.Form);
%>raw: <%=Request.QueryString%> / <%=Request.Form%>
-- request --
POST /page.asp?a=1&b=&a=%3C2%3E&c
Content-Type: application/x-www-form-urlencoded

x=1+2&y=%26&x=3
-- want --
<b>QueryString</b> (3)
  a = 1
  a = &lt;2&gt;
  b = 
  c = 
<b>Form</b> (2)
  x = 1 2
  x = 3
  y = &amp;
raw: a=1&b=&a=%3C2%3E&c / x=1+2&y=%26&x=3
=== a query made anew
<%@LANGUAGE="JAVASCRIPT"%>
<%
var s="";
for (var e=new Enumerator(Request.QueryString); !e.atEnd(); e.moveNext()) {
  if(e.item()!="pg") s += "&" + e.item() + "=" + Server.URLencode(Request.QueryString(e.item()));
}
if (s.length) s="?"+s.substr(1);
%><a href="list.asp<%=s%>">all</a>
-- request --
GET /page.asp?cat=a%26b&pg=3&q=x+y%C3%A9&q=2
-- want --

<a href="list.asp?cat=a%26b&q=x+y%C3%A9%2C+2">all</a>
=== the parameters that an editor's templates keep
<%@LANGUAGE="JAVASCRIPT"%>
<%
// *** Go To Record and Move To Record: create strings for maintaining URL and Form parameters
var MM_removeList = "&index=,&offset=";
var MM_keepURL="", MM_keepForm="", MM_keepBoth="", MM_keepNone="";
for (var items=new Enumerator(Request.QueryString); !items.atEnd(); items.moveNext()) {
  var nextItem = "&" + items.item().toLowerCase() + "=";
  if (MM_removeList.indexOf(nextItem) == -1) {
    MM_keepURL += "&" + items.item() + "=" + Server.URLencode(Request.QueryString(items.item()));
  }
}
for (var items=new Enumerator(Request.Form); !items.atEnd(); items.moveNext()) {
  var nextItem = "&" + items.item().toLowerCase() + "=";
  if (MM_removeList.indexOf(nextItem) == -1) {
    MM_keepForm += "&" + items.item() + "=" + Server.URLencode(Request.Form(items.item()));
  }
}
MM_keepBoth = MM_keepURL + MM_keepForm;
if (MM_keepBoth.length > 0) MM_keepBoth = MM_keepBoth.substring(1);
if (MM_keepURL.length > 0)  MM_keepURL = MM_keepURL.substring(1);
if (MM_keepForm.length > 0) MM_keepForm = MM_keepForm.substring(1);
var MM_editAction = Request.ServerVariables("URL"); if (Request.QueryString) { MM_editAction += "?" + Request.QueryString; }
%>
<form action="<%=MM_editAction%>" name=f><input type=hidden value="<%=MM_keepBoth%>"></form>
-- request --
POST /page.asp?Index=3&cat=7
Content-Type: application/x-www-form-urlencoded

q=a+b&offset=2
-- want --


<form action="/page.asp?Index=3&cat=7" name=f><input type=hidden value="cat=7&q=a+b"></form>
=== and without a query
<%@LANGUAGE="JAVASCRIPT"%><%
var self = Request.ServerVariables("URL"); if (Request.QueryString) { self += "?" + Request.QueryString; }
%><form action="<%=self%>">
-- want --
<form action="/page.asp?">
=== checks, with the mistakes beside the fields
<%@ LANGUAGE=JScript %>
<%
var wrong = new Object(), n = 0
function check(field, re, text) { var v = String(Request.Form(field)); if (v == "undefined" || !re.test(v)) { wrong[field] = text; n++ } }
function row(field, label) { %>
<tr><td><%=label%></td><td><input name="<%=field%>" value="<% if (String(Request.Form(field)) != "undefined") Response.Write(Server.HTMLEncode(Request.Form(field))) %>"><%
	if (wrong[field]) { %> <font color=red><%=wrong[field]%></font><% } %></td></tr><% }
check("name", /^\S.*$/, "your name, please")
check("zip", /^\d{5}$/, "five digits")
check("mail", /^[\w.]+@[\w.]+\.\w{2,}$/, "not an address")
if (n) { %><p><%=n%> mistakes<table><% row("name", "Name"); row("zip", "ZIP"); row("mail", "Mail") %></table><% } else { Session("ok") = true; Response.Redirect("thanks.asp") }
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

name=O%22Hara&zip=1234&x=y
-- want --

<p>2 mistakes<table>
<tr><td>Name</td><td><input name="name" value="O&quot;Hara"></td></tr>
<tr><td>ZIP</td><td><input name="zip" value="1234"> <font color=red>five digits</font></td></tr>
<tr><td>Mail</td><td><input name="mail" value=""> <font color=red>not an address</font></td></tr></table>
=== a form that sends mail
<%@LANGUAGE="JScript"%>
<%
var sch="http://schemas.microsoft.com/cdo/configuration/"
var mail=Server.CreateObject("CDO.Message")
mail.Configuration.Fields.Item(sch+"smtpserver")="mail.example"
mail.Configuration.Fields.Item(sch + "port") = 25
mail.Configuration.Fields(sch+"auth")=1
mail.configuration.fields.update()
mail.To=Request("to")
mail.From="web@example"
mail.Subject=Request.Form("subject")+" (web)"
mail.TextBody="Hello"
mail.Send();Response.Write(mail.Sent)
try{ var m=new ActiveXObject("CDO.Message");m.Send() }catch(e){Response.Write("\n"+e.description+" "+(e.number&0xFFFF))}
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

to=a%40example&subject=Hi
-- want --

web@example > a@example: Hi (web); smtpserver=mail.example; port=25; auth=1
At least one recipient is required, but none were found. 524
=== the whole body as text
<%@LANGUAGE="JScript"%><% var f=Request.Form+"";Response.Write(f.split("&").length+" "+unescape(f.replace(/\+/g," "))); if(Request.Form=="") Response.Write("nothing") %>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

a=1&b=x+y&c=%21
-- want --
3 a=1&b=x y&c=!
=== method and length
<%@LANGUAGE="JScript"%><% if(Request.ServerVariables("REQUEST_METHOD")=="POST"&&Request.TotalBytes>0){%><%=Request.TotalBytes%> bytes of <%=Request.ServerVariables("CONTENT_TYPE")%>: <%
var b=Request.BinaryRead(Request.TotalBytes), s=""; for(var i=0;i<b.length;i++) s+=String.fromCharCode(b[i])
%><%=s%><%
try{ Request.Form("a") }catch(e){%> | <%=e.description%><%}
try{ Request("a") }catch(e){%> | <%=e.description%><%} } %>
-- request --
POST /page.asp
Content-Type: text/plain

a=1
-- want --
3 bytes of text/plain: a=1 | 007~ASP 0207~Cannot use Request.Form~Cannot use Request.Form collection after calling BinaryRead. | 007~ASP 0208~Cannot use generic Request collection~Cannot use the generic Request collection after calling BinaryRead.
=== an unknown choice is refused
<%@LANGUAGE="JScript"%><%
var pages={home:"Home",news:"News"}
var p=Request.QueryString("p")
if(!(p in pages)){Response.Status="404 Not Found";%><h1>No page <%=Server.HTMLEncode(p)%></h1><%Response.End()}
%><h1><%=pages[p]%></h1>
-- request --
GET /page.asp?p=toString2
-- header --
Status: 404 Not Found
-- want --
<h1>No page toString2</h1>
=== a known one is found
<%@LANGUAGE="JScript"%><%
var pages={home:"Home",news:"News"}
var p=Request.QueryString("p")
if(!(p in pages)){Response.Status="404 Not Found"}
%><h1><%=pages[p]%></h1>
-- request --
GET /page.asp?p=news
-- header --
Status: 200 OK
-- want --
<h1>News</h1>
