<%@ LANGUAGE = JScript %>
<%
var strName = Request.Querystring("who") + "";
if (strName == "undefined")
	strName = "World";

if (!Session("Hits99"))
	Session("Hits99") = 0;
Session("Hits99") += 1;

Application.Lock();
Application("Hits99") = (Application("Hits99") ? Application("Hits99") : 0) + 1;
Application.UnLock();

function Row(strKey, strValue)
{
	Response.write("<TR><TD>" + Server.HTMLencode(strKey) + "</TD><TD>" +
		Server.HTMLencode(strValue) + "</TD></TR>\n");
}
%>
<P>Hello, <% =Server.HTMLEncode(strName) %>! This is your visit number
<% = Session("Hits99") %>.</P>
<TABLE BORDER=1>
<%
var e = new Enumerator(Request.QueryString);
for (; !e.atEnd(); e.moveNext())
{
	var strKey = e.item();
	for (var i = 1; i <= Request.QueryString(strKey).Count; i++)
		Row(strKey, Request.QueryString(strKey)(i) + "");
}
with (Response) {
	write("<TR><TD>Rows</TD><TD>" + Request.QueryString.Count + "</TD></TR>\n");
}
%>
</TABLE>
