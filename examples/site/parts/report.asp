<%@ Language="JavaScript" EnableSessionState="False" %>
<%
const flushed = Request.QueryString("how") == "flushed";
const sleep = ms => new Promise(done => setTimeout(done, ms));
const lines = 20;
Response.CacheControl = "no-store";
%>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A <%= flushed ? "flushed" : "buffered" %> report – naja</title>
<link rel="icon" href="../naja.svg" type="image/svg+xml">
<link rel="stylesheet" href="../style.css">
</head>
<body class="plain-page">
<h1>Eggs found, <%= flushed ? "line by line" : "all at once" %></h1>
<div class="last-only">
<% for (let i = 1; i <= lines; i++) {
     await sleep(120);   // the work
%>
<p>Nest <%= i %>: <%= 12 + i * 7 % 9 %> eggs</p>
<progress max="<%= lines %>" value="<%= i %>">line <%= i %></progress>
<%   if (flushed) Response.Flush();
   } %>
</div>
<p>Done. <a href="../report.asp">Back</a></p>
</body>
</html>
