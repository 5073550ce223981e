<%@ Language="JavaScript" %>
<!--#include file="inc/source/list.inc"-->
<%
var page = {
  name: "source.asp",
  title: "All the source",
  says: "Each file is included here as text. What you ask for is looked up " +
    "among their names; it is never a path."
};
const asked = String(Request.QueryString("of"));
const of = sources.includes(asked) ? asked : "source.asp";
if (of !== asked && Request.QueryString("of").Count > 0) {
  Response.Status = "404 Not Found";
}
%>
<!--#include file="inc/top.inc"-->

<nav aria-label="Files">
<% let folder;
   for (const file of sources) {
     const at = file.lastIndexOf("/") + 1;
     const here = file === of ? ' aria-current="true"' : "";
     if (file.slice(0, at) !== folder) {
       if (folder !== undefined) { %>
  </ul>
<%     }
       folder = file.slice(0, at); %>
  <h2><%= folder || "Pages" %></h2>
  <ul class="files">
<%   } %>
    <li><a href="source.asp?of=<%= file %>"<%= here %>><%= file.slice(at) %></a></li>
<% } %>
  </ul>
</nav>
<p>The rest is what browsers know: <a href="style.css">style.css</a> and the
  small scripts of the pages that need one:
  <a href="js/figures.js">figures.js</a>,
  <a href="js/counter.js">counter.js</a>, <a href="js/turns.js">turns.js</a>,
  <a href="js/report.js">report.js</a>, <a href="js/clock.js">clock.js</a>,
  <a href="js/upload.js">upload.js</a>.</p>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/show.inc"-->
<!--#include file="inc/bottom.inc"-->
