<%@ Language="JavaScript" %>
<%
const asked = Request.QueryString;
const name = asked("who").Count ? String(asked("who")) : "World";

Session("hits") = (Session("hits") ?? 0) + 1;
Application.Increment("hits");

const rows = [...asked].flatMap(key => [...asked(key)].map(v => [key, v]));
rows.push(["Rows", asked.Count]);
%>
<p>Hello, <%: name %>! This is your visit number
<%= Session("hits") %>.</p>
<table border="1">
<% for (const [key, value] of rows) { %>
<tr><td><%: key %></td><td><%: value %></td></tr>
<% } %>
</table>
