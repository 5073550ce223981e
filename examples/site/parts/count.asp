<%@ Language="JavaScript" EnableSessionState="False" %>
<!--#include file="../inc/count.inc"-->
<%
// Many of these run at once: they have no session to wait for.
if (Request.ServerVariables("REQUEST_METHOD") != "POST") {
  Response.Status = "405 Method Not Allowed";
  Response.AddHeader("Allow", "POST");
  Response.End();
}
const count = await countOne();
Response.Clear();
Response.ContentType = "application/json";
Response.Write(JSON.stringify({ count }));
%>
