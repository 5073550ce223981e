<%@ Language="JavaScript" %>
<%
var page = {
  name: "default.asp",
  title: "Pages that are programs",
  says: "naja serves HTML with JavaScript in it, the way Active Server " +
    "Pages did, from one binary or from inside a Go program."
};
Session("visits") = (Session("visits") || 0) + 1;
%>
<!--#include file="inc/top.inc"-->
<!--#include file="inc/figures.inc"-->
<% const now = figures(); %>

<dl class="figures" id="figures" data-from="parts/figures.asp">
  <div><dt>Visitors now</dt><dd data-is="sessions"><%= now.sessions %></dd></div>
  <div><dt>Requests</dt><dd data-is="requests"><%= now.requests %></dd></div>
  <div><dt>Up for</dt><dd data-is="uptime"><%= now.uptime %></dd></div>
  <div><dt>Time, UTC</dt><dd data-is="time"><%= now.time %></dd></div>
  <div><dt>Apartment</dt><dd><%= Request.ServerVariables("NAJA_APARTMENT") %></dd></div>
  <div><dt>Waited</dt><dd><%= Request.ServerVariables("NAJA_QUEUE_TIME") %> ms</dd></div>
  <div><dt>Your visits</dt><dd><%= Session("visits") %></dd></div>
</dl>
<script src="js/figures.js" defer></script>

<p>A page is a file that you edit and reload. It keeps its visitors apart,
  makes the requests of one visitor wait for each other, and cleans up after
  itself, whatever its script did. An apartment is a JavaScript engine that
  runs one page at a time; this request waited for its session's turn and for
  one of those. The source of every page stands beside it.</p>

<h2>Look around</h2>
<ul class="cards">
<% for (const { file, title, about } of pages.slice(1)) { %>
  <li><a href="<%= file %>"><b><%: title %></b> <span><%: about %></span></a></li>
<% } %>
</ul>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/default.asp.inc"-->
<!--#include file="inc/source/inc/figures.inc"-->
<!--#include file="inc/source/global.asa.inc"-->
<!--#include file="inc/bottom.inc"-->
