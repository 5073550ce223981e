What IIS and COM let pages get used to, a page for each habit; docs/dialect.md has
the tables.

=== methods without parentheses
<%@ Language=JScript %>head<% Response.Clear; Response.Write("kept"); if (Request.QueryString.Count == 0) { Response.Write(" and said"); Response.End; } Response.Write("never reached") %>tail
-- want --
kept and said
=== a method is assigned to
<%@ Language=JScript %><% Response.Write = "by "; Response.Write = "assignment" %>
-- want --
by assignment
=== members that may be there
<%@ Language=JScript %><% if (Response.OverrideMimeType) Response.Write("new"); else Response.Write("old"); Response.Write(" " + typeof Server.Subtle); try { Response.OverrideMimeType("a") } catch (e) { Response.Write(" " + (e.number & 0xFFFF)) } %>
-- want --
old undefined 438
=== nothing is written as nothing
<%@ Language=JScript %>Hello <%=Session("nick")%><%=null%>!<% Response.Write(Server.HTMLEncode(Session("nick"))); Response.Write(Request.QueryString("none")); try { Response.Redirect(Session("next")) } catch (e) { %> (<%=e.description%>)<% } %>
-- want --
Hello ! (006~ASP 0158~Missing URL~A URL is required.)
=== the code page of what is asked
<%@ Language=JScript CodePage=1252 %><% Response.CodePage = 65001 %><%=Request.QueryString("t").Item(1).length%> <%=String(Request.QueryString("t")).charCodeAt(0)%>
-- request --
GET /page.asp?t=%E4%B8%AD
-- want --
1 20013
=== a cart is filled after it was put away
<%@ Language=JScript %><% var cart = Session("cart") = {}; cart.lamp = 2; cart.rug = 1 %><%=Session("cart").lamp + Session("cart").rug%>
-- want --
3
=== cleared, and never cached
<%@ Language=JScript %><% Response.CacheControl = "no-cache"; Response.AddHeader("Pragma", "no-cache"); Response.Expires = -1 %>a<% Response.Clear() %>b<% Response.Clear(); %>c
-- header --
Pragma: no-cache
-- want --
c
=== where an error was
<%@ Language=JScript %><%=Server.MapPath("inc/lib.inc").replace(/\\/g, "/").slice(-12)%> <%=/[\\\/]$/.test(Request.ServerVariables("APPL_PHYSICAL_PATH"))%> <%=Request.ServerVariables("HTTP_METHOD")%>
-- want --
/inc/lib.inc True GET
=== a cookie that was set just now
<%@ Language=JScript %><% Response.Cookies("seen") = "now"; Response.Cookies("shop")("town") = "Oslo" %><%=Request.Cookies("seen")%> <%=Request.Cookies("shop")("town")%>
-- want --
now Oslo
=== a session's number is a LONG, and arrays in Application are COM's
<%@ Language=JScript %><% Application("grid") = [[1, 2, 3], [4, 5, 6]]; var a = new VBArray(Application("grid")) %><%=/^\d+$/.test(Session.SessionID)%> <%=Session.SessionID < 2147483648%> <%=a.dimensions()%> <%=a.ubound(1)%> <%=a.getItem(2, 1)%>
-- want --
True True 2 2 6
=== JScript by its other names
<%@ Language="LiveScript" %><script language="JScript.Encode" runat="server">function one() { return 1 }</script><script language="ECMAScript" runat="server">function two() { return 2 }</script><%=one() + two()%>
-- want --
3
=== a library's constants
<%@ Language=JScript %><!--METADATA TYPE="typelib" UUID="00000205-0000-0010-8000-00AA006D2EA4" --><%=adOpenStatic%> <%=adLockOptimistic%> <%=adCmdText%>
-- want --
3 3 1
=== bits of large numbers
<%@ Language=JScript %><%=1e21 | 0%> <%=Math.pow(2, 63) | 0%> <%=(Math.pow(2, 53) + 2) >>> 0%> <%=-1e21 >> 1%>
-- want --
-559939584 0 2 279969792
=== numbers and dates in a language
<%@ Language=JScript %><%=(1234567.5).toLocaleString("de-DE")%> <%=new Date(2001, 2, 9).toLocaleDateString("en-GB")%> <%=["z", "ä", "a"].sort(function (a, b) { return a.localeCompare(b, "de") }).join("")%>
-- want --
1.234.567,5 09/03/2001 aäz
=== lines of a textarea
<%@ Language=JScript %><%=Request.Form("text").Item(1).match(/^.*$/gm).length%> <%="aab".replace(/a*/g, "x")%> <%=String(Request.Form("text")).split(/\r\n|\r|\n/).join("/")%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

text=one%0D%0Atwo
-- want --
3 xxbx one/two
=== plain fields beside items
<%@ Language=JScript %><%=Request.query.page === "2" ? "second" : "first"%> <%=Request.query.size || 10%> <%=Request.QueryString("page") == 2%> <%=typeof Request.query.none%>
-- request --
GET /page.asp?page=2
-- want --
second 10 True undefined
