<%@ Language="JavaScript" %>
<!--#include file="inc/form.inc"-->
<!--#include file="inc/count.inc"-->
<%
var page = {
  name: "counter.asp",
  title: "Counter and visitors",
  says: "Application belongs to everybody, so a page that reads a number " +
    "and writes it back holds Application.Lock in between."
};

if (posted() && genuine()) {
  if (field("do") === "count") await countOne();
  if (field("do") === "leave") Session.Abandon();   // Session_OnEnd follows
  Response.Redirect("counter.asp");
}
%>
<!--#include file="inc/top.inc"-->

<p class="big"><output id="count"><%= Application("count") %></output></p>
<form method="post" action="counter.asp" class="row">
  <input type="hidden" name="token" value="<%= token() %>">
  <button name="do" value="count">Count one</button>
  <button type="button" id="many" class="plain" hidden>Count 50 at once</button>
</form>
<p id="counted" role="status"></p>

<h2>Who is here</h2>
<p>You are <b class="visitor"><%: Session("name") %></b>. Open this page in a
  private window to see somebody else come. A visitor leaves with the button,
  or by doing nothing for <%= Session.Timeout %> minutes.</p>
<div id="visitors" data-from="parts/visitors.asp">
<!--#include file="inc/visitors.inc"-->
</div>
<form method="post" action="counter.asp">
  <input type="hidden" name="token" value="<%= token() %>">
  <button name="do" value="leave" class="plain">Leave, and come back as
    somebody else</button>
</form>
<script src="js/counter.js" defer></script>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/counter.asp.inc"-->
<!--#include file="inc/source/inc/count.inc"-->
<!--#include file="inc/source/global.asa.inc"-->
<!--#include file="inc/bottom.inc"-->
