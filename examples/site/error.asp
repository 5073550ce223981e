<%@ Language="JavaScript" %>
<%
// Runs in place of a page that failed. It is told everything, and passes on
// to the visitor what helps to report it.
var page = {
  name: "error.asp",
  title: "That went wrong",
  says: "The page failed. It wasn't you, and it stands in the log."
};
const error = Server.GetLastError();
%>
<!--#include file="inc/top.inc"-->

<p>If you tell us about it, tell us this, too:
  <code><%: error.File %>, line <%= error.Line %></code></p>
<p><a href="<%= root %>">Go to the first page</a></p>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/error.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
