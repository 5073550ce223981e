<%@ Language="JavaScript" %>
<!--#include file="inc/top.inc"-->
<%
var name = Request.form.name || ""; // a plain string, as of Request.query
if (Request.ServerVariables("REQUEST_METHOD") == "POST" && name.trim()) {
  Session("name") = name.trim().slice(0, 50);
  Response.Redirect("default.asp");
}
Session("visits") = (Session("visits") || 0) + 1;
%>
<h1>Hello<% if (Session("name")) { %>, <%: Session("name") %><% } %></h1>
<p>You have been here <%= Session("visits") %> times, and all visitors together
<%= Application.Increment("visits") %> times.</p>
<form method="post">
  <label>Your name <input name="name" maxlength="50" required></label>
  <button>Greet me</button>
</form>
<!--#include file="inc/bottom.inc"-->
