<%@ Language="JavaScript" %>
<%
var page = {
  name: "turns.asp",
  title: "One at a time",
  says: "Pages of one session run one after the other, in the order they " +
    "came, so that none has to think about the others; pages without a " +
    "session run side by side."
};
%>
<!--#include file="inc/top.inc"-->

<p>Each request takes a second. Send three at once, with the session and
  without; then open this page in a <a href="turns.asp" target="_blank">second
  window</a> of this browser and press both buttons quickly: the windows share
  one session, and one queue. Each shows the requests of both.</p>

<div class="row" id="turns" hidden>
  <button data-to="parts/slow-session.asp" data-kind="session">Three with the
    session</button>
  <button data-to="parts/slow-free.asp" data-kind="free">Three without</button>
</div>
<noscript><p>Open these in two tabs each:
  <a href="parts/slow-session.asp">with the session</a>,
  <a href="parts/slow-free.asp">without</a>.</p></noscript>

<div class="chart" id="chart" role="log" aria-label="Requests">
  <p>No request yet.</p>
</div>
<p class="legend"><span class="waits">waited for its turn</span>
  <span class="runs">ran</span></p>

<h2>What you see</h2>
<p>A request waits for the session before it gets a worker, so a visitor who
  sends many keeps nobody else waiting. The turn is passed on before the
  answer is sent: what the second request reads is what the first one wrote.
  A page that only reads says <code>EnableSessionState="ReadOnly"</code> and
  doesn't wait either.</p>
<script src="js/turns.js" defer></script>

<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/parts/slow-session.asp.inc"-->
<!--#include file="inc/source/parts/slow-free.asp.inc"-->
<!--#include file="inc/source/inc/slow.inc"-->
<!--#include file="inc/source/turns.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
