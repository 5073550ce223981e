<%@ Language="JavaScript" %>
<!--#include file="inc/form.inc"-->
<%
var page = {
  name: "guestbook.asp",
  title: "Guestbook",
  says: "What you send is checked, stored for all, and written encoded; " +
    "then you are redirected, so that a reload doesn't send it again."
};

const entry = { name: "", text: "" }, problems = {};

if (posted()) {
  entry.name = field("name");
  entry.text = field("text");
  if (!entry.name) problems.name = "Please tell your name.";
  if (entry.name.length > 40) problems.name = "40 letters are enough.";
  if (!entry.text) problems.text = "Please write something.";
  if (entry.text.length > 500) problems.text = "500 letters are enough.";
  if (!genuine()) problems.form = "This form was not from here, or too old." +
    " Please send it again.";

  if (Object.keys(problems).length === 0) {
    // A second click sends the same form again. It waits for its turn, and so
    // it sees that the first one was here.
    const once = field("once");
    if (!once || once !== Session("once")) {
      Session("once") = once;
      entry.at = new Date();
      // Update retries when another visitor was faster: no lock needed.
      Application.Update("guestbook", book => [entry, ...book].slice(0, 20));
    }
    Session("thanks") = true;
    Response.Redirect("guestbook.asp#entries");   // ends the page
  }
  Response.Status = problems.form ? "403 Forbidden" : "422 Unprocessable Content";
}

const thanks = Session("thanks");
Session.Contents.Remove("thanks");
%>
<!--#include file="inc/top.inc"-->

<form method="post" action="guestbook.asp" class="stack" novalidate>
<% problem("form"); %>
  <input type="hidden" name="token" value="<%= token() %>">
  <input type="hidden" name="once" value="<%= crypto.randomUUID() %>">
  <p><label for="name">Name</label>
    <input id="name" name="name" value="<%: entry.name %>" maxlength="60"
      autocomplete="name" required<%= invalid("name") %>>
<% problem("name"); %>
  </p>
  <p><label for="text">Message</label>
    <textarea id="text" name="text" rows="3"
      required<%= invalid("text") %>><%: entry.text %></textarea>
<% problem("text"); %>
  </p>
  <p><button>Sign the book</button></p>
</form>

<h2 id="entries">The last entries</h2>
<% if (thanks) { %>
<p class="good" role="status">Thank you, that is in the book now.</p>
<% } %>
<ul class="entries">
<% for (const { name, text, at } of Application("guestbook")) { %>
  <li><b><%: name %></b> <time datetime="<%= at.toISOString() %>">
      <%= at.toISOString().slice(0, 16).replace("T", " ") %></time>
    <p><%: text %></p></li>
<% } %>
</ul>

<h2>Try to break it</h2>
<p>Write some HTML: it is shown, not obeyed. Send the form empty. Or send a
  form that lacks this session's secret:</p>
<form method="post" action="guestbook.asp">
  <input type="hidden" name="name" value="Mallory">
  <input type="hidden" name="text" value="Sent from another site">
  <input type="hidden" name="token" value="guessed">
  <button class="plain">Send a forged form</button>
</form>

<%
// problem writes what is wrong with a field, beside it.
function problem(name) {
  if (problems[name]) { %>
  <span class="bad" id="<%= name %>-problem" role="alert">
    <%: problems[name] %></span>
<% }
}

// invalid ties the field to that text for those who don't see it.
function invalid(name) {
  return problems[name]
    ? ` aria-invalid="true" aria-describedby="${name}-problem"` : "";
}
%>
<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/guestbook.asp.inc"-->
<!--#include file="inc/source/inc/form.inc"-->
<!--#include file="inc/bottom.inc"-->
