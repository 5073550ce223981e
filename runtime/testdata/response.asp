Response: every member.

=== Write
<% Response.Write("text"); Response.Write(1.5); Response.Write(true); Response.Write(false); Response.Write(null); Response.Write(undefined); Response.Write([1, 2]); Response.Write({toString: function () { return "obj" }}); Response.Write(); Response.write("é<>") %>
-- want --
text1.5TrueFalse1,2objé<>
=== BinaryWrite
<% Response.ContentType = "application/octet-stream"; Response.BinaryWrite(new Uint8Array([65, 66, 255])); Response.BinaryWrite(new Uint8Array([67]).buffer); Response.BinaryWrite(new DataView(new Uint8Array([1, 68, 2]).buffer, 1, 1)) %>
-- header --
Content-Type: application/octet-stream
=== BinaryWrite of what BinaryRead gave
<% Response.BinaryWrite(Request.BinaryRead(Request.TotalBytes)) %>
-- request --
POST /page.asp
Content-Type: application/x-any

some bytes
-- want --
some bytes
=== BinaryWrite takes bytes alone
<%
Response.BinaryWrite({a: 1}) ### 0106:21: bytes
%>
=== the header of an ordinary page
x
-- header --
Status: 200 OK
Content-Type: text/html; charset=utf-8
Cache-Control: private
-Expires
-Set-Cookie
=== Status
<% Response.Status = "404 Nothing Here" %><%= Response.Status %>
-- header --
Status: 404 Nothing Here
-- want --
404 Nothing Here
=== Status by a number
<% Response.Status = 201 %><%= Response.Status %>
-- header --
Status: 201 Created
-- want --
201 Created
=== a Status that can't be
<% var f = function (s) { try { Response.Status = s } catch (e) { %>x<% } }; f("99"); f("100 Continue"); f("600"); f("abc"); f(""); f("200 a\r\nX: y"); f(null) %>
-- header --
Status: 200 OK
-X
-- want --
xxxxxxx
=== ContentType and Charset
<% Response.ContentType = "text/plain"; Response.Charset = "iso-8859-1" %><%= Response.ContentType %>|<%= Response.Charset %>
-- header --
Content-Type: text/plain; charset=iso-8859-1
-- want --
text/plain|iso-8859-1
=== no charset for what is no text
<% Response.ContentType = "image/gif" %>x
-- header --
Content-Type: image/gif
=== a charset named with the type stays
<% Response.ContentType = "text/xml; charset=windows-1252" %>x
-- header --
Content-Type: text/xml; charset=windows-1252
=== CodePage
<% Response.CodePage = 1252 %>é€<%= Response.CodePage %>
-- header --
Content-Type: text/html; charset=windows-1252
=== CodePages that can't be
<% var f = function (n) { try { Response.CodePage = n } catch (e) { %><%= e.description.substr(4, 8) %>|<% } }; f(1); f(1200); f(-5); f("x") %>
-- want --
ASP 0204|ASP 0204|ASP 0204|ASP 0106|
=== LCID
<% Response.LCID = 1031 %><%= Response.LCID %><% try { Response.LCID = 0 } catch (e) { %>|<%= e.description.substr(4, 8) %><% } %>
-- want --
1031|ASP 0219
=== CacheControl
<%= Response.CacheControl %><% Response.CacheControl = "no-store" %>
-- header --
Cache-Control: no-store
-- want --
private
=== Cache-Control added by the page stands alone
<% Response.AddHeader("Cache-Control", "max-age=5") %>
-- header --
Cache-Control: max-age=5
=== Expires
<%= Response.Expires === null %><% Response.Expires = 60; Response.Expires = 30; Response.Expires = 90 %>|<%= Response.Expires %>
-- want --
True|30
-- header --
Status: 200 OK
=== ExpiresAbsolute
<%= Response.ExpiresAbsolute === null %><% Response.ExpiresAbsolute = new Date(Date.UTC(2031, 4, 6, 7, 8, 9)); Response.ExpiresAbsolute = "1/1/2032" %>|<%= Response.ExpiresAbsolute.getTime() %>
-- header --
Expires: Tue, 06 May 2031 07:08:09 GMT
-- want --
True|1935817689000
=== AddHeader adds
<% Response.AddHeader("X-A", "1"); Response.AddHeader("X-A", "2"); Response.AddHeader("x-num", 5); Response.AddHeader("Location", "/x"); Response.addheader("X-Text", "a\tb") %>
-- header --
X-A: 1
X-A: 2
X-Num: 5
Location: /x
X-Text: a	b
=== what can't be in a header
<% var n = 0, f = function (what) { try { what(); %>MISSED <%= what %><% } catch (e) { n++ } };
f(function () { Response.AddHeader("X-A", "a\r\nSet-Cookie: b=c") }); f(function () { Response.AddHeader("X-A", "a\nb") }); f(function () { Response.AddHeader("X-A", "a\0b") });
f(function () { Response.AddHeader("X\r\nA", "a") }); f(function () { Response.AddHeader("X A", "a") }); f(function () { Response.AddHeader("", "a") }); f(function () { Response.AddHeader("X:", "a") });
f(function () { Response.AddHeader("Transfer-Encoding", "chunked") }); f(function () { Response.AddHeader("Connection", "close") }); f(function () { Response.AddHeader("Content-Length", "x") });
f(function () { Response.Redirect("/a\r\nX: y") }); f(function () { Response.Redirect("/a\0") }); f(function () { Response.Redirect("") }); f(function () { Response.ContentType = "a\r\nb" }); f(function () { Response.Charset = "a\nb" });
f(function () { Response.CacheControl = "a\r\nb" }); f(function () { Response.Status = "200 a\nb" }); f(function () { Response.PICS("a\r\nb") }); f(function () { Response.AppendToLog("a\nb") });
f(function () { Response.Cookies("a\r\nb") = "x" }); f(function () { Response.Cookies("") = "x" }); f(function () { Response.Cookies("c").Path = "/\r\n" }); f(function () { Response.Cookies("c").Domain = "a\r\nb" }); f(function () { Response.Cookies("c").Path = "/; secure" });
f(function () { Response.Cookies("c").SameSite = "x\r\n" }); f(function () { Response.Cookies("c")("") = "x" }) %><%= n %>
-- header --
Status: 200 OK
-X-A
-Set-Cookie
-X
-Transfer-Encoding
-- want --
26
=== what can't be in a header, on its line
<% Response.Write("x");
   Response.AddHeader("X-A", "a\r\nb") ### 0104:22: 0x0D
%>
-- header --
=== PICS and AppendToLog
<% Response.PICS("(PICS-1.0 x)"); Response.AppendToLog("note"); try { Response.AppendToLog("a,b") } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- header --
Pics-Label: (PICS-1.0 x)
-- want --
ASP 0163
=== cookies
<% Response.Cookies("plain") = "a b;c"; Response.Cookies("k")("x") = "1&2"; Response.Cookies("k")("y") = 3; Response.Cookies("K")("X") = "9"; Response.Cookies("e") = "1"; Response.Cookies("e").Expires = new Date(Date.UTC(2031, 0, 2, 3, 4, 5)); Response.Cookies("e").Domain = "example.org"; Response.Cookies("e").Path = "/p"; Response.Cookies("e").Secure = true; Response.Cookies("e").HttpOnly = true; Response.Cookies("e").SameSite = "lax"; Response.Cookies("e").MaxAge = 60; Response.Cookies("e").Partitioned = true %><%= Response.Cookies("k").HasKeys %><%= Response.Cookies("plain").HasKeys %><%= Response.Cookies.Count %><%= Response.Cookies.Key(2) %>
-- header --
Set-Cookie: plain=a+b%3Bc; path=/
Set-Cookie: k=x=9&y=3; path=/
Set-Cookie: e=1; expires=Thu, 02 Jan 2031 03:04:05 GMT; domain=example.org; path=/p; secure; HttpOnly; SameSite=Lax; Max-Age=60; Partitioned
-- want --
TrueFalse3k
=== a value destroys the keys and a key the value
<% Response.Cookies("a")("k") = "1"; Response.Cookies("a") = "v"; Response.Cookies("b") = "v"; Response.Cookies("b")("k") = "1" %>
-- header --
Set-Cookie: a=v; path=/
Set-Cookie: b=k=1; path=/
=== a cookie's expiry as text, number and getVarDate
<% Response.Cookies("a") = "1"; Response.Cookies("a").Expires = "January 2, 2031 03:04:05 UTC"; Response.Cookies("b") = "1"; Response.Cookies("b").Expires = new Date(Date.UTC(2031, 0, 2)).getVarDate(); Response.Cookies("c") = "1"; Response.Cookies("c").Expires = Date.UTC(2031, 0, 2); Response.Cookies("d") = "1"; Response.Cookies("d").Expires = "2031-01-02T03:04:05Z" %>
-- header --
Set-Cookie: c=1; expires=Thu, 02 Jan 2031 00:00:00 GMT; path=/
Set-Cookie: d=1; expires=Thu, 02 Jan 2031 03:04:05 GMT; path=/
Set-Cookie: a=1; expires=Thu, 02 Jan 2031 03:04:05 GMT; path=/
Set-Cookie: b=1; expires=Thu, 02 Jan 2031 00:00:00 GMT; path=/
=== a date that is none
<%
Response.Cookies("a").Expires = "soon" ### 0106:23: date
%>
=== Clear
before<% Response.Cookies("c") = "1"; Response.Clear() %>after
-- want --
after
-- header --
Set-Cookie: c=1; path=/
=== End
a<% Response.End() %>b<% Response.Write("c") %>
-- want --
a
=== End can't be caught
a<% try { try { Response.End() } catch (e) { %>C<% } finally { %>F<% } } finally { Response.Write("G") } %>H
-- want --
a
=== End in functions, callbacks, getters, eval, promises and timers
<% function f() { [1].forEach(function () { ({get x() { eval("Response.End()") }}).x }) } try { f() } catch (e) { %>C<% } finally { %>F<% } %>G
-- want --
=== End in a promise
a<% Promise.resolve().then(function () { Response.Write("b"); Response.End(); Response.Write("c") }).then(function () { Response.Write("d") }).catch(function () { Response.Write("C") }).finally(function () { Response.Write("F") }) %>.
-- want --
a.
b
=== End in a timer ends the other timers
a<% setTimeout(function () { Response.Write("1"); Response.End() }, 1); setTimeout(function () { Response.Write("2") }, 30) %>
-- want --
a
1
=== End in a toString while writing
a<% Response.Write({toString: function () { Response.End(); return "b" }}) %>c
-- want --
a
=== End without parentheses ends the page, and a method that is assigned to is called
a<% Response.Write = "w"; Response.End; %>b
-- want --
aw
=== Redirect
before<% Response.Cookies("c") = "1"; Response.Redirect("/a b?x=<y>&z=\"é\""); Response.Write("never") %>after
-- header --
Status: 302 Object moved
Location: /a%20b?x=%3Cy%3E&z=%22%C3%A9%22
Set-Cookie: c=1; path=/
Content-Type: text/html; charset=utf-8
-- want --
<html><head><title>Object moved</title></head>
<body><h1>Object Moved</h1>This object may be found <a href="/a%20b?x=%3Cy%3E&amp;z=%22%C3%A9%22">here</a>.</body></html>
=== Redirect can't be caught
<% try { Response.Redirect("x.asp") } catch (e) { Response.Status = "200 OK" } finally { Response.Write("F") } %>
-- header --
Status: 302 Object moved
Location: x.asp
=== Redirect without a target
<%
Response.Redirect("") ### 0158:18: URL
%>
-- header --
=== Buffer
<%= Response.Buffer %><% Response.Buffer = true %><%= Response.buffer %>
-- want --
TrueTrue
=== the header is closed after a flush
<% Response.Flush(); var f = function (what) { try { what(); %>MISSED <%= what %><% } catch (e) { %><%= e.description.substr(8, 4) %>|<% } };
f(function () { Response.Status = 404 }); f(function () { Response.ContentType = "x/y" }); f(function () { Response.Charset = "x" }); f(function () { Response.AddHeader("a", "b") }); f(function () { Response.Cookies("a") = "b" }); f(function () { Response.Cookies("a")("k") = "b" }); f(function () { Response.Cookies("a").Path = "/" });
f(function () { Response.Redirect("/x") }); f(function () { Response.Expires = 1 }); f(function () { Response.ExpiresAbsolute = new Date() }); f(function () { Response.CacheControl = "x" }); f(function () { Response.PICS("x") }); f(function () { Response.Buffer = false }); f(function () { Response.CodePage = 1252 }) %>
-- want --
0156|0156|0156|0156|0156|0156|0156|0156|0156|0156|0156|0156|0157|0156|
=== Clear after a flush drops what came later
<% Response.Flush() %>b<% Response.Clear() %>c
-- want --
c
=== the page that wants no cache
<% Response.Expires = -1; Response.CacheControl = "no-cache"; Response.AddHeader("Pragma", "no-cache"); Response.AddHeader("cache-control", "no-store, must-revalidate"); Response.AddHeader("Expires", "-1") %>
-- want --

-- header --
Cache-Control: no-cache
Cache-Control: no-store, must-revalidate
Pragma: no-cache
=== without a buffer
<% Response.Buffer = false; try { Response.Flush() } catch (e) { %><%= e.description.substr(4, 8) %> <% } try { Response.Clear() } catch (e) { %><%= e.description.substr(4, 8) %> <% } %>
<% try { Response.Buffer = true } catch (e) { %><%= e.description.substr(4, 8) %><% } %>
-- want --
ASP 0159 ASP 0159 
ASP 0156
-- header --
=== a header after a flush, not caught
a<% Response.Flush();
Response.AddHeader("x", "y") ### 0156:19: headers are already written
%>
=== the client is connected
<%= Response.IsClientConnected %><%= Response.isclientconnected == true %>
-- want --
TrueTrue
=== the page's promise of a length
<% Response.AddHeader("Content-Length", 3) %>abc
-- want --
abc
-- header --
=== the charset of an empty one
<% Response.Charset = "" %>x
-- header --
Content-Type: text/html
