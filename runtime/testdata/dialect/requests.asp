Request("x"), Form against BinaryRead, cookies both ways.

=== where Request looks, in order
<%= Request("all") %> <%= Request("fc") %> <%= Request("c") %> <%= Request("URL") %> <%= String(Request("none")) %> <%= Request.Item("fc") %> <%= Request("ALL") %> <%= Request("c")("k") %> <%= Request("all").Count %> <%= Request("fc")(1) %> <%= typeof Request("URL") %>
-- request --
POST /page.asp?all=query&all=again
Content-Type: application/x-www-form-urlencoded
Cookie: all=cookie; fc=cookie; c=k=v

all=form&fc=form
-- want --
query, again form k=v /page.asp undefined form query, again v 2 form object
=== an empty value ends the search
[<%= Request("a") %>] <%= Request("a").Count %>
-- request --
POST /page.asp?a=
Content-Type: application/x-www-form-urlencoded

a=form
-- want --
[] 1
=== BinaryRead, then Form
<% var b = Request.BinaryRead(2) %><%= b.length %> <%= b[0] %> <%= Request.TotalBytes %> <%= Request.BinaryRead(99).length %>
<% Request.Form("a") ### 0207:4: Cannot use Request.Form
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

a=1&b=2
=== Form, then BinaryRead
<%= Request.Form("a") %>
<% Request.BinaryRead(1) ### 0206:22: Cannot call BinaryRead
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

a=1&b=2
=== BinaryRead, then Request
<% Request.BinaryRead(1); Request.QueryString("a"); try { Request.Form } catch (e) { Response.Write(e.description.substr(0, 12)) }
 Request("a") ### 0208:9: generic Request
%>
-- request --
POST /page.asp?a=1
Content-Type: application/x-www-form-urlencoded

a=1&b=2
=== Request that finds it in the query, then BinaryRead
<%= Request("q") %><%= Request.BinaryRead(3).length %>
-- request --
POST /page.asp?q=1
Content-Type: application/x-www-form-urlencoded

a=1&b=2
-- want --
13
=== bad arguments for BinaryRead
<% function t(f) { try { f() } catch (e) { Response.Write(e.description + "\n") } }
t(function () { Request.BinaryRead(-1) }); t(function () { Request.BinaryRead("many") }) %><%= Request.BinaryRead("2").length %>
-- request --
POST /page.asp

abc
-- want --
007~ASP 0247~Bad Argument to BinaryRead~The argument to BinaryRead must be non-negative. (-1)
006~ASP 0106~Type Mismatch~An unhandled data type was encountered. a number is expected
2
=== cookies are read as IIS wrote them
<% function show(n) { var c = Request.Cookies(n); Response.Write(n + " [" + c + "] " + c.HasKeys); for (var e = new Enumerator(c); !e.atEnd(); e.moveNext()) Response.Write(" " + e.item() + "=[" + c(e.item()) + "]"); Response.Write("\n") }
show("plain"); show("enc"); show("keys"); show("odd"); show("empty"); show("KEYS"); show("eq") %><%= Request.Cookies("keys")("B C") %> <%= Request.Cookies("keys").Item("a") %> <%= Request.Cookies.Item("plain") %> <%= Request.Cookies.Count %> <%= Request.Cookies.Key(1) %> <%= Request.Cookies(1) %> <%= Request.Cookies("keys").Key(2) %> <%= Request.Cookies("keys").Count %> <%= Request.Cookies("keys")("none") == "" %>
-- request --
GET /page.asp
Cookie: plain=one; enc=a+b%26c%3D%C3%A9; keys=a=1&B+C=2%263&d=; odd=x&y=z; empty=; eq=a==b
-- want --
plain [one] false
enc [a b&c=é] false
keys [a=1&B+C=2%263&d=] true a=[1] B C=[2&3] d=[]
odd [x&y=z] true x=[] y=[z]
empty [] false
KEYS [a=1&B+C=2%263&d=] true a=[1] B C=[2&3] d=[]
eq [a==b] true a=[=b]
2&3 1 one 6 plain one B C 3 True
=== and written as IIS wrote them
<% var c = Response.Cookies; c("plain") = "one"; c("enc") = "a b&c=é;,\"%+/_-.~!*'()@:"; c("keys")("a") = 1; c("keys")("B C") = "2&3"; c("keys")("d") = ""; c("both") = "value"; c("both")("k") = "v"; c("back")("k") = "v"; c("back") = "value"; c("bool") = true; c("num") = 1.5; c("date") = new Date(NaN); c("item") = Request.QueryString("a"); c("a name") = 1 %><%= c("keys").HasKeys %><%= c("plain").HasKeys %><%= c("back").HasKeys %> <%= c.Count %> <%= c.Key(1) %>
-- request --
GET /page.asp?a=x+y
-- header --
Set-Cookie: plain=one; path=/
Set-Cookie: enc=a+b%26c%3D%C3%A9%3B%2C%22%25%2B%2F%5F%2D%2E%7E%21%2A%27%28%29%40%3A; path=/
Set-Cookie: keys=a=1&B+C=2%263&d=; path=/
Set-Cookie: both=k=v; path=/
Set-Cookie: back=value; path=/
Set-Cookie: bool=True; path=/
Set-Cookie: num=1%2E5; path=/
Set-Cookie: date=Invalid+Date; path=/
Set-Cookie: item=x+y; path=/
Set-Cookie: a+name=1; path=/
-- want --
TrueFalseFalse 10 plain
=== every attribute of a cookie
<% var c = Response.Cookies("a"); c("k") = "v"; c.Domain = "example.com"; c.Path = "/Shop"; c.Secure = true; c.Expires = new Date(Date.UTC(2030, 0, 1)); Response.Cookies("b") = 1; Response.Cookies("b").HttpOnly = true; Response.Cookies("b").SameSite = "Lax"; Response.Cookies("b").MaxAge = 60; Response.Cookies("c") = 1; Response.Cookies("c").Expires = "January 2, 2030 10:00:00 GMT"; Response.Cookies("C").Path = "/c"; Response.Cookies("d") = 1; Response.Cookies("d").Secure = false; Response.Cookies("d").Expires = Date.UTC(2030, 0, 3) %>
-- header --
Set-Cookie: a=k=v; expires=Tue, 01 Jan 2030 00:00:00 GMT; domain=example.com; path=/Shop; secure
Set-Cookie: c=1; expires=Wed, 02 Jan 2030 10:00:00 GMT; path=/c
Set-Cookie: d=1; expires=Thu, 03 Jan 2030 00:00:00 GMT; path=/
=== what a cookie can't be
<% function t(f) { try { f(); Response.Write("fine\n") } catch (e) { Response.Write(e.description + "\n") } }
t(function () { Response.Cookies("") = 1 }); t(function () { Response.Cookies("a")("") = 1 }); t(function () { Response.Cookies("a\r\nb") = 1 }); t(function () { Response.Cookies("a") = "x\r\nSet-Cookie: b=1" }); t(function () { Response.Cookies("a").Path = "/x\r\ny" }); t(function () { Response.Cookies("a").Expires = "some day" }); t(function () { Request.Cookies("a")("b") = 1 }) %>
-- want --
006~ASP 0184~Missing Cookie Name~A name must be specified for a cookie.
006~ASP 0183~Empty Cookie Key~A cookie with an empty key cannot be stored.
007~ASP 0104~Operation not Allowed~The name of a cookie contains the control character 0x0D at position 2.
fine
007~ASP 0104~Operation not Allowed~The path of the cookie contains the control character 0x0D at position 3.
006~ASP 0106~Type Mismatch~An unhandled data type was encountered. a date is expected, not some day
006~ASP 0162~Cannot Modify Cookie~The cookie 'a' cannot be modified.
=== after the header is gone
<% Response.Write("x"); Response.Flush();
 Response.Cookies("a") = 1 ### 0156:23: Header Error
%>
