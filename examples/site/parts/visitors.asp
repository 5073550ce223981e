<%@ Language="JavaScript" EnableSessionState="False" %>
<% Response.CacheControl = "no-store"; %>
<!--#include file="../inc/visitors.inc"-->
