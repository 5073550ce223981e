<%@ Language="JavaScript" %>
<%
var page = {
  name: "layout.asp",
  title: "Layout",
  says: "An include becomes part of the page before it is compiled, so both " +
    "share every name; Server.Execute runs another page in between, which " +
    "has its own."
};
var snake = "Naja haje";
%>
<!--#include file="inc/top.inc"-->

<h2>An include sees this page's names</h2>
<p>So a file can be a piece of layout, or a library of functions. This site's
  header is one, its footer another, and so is the source you see here.</p>
<div class="card"><!--#include file="inc/label.inc"--></div>

<h2>An executed page has its own</h2>
<p>It gets the same Request, Response and Session, and nothing else: its
  variables can't collide with yours, and yours can't be changed.</p>
<div class="card"><% Server.Execute("parts/label.asp"); %></div>

<h2>Which one when</h2>
<div class="wide"><table>
  <thead><tr><td></td><th scope="col">#include</th>
    <th scope="col">Server.Execute</th></tr></thead>
  <tbody>
    <tr><th scope="row">Which file is decided</th>
      <td>before the page runs</td><td>while it runs</td></tr>
    <tr><th scope="row">Variables and functions</th>
      <td>shared</td><td>apart</td></tr>
    <tr><th scope="row">An error in it</th>
      <td>is the page's</td><td>can be caught</td></tr>
    <tr><th scope="row">An error names</th>
      <td>the included file</td><td>the executed file</td></tr>
  </tbody>
</table></div>

<p>After all that, <code>snake</code> is still <b><%: snake %></b> here.</p>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/layout.asp.inc"-->
<!--#include file="inc/source/inc/label.inc"-->
<!--#include file="inc/source/parts/label.asp.inc"-->
<!--#include file="inc/source/inc/top.inc"-->
<!--#include file="inc/source/inc/bottom.inc"-->
<!--#include file="inc/bottom.inc"-->
