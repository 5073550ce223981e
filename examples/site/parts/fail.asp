<%@ Language="JavaScript" %>
<!--#include file="../inc/broken.inc"-->
