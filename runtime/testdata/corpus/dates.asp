Dates: calendars, texts that are read as dates, other countries.

=== a month's calendar
<%@ Language=JScript %><%
function two(n) { return (n < 10 ? "0" : "") + n }
var y = parseInt(Request("y"), 10), m = parseInt(Request("m"), 10) - 1; if (isNaN(y)) y = new Date().getFullYear()
var first = new Date(y, m, 1), days = new Date(y, m + 1, 0).getDate(), col = first.getDay();
%><table><tr><% for (var i = 0; i < col; i++) { %><td></td><% }
for (var d = 1; d <= days; d++) { if (col == 7) { col = 0 %></tr>
<tr><% } %><td><%=two(d)%></td><% col++ } %></tr></table>
<%=new Date(y, m, 0).getMonth() + 1%> <%=new Date(y, m + 1, 1).toDateString()%>
-- request --
GET /page.asp?y=2004&m=02
-- want --
<table><tr><td>01</td><td>02</td><td>03</td><td>04</td><td>05</td><td>06</td><td>07</td></tr>
<tr><td>08</td><td>09</td><td>10</td><td>11</td><td>12</td><td>13</td><td>14</td></tr>
<tr><td>15</td><td>16</td><td>17</td><td>18</td><td>19</td><td>20</td><td>21</td></tr>
<tr><td>22</td><td>23</td><td>24</td><td>25</td><td>26</td><td>27</td><td>28</td></tr>
<tr><td>29</td></tr></table>
1 Mon Mar 01 2004
=== years of two digits
<%@ Language=JScript %><%
var d = new Date(99, 11, 31); d.setYear(98); var e = new Date(2004, 0, 1)
%><%=d.getYear()%> <%=d.getFullYear()%> <%=e.getYear()%> <%=new Date(1899, 0, 1).getYear()%> <%=e.getVarDate() == e%> <%=typeof e.getVarDate()%> <%=new Date(0).toGMTString() == new Date(0).toUTCString()%>
-- want --
98 1998 2004 1899 True object False
=== texts that are dates
<%@ Language=JScript %><%
var texts = ["1/31/2003 10:00", "Jan 31, 2003 10:00 PM", "January 31, 2003 22:00:05", "31 January 2003", "Fri, 31 Jan 2003 10:00:00 GMT", "Fri Jan 31 10:00:00 UTC+0100 2003", "1-31-2003", "2003/1/31", "1/31/2003 12:30 AM", "jan 31 2003 1:00pm", "next week"];
function two(n) { return (n < 10 ? "0" : "") + n }
for (var i in texts) { var t = Date.parse(texts[i]), d = new Date(texts[i]); if (isNaN(t)) Response.Write("no date\n"); else if (/GMT|UTC/.test(texts[i])) Response.Write(t + "\n"); else Response.Write(d.getFullYear() + two(d.getMonth() + 1) + two(d.getDate()) + " " + two(d.getHours()) + two(d.getMinutes()) + two(d.getSeconds()) + "\n") }
%>
-- want --
20030131 100000
20030131 220000
20030131 220005
20030131 000000
1044007200000
1044003600000
20030131 000000
20030131 000000
20030131 003000
20030131 130000
no date
=== how old somebody is
<%@ Language=JScript %><%
function age(born, now) { var n = now.getFullYear() - born.getFullYear(); if (now.getMonth() < born.getMonth() || now.getMonth() == born.getMonth() && now.getDate() < born.getDate()) n--; return n }
function addDays(d, n) { return new Date(d.getTime() + n * 86400000) }
var born = new Date(Request.Form("born")), now = new Date(2003, 0, 30)
%><%=age(born, now)%> <%=addDays(now, 30).getMonth()%> <%=Math.floor((now - born) / 31557600000)%> <%=born < now%> <%=now.getTimezoneOffset() == new Date(2003, 0, 30).getTimezoneOffset()%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

born=1%2F31%2F1970
-- want --
32 2 32 True True
=== in Germany
<%@ Language="JScript" LCID=1031 %><%
var d = new Date(2003, 0, 5, 7, 8, 9) %><%=d.toLocaleString()%> | <%=d.toLocaleDateString()%> | <%=d.toLocaleTimeString()%> | <%=(1234567.5).toLocaleString()%> | <% Session.LCID = 1033 %><%=d.toLocaleString()%> | <%=(1234567.5).toLocaleString()%> | <% Session.LCID = 1036 %><%=d.toLocaleDateString()%> | <%=(-1234.5).toLocaleString()%> | <%=Session.LCID%>
-- want --
05.01.2003 07:08:09 | 05.01.2003 | 07:08:09 | 1.234.567,5 | 1/5/2003 7:08:09 AM | 1,234,567.5 | 05/01/2003 | -1 234,5 | 1036
=== a cookie that ends
<%@ Language=JScript %><%
var d = new Date(Date.UTC(2030, 1, 28, 12)); d.setDate(d.getDate() + 1)
Response.Cookies("a") = 1; Response.Cookies("a").Expires = d
Response.Cookies("b") = 1; Response.Cookies("b").Expires = d.getVarDate()
Response.Cookies("c") = 1; Response.Cookies("c").Expires = d.toGMTString()
Response.Cookies("d") = 1; Response.Cookies("d").Expires = "1/2/1990 00:00:00 GMT"
Response.ExpiresAbsolute = "Thu, 01 Jan 1998 00:00:00 GMT"
%>
-- header --
Set-Cookie: a=1; expires=Fri, 01 Mar 2030 12:00:00 GMT; path=/
Set-Cookie: b=1; expires=Fri, 01 Mar 2030 12:00:00 GMT; path=/
Set-Cookie: c=1; expires=Fri, 01 Mar 2030 12:00:00 GMT; path=/
Set-Cookie: d=1; expires=Tue, 02 Jan 1990 00:00:00 GMT; path=/
Expires: Thu, 01 Jan 1998 00:00:00 GMT
