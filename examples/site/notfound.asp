<%@ Language="JavaScript" %>
<%
// Runs in place of what isn't there; its status is 404 already.
var page = {
  name: "notfound.asp",
  title: "There is no such page",
  says: "Perhaps it never was, perhaps it shed its skin."
};
%>
<!--#include file="inc/top.inc"-->

<p>These are there:</p>
<ul>
<% for (const { file, label } of pages) { %>
  <li><a href="<%= root + file %>"><%= label %></a></li>
<% } %>
</ul>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/notfound.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
