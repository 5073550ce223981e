Small applications whole: a cart, a poll, a guest book, a tree.

=== a cart kept as text
<%@LANGUAGE="JavaScript"%>
<!--#include file="cart.inc"-->
<%
var id=parseInt(Request.QueryString("add")), n=parseInt(Request.QueryString("n"))
if(!isNaN(id)) Cart.add(id,isNaN(n)?1:n)
Cart.add(3,1);Cart.add(1,2)
Cart.drop(3)
%>
<table><%Cart.show()%></table>
total <%=Cart.total().toFixed(2)%>, kept: <%=Session("cart")%>
-- cart.inc --
<%
var Prices={1:19.5,2:120,3:75.25}
var Cart={
	read:function(){ var o={}; if(Session("cart")!=undefined&&Session("cart")!=""){ var a=Session("cart").split(";"); for(var i=0;i<a.length;i++){ var p=a[i].split(","); o[p[0]]=parseInt(p[1]) } } return o },
	write:function(o){ var a=[]; for(var k in o) if(o[k]>0) a[a.length]=k+","+o[k]; Session("cart")=a.join(";") },
	add:function(id,n){ var o=this.read(); o[id]=(o[id]||0)+n; this.write(o) },
	drop:function(id){ var o=this.read(); delete o[id]; this.write(o) },
	total:function(){ var o=this.read(),t=0; for(var k in o) t+=Prices[k]*o[k]; return t },
	show:function(){ var o=this.read(); for(var k in o){ %><tr><td><%=k%></td><td><%=o[k]%></td><td align=right><%=(Prices[k]*o[k]).toFixed(2)%></td></tr>
<% } }
}
%>
-- request --
GET /page.asp?add=2&n=2
-- want --




<table><tr><td>1</td><td>2</td><td align=right>39.00</td></tr>
<tr><td>2</td><td>2</td><td align=right>240.00</td></tr>
</table>
total 279.00, kept: 1,2;2,2
=== a poll
<%@LANGUAGE="JScript"%>
<%
var answers=new Array("Yes","No","Perhaps")
function key(i){return "poll_"+i}
Application("poll_0")=3;Application("poll_1")=1
var vote=Request.Form("vote"), votes=0
if(String(vote)!="undefined" && Session("voted")!=true){
	Application.Lock()
	if(Application(key(vote))==null) Application(key(vote))=0
	Application(key(vote))++
	Application.Unlock()
	Session("voted")=true
}
for(var i=0;i<answers.length;i++) if(Application(key(i))) votes+=Application(key(i))
for(var i=0;i<answers.length;i++){ var n=Application(key(i))||0 %>
<%=answers[i]%> <img src=bar.gif width=<%=Math.round(n/votes*100)%>> <%=n%><% } %>
<%=votes%> votes<%if(Session("voted")){%>, thank you<%}%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

vote=2
-- want --


Yes <img src=bar.gif width=60> 3
No <img src=bar.gif width=20> 1
Perhaps <img src=bar.gif width=20> 1
5 votes, thank you
=== a guest book
<%@LANGUAGE="JScript" CODEPAGE="65001"%>
<%
function lines(s){return Server.HTMLEncode(s).replace(/\r\n|\n/g,"<br>")}
if(Request.ServerVariables("REQUEST_METHOD")=="POST"){
	var name=Request.Form("name")+"",text=String(Request.Form("text")).substr(0,40)
	if(name!=""&&text!=""){
		Application.lock
		Application.lock()
		Application("book")=name.replace(/[|~]/g,"")+"|"+text.replace(/[|~]/g,"")+"~"+(Application("book")||"")
		Application.unlock()
	}
}
var book=String(Application("book")).split("~")
for(var i=0;i<book.length-1;i++){var e=book[i].split("|")%>
<dl><dt><%=lines(e[0])%><dd><%=lines(e[1])%></dl>
<%}%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

name=J%C3%B6rg+%3Cj%3E&text=Hello%0D%0A%22there%22+%7Cpipe%7E+and+this+is+much+too+long
-- want --


<dl><dt>Jörg &lt;j&gt;<dd>Hello<br>&quot;there&quot; pipe and this is much t</dl>
=== a tree of pages
<%@ Language=JScript %><%
function Node(t, u) { this.t = t; this.u = u; this.k = []; for (var i = 2; i < arguments.length; i++) this.k[this.k.length] = arguments[i] }
var tree = new Node("Home", "/", new Node("Shop", "/shop/", new Node("Lamps", "/shop/lamps.asp"), new Node("Rugs", "/shop/rugs.asp")), new Node("News", "/news.asp"));
function walk(n, depth) { var here = n.u == Request.QueryString("at") %>
<%=new Array(depth + 1).join("  ")%><% if (here) { %><b><%=n.t%></b><% } else { %><a href="<%=n.u%>"><%=n.t%></a><% }
	if (String(Request.QueryString("at")).indexOf(n.u) == 0) for (var i = 0; i < n.k.length; i++) walk(n.k[i], depth + 1) }
walk(tree, 0) %>
-- request --
GET /page.asp?at=/shop/rugs.asp
-- want --

<a href="/">Home</a>
  <a href="/shop/">Shop</a>
    <a href="/shop/lamps.asp">Lamps</a>
    <b>Rugs</b>
  <a href="/news.asp">News</a>
=== a search through tables, with the dictionary
<%@ Language=JScript %><%
var d = new ActiveXObject("Scripting.Dictionary"); d.CompareMode = 1
d.Add("one", 1); d.Add("two", 2); d("three") = 3; d.Item("four") = d("one") + d("three"); d("two") += 10
try { d.add("one", 2) } catch (e) { Response.Write(e.number + "\n") }
d.remove("one"); if (!d.exists("one") && d.Exists("two")) { var k = d.keys(), v = (new VBArray(d.Items())).toArray(); for (var i = 0; i < d.count; i++) Response.Write(k[i] + "=" + v[i] + " ") }
for (var e = new Enumerator(d); !e.atEnd(); e.moveNext()) Response.Write(e.item() + ",")
%>
-- want --
-2146827831
two=12 three=3 four=4 two,three,four,
