What Write makes of values; numbers and dates by LCID.

=== booleans, numbers, nothing
<% Response.Write(true); Response.Write(false); Response.Write(1 == 1); Response.Write(null); Response.Write(undefined); Response.Write(5); Response.Write(-0.5); Response.Write(NaN); Response.Write(1 / 0); Response.Write(1e21); Response.Write("") %>|<%= true %>|<%= !true %>|<%= "" + true %>|<%= [true, false] %>|<%: true %>|<%= true ? "a" : "b" %>|<%= String(false) %>|<%= Server.HTMLEncode(true) %>|<%= Server.URLEncode(false) %>|<%= { a: 1 } %>|<%= [1, [2, 3]] %>|<%= function (a) { return a } %>|<%= /x/g %>|<%= new Error("e") %>|<%= 10n %>|<%= new Boolean(true) %>|<%= new String("s") %>|<%= new Number(7) %>
-- want --
TrueFalseTrue5-0.5NaNInfinity1e+21|True|False|true|true,false|True|a|false|True|False|[object Object]|1,2,3|function (a) { return a }|/x/g|Error: e|10|True|s|7
=== an object that says what it is
<% function P(x) { this.x = x } P.prototype.toString = function () { return "P" + this.x }; Response.Write(new P(1)) %><%= new P(2) %><%: { toString: function () { return "<3>" } } %><%= { valueOf: function () { return 9 } } + 1 %><%= { toString: function () { return "s" }, valueOf: function () { return 9 } } %>
-- want --
P1P2&lt;3&gt;10s
=== an object that can't
<%
 Response.Write({ toString: function () { throw new Error("no text") } }) ### 800a139e:49: no text
%>
=== BinaryWrite
<% Response.ContentType = "application/octet-stream"; Response.BinaryWrite(new Uint8Array([65, 66])); Response.BinaryWrite(Request.BinaryRead(2)); Response.BinaryWrite(new Uint8Array([67, 68]).buffer); Response.BinaryWrite("text") %>
-- request --
POST /page.asp

xyz
-- want --
ABxyCDtext
=== a page's LCID
<%@ LCID=1031 %><% var n = -1234567.891, d = new Date(2003, 0, 5, 16, 7, 8) %><%= n.toLocaleString() %> <%= d.toLocaleString() %> <%= d.toLocaleDateString() %> <%= d.toLocaleTimeString() %> <%= Response.LCID %> <%= (0.5).toLocaleString() %> <%= (1000).toLocaleString() %> <%= [1234.5].toLocaleString() %> <%= NaN.toLocaleString() %>
-- want --
-1.234.567,891 05.01.2003 16:07:08 05.01.2003 16:07:08 1031 0,5 1.000 1.234,5 NaN
=== other countries
<% var d = new Date(2003, 0, 5, 16, 7, 8), n = 1234567.5, ids = [1033, 2057, 1036, 1041, 2052, 1049, 1053, 3079, 2055, 1042, 1025, 9999]; for (var i in ids) { Session.LCID = ids[i] %><%= ids[i] %>: <%= d.toLocaleDateString() %> <%= d.toLocaleTimeString() %> <%= n.toLocaleString() %>
<% } %>
-- want --
1033: 1/5/2003 4:07:08 PM 1,234,567.5
2057: 05/01/2003 16:07:08 1,234,567.5
1036: 05/01/2003 16:07:08 1 234 567,5
1041: 2003/01/05 16:07:08 1,234,567.5
2052: 2003/1/5 16:07:08 1,234,567.5
1049: 05.01.2003 16:07:08 1 234 567,5
1053: 2003-01-05 16:07:08 1 234 567,5
3079: 05.01.2003 16:07:08 1.234.567,5
2055: 05.01.2003 16:07:08 1’234’567.5
1042: 2003-01-05 PM 4:07:08 1,234,567.5
1025: 05/01/03 04:07:08 PM 1,234,567.5
9999: 1/5/2003 4:07:08 PM 1,234,567.5
=== dates and numbers outside of toLocale are the same everywhere
<%@ LCID=1031 %><%= 1.5 %> <%= new Date(2003, 0, 5).getFullYear() %> <%= (1234.5).toString() %> <%= (1.25).toFixed(1) %> <%= parseFloat("1,5") %>
-- want --
1.5 2003 1234.5 1.3 1
=== undefined and null are COM's Empty and Null wherever ASP takes a text
<% Response.AddHeader("X-None", undefined); Response.Cookies("c") = null; Response.Charset = undefined; Session("n") = null;
var m = Request.QueryString("none"); Response.Write(m) %>[<%= Session("none") %><%= Session("n") %><%= null %><%= m %><%: undefined %><%: null %><%: m %>]<%= "" + Session("none") + Session("n") + m %>[<%= Server.HTMLEncode(null) + Server.URLEncode(undefined) + Server.URLPathEncode(m) %>]<%= [undefined, null, 1] %> <%= {} .x %>
-- want --
[]undefinednullundefined[],,1 
