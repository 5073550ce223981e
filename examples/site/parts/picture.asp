<%@ Language="JavaScript" EnableSessionState="ReadOnly" %>
<!--#include file="../inc/sniff.inc"-->
<%
// ReadOnly: it sees the session as it was last stored, and waits for nobody.
const upload = Session("upload");
const type = upload ? sniff(upload.bytes) : "";
Response.Clear();
if (!type.startsWith("image/")) {
  Response.Status = "404 Not Found";
  Response.End();
}
Response.ContentType = type;
Response.CacheControl = "private, no-store";
Response.AddHeader("X-Content-Type-Options", "nosniff");
Response.BinaryWrite(upload.bytes);
Response.End();   // else the line end below would follow the bytes
%>
