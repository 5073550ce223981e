<%@ Language="JavaScript" %>
<!--#include file="../inc/label.inc"-->
<% var snake = "another one"; %>
