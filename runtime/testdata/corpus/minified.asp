Pages whose scripts somebody squeezed into a line.

=== a session in a line
<%@language=jscript%><%var s=Session,q=Request.QueryString;if(q("c")=="1")s("n")=0;else s("n")=s("n")?s("n")+1:1;s("x")=s("n")*2,s("y")=s("x")+1;for(var i=0;i<2;i++)s("k"+i)=i;%><%=s("n")%>,<%=s("x")%>,<%=s("y")%>,<%=s("k1")%>
-- want --
1,2,3,1
=== a class of the old kind
<%@language=jscript%><%function D(o){this.object=o;this.h={}}D.prototype.set=function(h){for(var f in h)this.object(f)=h[f];return this};D.prototype.get=function(k){return this.object(k)};D.prototype.inc=function(k){this.object(k)++;return this.object(k)};var a=new D(Session).set({a:1,b:2}),b=new D(Application);b.set({c:3}).object("d")=4;%><%=a.get("a")+a.get("b")%><%=a.inc("a")%><%=b.get("c")+b.get("d")%>
-- want --
327
=== conditions and commas
<%@language=jscript%><%var a=1,b=2;a>b?Session("m")="a":Session("m")="b";a&&(Session("n")=3);a||(Session("o")=4);Session("p")=a?Session("q")=5:6;if(a)Session("r")=7;else Session("r")=8;do Session("s")=(Session("s")||0)+1;while(Session("s")<3);for(Session("t")=0;Session("t")<2;Session("t")++);while(Session("t")-->0);switch(a){case 1:Session("u")=9;break;default:Session("u")=0}var e=[];for(var i=new Enumerator(Session.Contents);!i.atEnd();i.moveNext())e.push(i.item()+Session(i.item()));Response.Write(e)%>
-- want --
mb,n3,q5,p5,r7,s3,t-1,u9
=== expressions next to operators and strings
<%@language=jscript%><%var i=0,r=/=/g,t="a=b".replace(r,"==");Session("a")=-1;Session("b")=+"2";Session("c")=!1;Session("d")=typeof Session("a");Session("e")=/x=1/.source;Session("f")=i++-+-i;Session("g")=[1,2][1]/2/1;Session("h")={"a":1}["a"];Session("i")=function(){return 5}();Session("j")=new Array(3).length;Session("k")=void 0;Session("l")=i--/2;Session("m")=t;Session("n")=(1,2)%><%=[Session("a"),Session("b"),Session("c"),Session("d"),Session("e"),Session("f"),Session("g"),Session("h"),Session("i"),Session("j"),Session("k"),Session("l"),Session("m"),Session("n")].join()%>
-- want --
-1,2,false,number,x=1,1,1,1,5,3,,0.5,a==b,2
=== functions, closures, assignments in arguments
<%@language=jscript%><%function f(x){return x}f(Session("a")=1);f([Session("b")=2,Session("c")=3]);f({d:Session("d")=4});var g=function(){return Session("e")=5};g();(function(){Session("f")=6})();!function(k){Session(k)=7}("g");Session("h")=f(Session("i")=8)+f(Session("j")=9);Session(Session("k")="l")=10%><%=f(Session("a")+Session("b")+Session("c")+Session("d")+Session("e")+Session("f")+Session("g")+Session("h")+Session("i")+Session("j")+Session("l"))%>
-- want --
72
=== html and script without a blank
<%@language=jscript%><%for(var r=0;r<2;r++){%><tr><%for(var c=0;c<2;c++){%><td><%=Session(r+","+c)=r*2+c%></td><%}%></tr><%}%><%=++Session("0,1")%><%=Session("1,1")+=5%><%=Session("1,1")--%><%=Session("nine")=9%>
-- want --
<tr><td>0</td><td>1</td></tr><tr><td>2</td><td>3</td></tr>2889
=== cookies in a line
<%@language=jscript%><%var c=Response.Cookies;c("a")="1";c("b")("k")="2";c("b")("l")=Session("x")="3";c("a").Path="/shop";with(c("b"))Domain="example.com",Secure=true;Response.Cookies("c").Item("k")="4"%><%=Session("x")%>
-- header --
Set-Cookie: a=1; path=/shop
Set-Cookie: b=k=2&l=3; domain=example.com; path=/; secure
Set-Cookie: c=k=4; path=/
-- want --
3
