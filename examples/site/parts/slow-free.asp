<%@ Language="JavaScript" EnableSessionState="False" %>
<!--#include file="../inc/slow.inc"-->
