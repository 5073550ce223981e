Lists out of a database: paging, columns, colours, no rows at all.

=== a table with alternating colours
<%@LANGUAGE="JAVASCRIPT"%>
<!--#include file="Connections/shop.asp" -->
<%
var rsProducts = Server.CreateObject("ADODB.Recordset");
rsProducts.ActiveConnection = MM_shop_STRING;
rsProducts.Source = "SELECT * FROM products ORDER BY name";
rsProducts.CursorType = 0;
rsProducts.CursorLocation = 2;
rsProducts.LockType = 3;
rsProducts.Open();
var rsProducts_numRows = 0;
%>
<%
var Repeat1__numRows = -1;
var Repeat1__index = 0;
rsProducts_numRows += Repeat1__numRows;
%>
<table>
<% while ((Repeat1__numRows-- != 0) && (!rsProducts.EOF)) { %>
<tr bgcolor="<%=(Repeat1__index%2)?"#FFFFFF":"#EEEEEE"%>"><td><%=(rsProducts.Fields.Item("id").Value)%></td><td><%=Server.HTMLEncode(rsProducts("name"))%></td><td align=right><%=rsProducts("price").Value.toFixed(2)%></td></tr>
<%
  Repeat1__index++;
  rsProducts.MoveNext();
}
%>
</table>
<%
rsProducts.Close();
%>
-- Connections/shop.asp --
<%
// FileName="Connection_odbc_conn_dsn.htm"
var MM_shop_STRING = "dsn=shop;";
%>
-- want --





<table>

<tr bgcolor="#EEEEEE"><td>1</td><td>Lamp</td><td align=right>19.50</td></tr>

<tr bgcolor="#FFFFFF"><td>2</td><td>Chair &amp; table</td><td align=right>120.00</td></tr>

<tr bgcolor="#EEEEEE"><td>3</td><td>Rug &lt;red&gt;</td><td align=right>75.25</td></tr>

</table>
=== a page of a longer list
<%@LANGUAGE=JScript%>
<%
var pg=parseInt(Request.QueryString("pg")); if(isNaN(pg)||pg<1) pg=1
var rs=new ActiveXObject("ADODB.Recordset")
rs.open("select * from news","dsn=x",3,1)
rs.PageSize=2
var last=rs.PageCount(), n=0
if (pg>last) pg=last
rs.move((pg-1)*rs.pagesize)
for(;n<rs.PageSize&&!rs.EOF;n++){
%>
<h3><a name=n<%=rs("id")%>></a><%=rs("title")%></h3>
<%  if(rs("body").Value!=null){ %><p><%=rs("body")%></p>
<%  }
  rs.movenext()
}
for(var i=1;i<=last;i++){ if(i==pg){ %><b><%=i%></b> <% }else{ %><a href="<%=Request.ServerVariables("URL")%>?pg=<%=i%>"><%=i%></a> <% }} %>
<%=rs.RecordCount%> in all
-- request --
GET /page.asp?pg=2
-- want --


<h3><a name=n12></a>Sale</h3>
<p>Buy [i]now[/i]</p>

<h3><a name=n13></a>Thanks</h3>
<p>Bye</p>
<a href="/page.asp?pg=1">1</a> <b>2</b> <a href="/page.asp?pg=3">3</a> 
5 in all
=== nothing found
<%@ language=javascript %>
<% var rs = Server.CreateObject("ADODB.Recordset"); rs.Open("SELECT * FROM empty WHERE name LIKE '%" + String(Request("q")).replace(/'/g, "''") + "%'", "dsn");
if (rs.BOF && rs.EOF) { %>Nothing found for <i><%=Server.HTMLEncode(Request("q"))%></i>.<% } else while (!rs.EOF) { %><li><%=rs("id")%><% rs.MoveNext(); } %>
-- request --
GET /page.asp?q=o%27neill+%26+co
-- want --

Nothing found for <i>o'neill &amp; co</i>.
=== column heads sort
<%@ Language=JScript %><%
var cols = {id: "No.", name: "Name", price: "Price"}, sort = Request.QueryString("sort") + "", dir = Request("dir") == "desc" ? "asc" : "desc";
if (sort == "undefined" || !cols[sort]) sort = "id";
%><tr><% for (var c in cols) { %><th><a href="?sort=<%=c%><% if (c == sort) { %>&amp;dir=<%=dir%><% } %>"><%=cols[c]%></a><% if (c == sort) Response.Write(dir == "asc" ? " v" : " ^") %></th><% } %></tr>
-- request --
GET /page.asp?sort=name&dir=asc
-- want --
<tr><th><a href="?sort=id">No.</a></th><th><a href="?sort=name&amp;dir=desc">Name</a> ^</th><th><a href="?sort=price">Price</a></th></tr>
=== dates out of a database
<%@ Language="JScript" LCID="1031" %><%
function two(n){return n<10?"0"+n:""+n}
var rs = Server.CreateObject("ADODB.Recordset"); rs.Open("products", "dsn")
while (!rs.Eof) {
	var d = new Date(rs("added"))
	Response.write(two(d.getDate())+"."+two(d.getMonth()+1)+"."+d.getYear()+" "+d.toLocaleDateString()+" "+(rs("price").Value*1000).toLocaleString()+"<br>\n")
	rs.moveNext()
} %>
-- want --
09.03.2001 09.03.2001 19.500<br>
30.11.2002 30.11.2002 120.000<br>
31.12.99 31.12.1999 75.250<br>
=== rows as an array
<%@ Language=JScript %><%
var rs = Server.CreateObject("ADODB.Recordset"); rs.Open("products", "dsn");
var rows = new VBArray(rs.GetRows()), cols = rs.Fields, w = rows.ubound(1) + 1, flat = rows.toArray();
for (var r = 0; r <= rows.ubound(2); r++) { for (var c = 0; c < 3; c++) Response.Write(rows.getItem(c, r) + "|"); Response.Write("\n") }
Response.Write(flat.length + " " + flat[w] + " " + rows.dimensions() + " " + rows.lbound(1))
%>
-- want --
1|Lamp|19.5|
2|Chair & table|120|
3|Rug <red>|75.25|
15 2 2 0
=== all fields of a row
<%@ Language=JScript %><%
var rs = Server.CreateObject("ADODB.Recordset"); rs.Open("products", "dsn"); rs.MoveLast()
for (var e = new Enumerator(rs.Fields); !e.atEnd(); e.moveNext()) {
  var f = e.item(); Response.Write(f.Name + "=" + (f.Value == null ? "NULL" : typeof f.Value == "object" ? new Date(f.Value).getFullYear() : f) + "\n")
}
%><%= rs("stock") == null %> <%= rs("stock").Value == null %> <%= String(rs("stock")) %> <%= rs("price") * 2 %> <%= rs("price") + rs("id") %> <%= rs(1) %>
-- want --
id=3
name=Rug <red>
price=75.25
stock=NULL
added=1999
False True null 150.5 78.25 Rug <red>
=== a select box that remembers
<%@LANGUAGE="JAVASCRIPT"%>
<select name="p">
<% var rs=Server.CreateObject("ADODB.Connection"); rs.Open("dsn=shop"); rs=rs.Execute("SELECT id,name FROM products");
while(!rs.EOF){ %><option value="<%=rs("id")%>"<%=rs("id")==String(Request.Form("p"))?" selected":""%>><%=Server.HTMLEncode(rs("name")+"")%></option>
<% rs.MoveNext() } %></select>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

p=2
-- want --

<select name="p">
<option value="1">Lamp</option>
<option value="2" selected>Chair &amp; table</option>
<option value="3">Rug &lt;red&gt;</option>
</select>
=== new rows and changed ones
<%@LANGUAGE="JScript"%>
<%
var rs=Server.CreateObject("ADODB.Recordset");rs.Open("SELECT * FROM products","dsn",3,3)
rs("name")="Lamp, red";rs("stock")=rs("stock")-1
rs.Fields("price")=20
rs.Update()
rs.MoveNext()
rs.Fields.Item("stock")=12; rs.fields.item("price").value+=5; rs.Fields("price").Value*=2
rs.Update();
rs.AddNew()
rs("id")=4
rs("name")=Request.Form("name")
rs("price")=parseFloat(Request.Form("price")); rs("stock")=0
rs("stock")++;++rs("stock");rs("stock")+=10
rs.Update();
rs.MoveFirst()
while(!rs.EOF){ Response.Write([rs("id"),rs("name"),rs("price"),rs("stock")].join("|")+"\n"); rs.MoveNext() }
%>
-- request --
POST /page.asp
Content-Type: application/x-www-form-urlencoded

name=Shelf+%22XL%22&price=99.90+Euro
-- want --

1|Lamp, red|20|3
2|Chair & table|250|12
3|Rug <red>|75.25|null
4|Shelf "XL"|99.9|12
=== a field that isn't there
<%@LANGUAGE="JScript"%>
<% var rs=Server.CreateObject("ADODB.Recordset");rs.Open("products","dsn")
try { rs("nmae")="x" } catch(e) { %><%=e.number%> (<%=e.number & 0xFFFF%>): <%=e.description%><% }
try { while(1) rs.MoveNext() } catch(e) { %>
<%=(e.number>>>0).toString(16)%>: <%=e.message%><% } %>
-- want --

-2146825023 (3265): Item cannot be found in the collection corresponding to the requested name or ordinal.
800a0bcd: Either BOF or EOF is True, or the current record has been deleted.
=== a transaction
<%@LANGUAGE="JScript"%>
<%
var conn=Server.CreateObject("ADODB.Connection")
conn.ConnectionString="dsn=shop";conn.Open(conn.ConnectionString)
conn.BeginTrans()
try {
	conn.Execute("INSERT INTO log VALUES ('" + Request("x") + "')");
	var rs=conn.Execute("SELECT * FROM nowhere")
	conn.CommitTrans()
} catch(e) {
	conn.RollbackTrans()
	if (conn.Errors.Count == 0) Response.Write("<p>" + e.description + "</p>\n")
} finally { conn.Close() }
Response.Write(conn.Log())
%>
-- request --
GET /page.asp?x=1
-- want --

<p>The Microsoft Jet database engine cannot find the input table or query 'nowhere'.</p>
begin
INSERT INTO log VALUES ('1')
SELECT * FROM nowhere
rollback
=== no database
<%@LANGUAGE="JScript"%>
<% try{ var c=Server.CreateObject("ADODB.Connection");c.Open("dsn=broken") }catch(e){
Response.Status="503 Service Unavailable"
%><h1>Sorry</h1><!-- <%=e.number%> <%=e.description%> -->
<% Response.End() }%>
never
-- header --
Status: 503 Service Unavailable
-- want --

<h1>Sorry</h1><!-- -2147467259 [Microsoft][ODBC Driver Manager] Data source name not found -->
