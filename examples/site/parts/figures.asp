<%@ Language="JavaScript" EnableSessionState="False" %>
<!--#include file="../inc/figures.inc"-->
<%
// Asked every few seconds by each open home page. Without a session it
// neither keeps that session alive nor waits for it.
Response.Clear();
Response.ContentType = "application/json";
Response.CacheControl = "no-store";
Response.Write(JSON.stringify(figures()));
%>
