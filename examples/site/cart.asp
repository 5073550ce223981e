<%@ Language="JavaScript" %>
<!--#include file="inc/form.inc"-->
<%
var page = {
  name: "cart.asp",
  title: "Shopping cart",
  says: "The cart is a plain object in the Session: what the page changes " +
    "in it is there at the next request."
};

const goods = {
  flute: { name: "Charmer's flute", cents: 2450 },
  basket: { name: "Basket with a lid", cents: 1800 },
  mirror: { name: "Pocket mirror for snakes", cents: 790 },
  mongoose: { name: "Mongoose, toy", cents: 1295 }
};

if (!Session("cart")) Session("cart") = { items: {} };
const items = Session("cart").items;   // this page's copy, stored at its end

if (posted() && genuine()) {
  const id = field("id"), more = field("do");
  if (more === "empty") {
    Session("cart").items = {};
  } else if (Object.hasOwn(goods, id)) {
    const n = (items[id] || 0) + (more === "less" ? -1 : 1);
    if (n > 0) items[id] = Math.min(n, 99);
    else delete items[id];
  }
  Response.Redirect("cart.asp");
}

const lines = Object.entries(items)
  .map(([id, n]) => ({ id, n, ...goods[id], sum: n * goods[id].cents }));
const total = lines.reduce((sum, line) => sum + line.sum, 0);
%>
<!--#include file="inc/top.inc"-->

<h2>The shop</h2>
<ul class="goods">
<% for (const [id, { name, cents }] of Object.entries(goods)) { %>
  <li><span><%: name %></span> <b><%= money(cents) %></b>
    <% button(id, "more", "Add", `Add ${name}`); %></li>
<% } %>
</ul>

<h2>Your cart</h2>
<% if (lines.length === 0) { %>
<p>Nothing in it yet.</p>
<% } else { %>
<div class="wide"><table>
  <thead><tr><th scope="col">Article</th><th scope="col">Number</th>
    <th scope="col" class="number">Price</th></tr></thead>
  <tbody>
<% for (const { id, n, name, sum } of lines) { %>
    <tr><th scope="row"><%: name %></th>
      <td class="step"><% button(id, "less", "−", `One ${name} less`); %>
        <b><%= n %></b> <% button(id, "more", "+", `One ${name} more`); %></td>
      <td class="number"><%= money(sum) %></td></tr>
<% } %>
  </tbody>
  <tfoot><tr><th scope="row" colspan="2">Total</th>
    <td class="number"><%= money(total) %></td></tr></tfoot>
</table></div>
<% button("", "empty", "Empty the cart", "Empty the cart"); %>
<% } %>

<%
// Every change is a form of its own, so it works without any script.
function button(id, what, label, title) { %>
<form method="post" action="cart.asp" class="inline">
  <input type="hidden" name="token" value="<%= token() %>">
  <input type="hidden" name="id" value="<%= id %>">
  <button name="do" value="<%= what %>" aria-label="<%: title %>"
    class="plain"><%= label %></button>
</form>
<% }

function money(cents) {
  return (cents / 100).toFixed(2) + " €";
}
%>
<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/cart.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
