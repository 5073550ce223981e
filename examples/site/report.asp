<%@ Language="JavaScript" %>
<%
var page = {
  name: "report.asp",
  title: "Buffered or flushed",
  says: "One report, made line by line, sent in two ways: as it is made, or " +
    "whole when it is done."
};
%>
<!--#include file="inc/top.inc"-->

<div class="row" id="start" hidden><button>Run both</button></div>
<div class="two" id="reports">
<% for (const how of ["flushed", "buffered"]) { %>
  <section data-from="parts/report.asp?how=<%= how %>"
    aria-labelledby="<%= how %>">
    <h2 id="<%= how %>"><%= how === "flushed" ? "Flushed" : "Buffered" %></h2>
    <progress max="20" value="0" aria-label="Lines, <%= how %>"></progress>
    <table class="wire">
      <tr><th scope="row">First byte</th><td data-is="first">–</td></tr>
      <tr><th scope="row">Last byte</th><td data-is="last">–</td></tr>
      <tr><th scope="row">Pieces</th><td data-is="pieces">–</td></tr>
      <tr><th scope="row">Content-Length</th><td data-is="length">–</td></tr>
    </table>
    <p><a href="parts/report.asp?how=<%= how %>">Open it as a page</a></p>
  </section>
<% } %>
</div>

<h2>What you see</h2>
<p>Flushed, the first line comes at once, and the bar moves. But the header is
  gone with it: no length, no status, no cookie can be set any more, an error
  breaks the page off, and the page keeps its worker until the last byte is
  sent. Buffered, the answer knows its length, which is worth more than it
  looks: the worker is free before the visitor has read anything, and the
  connection can carry the next request whatever the protocol. So naja
  buffers unless a page says otherwise.</p>
<script src="js/report.js" defer></script>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/parts/report.asp.inc"-->
<!--#include file="inc/source/report.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
