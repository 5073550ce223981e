<%@ Language="JavaScript" EnableSessionState="True" %>
<% Session("slow") = (Session("slow") || 0) + 1; %>
<!--#include file="../inc/slow.inc"-->
