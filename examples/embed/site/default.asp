<%@ Language="JavaScript" %>
<%
const stock = Server.CreateObject("Shop.Stock");
let says = "";

if (Request.ServerVariables("REQUEST_METHOD") == "POST") {
  const article = String(Request.Form("article"));
  try {
    stock.Take(article);
    Session("taken") = (Session("taken") || 0) + 1;
    says = "Here you are.";
  } catch (e) {
    says = "Sorry: " + e.message;
  }
}
%>
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>The shop</title></head>
<body>
<h1>The shop</h1>
<p role="status"><%: says %></p>
<form method="post">
<% for (const article of ["flute", "basket"]) { %>
  <p><%: article %>: <%= stock.Left(article) %> left
    <button name="article" value="<%: article %>">Take one</button></p>
<% } %>
</form>
<p>You took <%= Session("taken") || 0 %>. <a href="/account/bill">The bill</a></p>
<% // A Go handler signs in: what it puts into the session is here, too.
   if (Session("user")) { %>
<p>You are <b><%: Session("user") %></b>.</p>
<% } else { %>
<form method="post" action="/account/sign-in">
  <p><label>Your name <input name="user" required></label>
    <button>Sign in</button></p>
</form>
<% } %>
</body>
</html>
