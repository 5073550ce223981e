Application and Session: counters, locks, lists, what global.asa declares.

=== a hit counter
<%@LANGUAGE=JScript%><%
var page=Request.ServerVariables("URL")+""
Application.Lock
Application.Lock();
Application(page)++
Application("hits")=(Application("hits")==null?0:Application("hits"))+1
if(isNaN(Application(page)))Application(page)=1
Application.UnLock();
%>This page: <%=Application(page)%>, all: <%=++Application("hits")%> <%=Application("hits")++%> <%= Application("hits")-- %> <%=--Application("hits")%>
-- want --
This page: 1, all: 2 2 3 1
=== what a visitor saw
<%@LANGUAGE=JScript%><%
if (String(Session("home"))=="undefined"){Session("home")="index.asp"}
var pg=3
if (!isNaN(pg)) {Session("home")+="&pg="+pg}
Session("seen")=Session("seen")==undefined?1:Session("seen")+1
Session("seen")*=10;Session("seen")-=1;Session("seen")%=5;Session("seen")<<=2;Session("seen")|=1
Session("a")=Session("b")=Session("c")="same"
var x=Session("d")=5
%><%=Session("home")%> <%=Session("seen")%> <%=Session("A")+Session("b")+Session("C")%> <%=x+Session("d")%> <%=String(Session("nope"))%> <%=Session("nope")+1%> <%=typeof Session("nope")%> <%=Session("nope")==null%>
-- want --
index.asp&pg=3 17 samesamesame 10 undefined NaN undefined True
=== in every form
<%@LANGUAGE=JScript%><%
function k(s){log+=s;return s}
var log="", o={s:Session,"app":Application,get:function(){log+="get ";return Session}}, list=[Session,Application]
Session.Contents("a")=1
Session.Contents.Item("b")=2
Session.Item("c")=3
o.s("d")=4
o["s"](k("e"))=5
o.get()(k("f"))=k("six")
list[0]("g")=7;list[1]("g")=8
Application.Contents("h")="nine"
Application.Contents.Item("i")=10
Application.Contents.Item("i")+=Application.Contents("h")
with(o){ s("j")=11 }
for(Session("i")=0;Session("i")<3;Session("i")++){ log+=Session("i") }
if(Session("k")=12){ log+="k" }
while((Session("n")=Session("n")==null?2:Session("n")-1)>0) log+="w"
Session("t")=true?"yes":"no"
Session ( "sp" )  =  13 ; Session
("nl")
=
14
Session("c1")/*a comment*/=/*another*/15 // and one more
Session("re")=/a"b(=)/.test('a"b=')
Session("str")="Session(\"x\")=1;"
var s='Session("y")=2', r=/Session\("z"\)=3/
var keys=[]
for(var e=new Enumerator(Session.Contents);!e.atEnd();e.moveNext()) keys[keys.length]=e.item()+"="+Session(e.item())
%><%=keys.join(", ")%>
<%=Application("g")%> <%=Application("i")%> <%=log%> <%=s%> <%=r%>
-- want --
a=1, b=2, c=3, d=4, e=5, f=six, g=7, j=11, i=3, k=12, n=0, t=yes, sp=13, nl=14, c1=15, re=true, str=Session("x")=1;
8 10nine eget fsix012kww Session("y")=2 /Session\("z"\)=3/
=== objects that global.asa declares
<%@LANGUAGE="JScript"%><%
var d=Application.StaticObjects("words")
d.Item("a")="alpha"
Application.StaticObjects("words").Item("b")="beta"
Application.StaticObjects.Item("words")("c")="gamma"
words("d")="delta"
words.Item("a")+="!"
for(var e=new Enumerator(Application.StaticObjects);!e.atEnd();e.moveNext()) Response.Write(e.item()+" ")
for(var e=new Enumerator(words);!e.atEnd();e.moveNext()) Response.Write(e.item()+":"+words(e.item())+" ")
%><%=words.Count%> <%=words.Exists("b")%> <%=words.exists("zz")%> <%=new VBArray(words.Keys()).toArray().join("+")%> <%=basket.Count%> <%=Session.StaticObjects.Count%> <%=Session.StaticObjects.Key(1)%>
<% try { Session.StaticObjects("basket") = 1 } catch (e) { %><%=e.description%><% } %>
-- global.asa --
<object runat=server scope=application id=words progid="Scripting.Dictionary"></object>
<OBJECT RUNAT=Server SCOPE=Session ID=basket PROGID="Scripting.Dictionary"></OBJECT>
<SCRIPT LANGUAGE=JScript RUNAT=Server>
function Session_OnStart() { basket.Add("first", 1) }
</SCRIPT>
-- want --
words a:alpha! b:beta c:gamma d:delta 4 True False a+b+c+d 1 1 basket
006~ASP 0226~Cannot modify StaticObjects~The StaticObjects collection cannot be modified at run time.
=== what global.asa counts
<%@LANGUAGE="JScript"%>
<%=Application("visitors")%> visitors, <%=Session("start")%>, timeout <%=Session.Timeout%>, <%=Application("list")%>
-- global.asa --
<!-- #include file="inc/app.inc" -->
<script language="JScript" runat="server">
function Application_OnStart(){
	Application("visitors")=0
	Application("list")=names()
}
function Session_OnStart(){
	Application.Lock()
	Application("visitors")++
	Application.UnLock()
	Session.Timeout=40
	Session("start")="/default.asp"
}
function Session_OnEnd(){ Application("visitors")-- }
</script>
-- inc/app.inc --
<script language="JScript" runat="server">
function names(){ return ["a","b"].join(";") }
</script>
-- want --

1 visitors, /default.asp, timeout 40, a;b
=== last visitors, kept as text
<%@LANGUAGE="JScript"%><%
Application("last")="bert|carl|dora|emil"
var who=Request("user")+"";  if(who=="undefined") who="nobody"
var list=Application("last").split("|"); list.unshift(who); if(list.length>4) list.length=4
Application.lock();Application("last")=list.join("|");Application.unlock()
for(var i=0;i<list.length;i++){ %><%=i+1%>. <%=list[i]%>
<% } %><%=Application("last")%>
-- request --
GET /page.asp?USER=anna
-- want --
1. anna
2. bert
3. carl
4. dora
anna|bert|carl|dora
=== kept objects are the page's, and copies for the next
<%@LANGUAGE="JScript"%><%
Session("cart")=[{id:1,n:2}]
var cart=Session("cart"); cart.push({id:7,n:1}); cart[0].n++
Session("cart")=cart; cart.push("not kept")
Session("item")=Request.QueryString("id"); Session("none")=Request.QueryString("zz"); Session("all")=Request.QueryString
Session("when")=new Date(86400000)
Session("NaN")++; Session("null")=null; Session("u")=undefined
%><%=Session("cart").length%> <%=Session("cart")[0].n%> <%=typeof Session("item")%> <%=Session("item")+1%> <%=typeof Session("none")%> <%=Session("all")%> <%=Session("when").getTime()%> <%=Session("NaN")%> <%=String(Session("null"))%> <%=typeof Session("null")%> <%=String(Session("u"))%>
<% try { Session("f")=function(){} } catch(e) { %><%=e.description%><% } %>
-- request --
GET /page.asp?id=5
-- want --
3 3 string 51 undefined id=5 86400000 NaN null object undefined
006~ASP 0199~Disallowed object use~Session("f"): a function cannot be stored: it belongs to one script engine
=== keys by place
<%@LANGUAGE="JScript"%><%
Application("One")=1;Application("Two")=2;Application("three")=3;Application("ONE")=4
Application.Contents.Remove("two");Application.Contents.Remove(2)
for(var i=1;i<=Application.Contents.Count;i++) Response.Write(Application.Contents.Key(i)+"="+Application.Contents(i)+"="+Application.Contents.Item(i)+" ")
try{ Application.Contents(9) }catch(e){ Response.Write(e.description) }
Application.Contents.RemoveAll() %> <%=Application.Contents.Count%>
-- want --
One=4=4 007~ASP 0105~Index out of range~An array index is out of range. 0
