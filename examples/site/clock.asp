<%@ Language="JavaScript" %>
<%
var page = {
  name: "clock.asp",
  title: "A live clock",
  says: "A page without a session writes an event every second and flushes " +
    "it, for half a minute; then the browser asks again by itself."
};
%>
<!--#include file="inc/top.inc"-->

<p class="big"><time id="time" role="timer">––:––:––</time></p>
<div class="wide"><table class="wire">
  <tr><th scope="row">Connection</th><td id="state">not open</td></tr>
  <tr><th scope="row">Events so far</th><td id="events">0</td></tr>
  <tr><th scope="row">Connections so far</th><td id="opened">0</td></tr>
  <tr><th scope="row">Visitors now</th><td id="sessions">–</td></tr>
</table></div>
<div class="row" id="control" hidden>
  <button>Stop</button>
</div>
<noscript><p>The events themselves:
  <a href="parts/clock.asp">parts/clock.asp</a></p></noscript>

<h2>What you see</h2>
<p>Each open clock keeps one worker busy, mostly with sleeping, so the page
  ends by itself after a while and lets others in. When the visitor leaves,
  <code>Response.IsClientConnected</code> turns false and the page ends
  early. The number of the last event comes back with the next request.</p>
<script src="js/clock.js" defer></script>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/parts/clock.asp.inc"-->
<!--#include file="inc/source/clock.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
