<%@ Language="JavaScript" %>
<!--#include file="inc/form.inc"-->
<%
var page = {
  name: "upload.asp",
  title: "Upload and preview",
  says: "The page looks into the file's bytes, never believes its name, and " +
    "keeps it in your Session until you send another."
};

const most = 150000;
let problem = "";

if (posted() && genuine()) {
  const forget = field("do") === "forget", file = Request.Files("file");
  if (forget) Session.Contents.Remove("upload");
  else if (!file || file.Size === 0) problem = "Please choose a file first.";
  else if (file.Size > most) problem = "That is too large for this demo.";
  else Session("upload") = {
    name: file.Name, says: file.ContentType, bytes: file.Read()
  };
  if (!problem) Response.Redirect("upload.asp");
  Response.Status = "422 Unprocessable Content";
}
const upload = Session("upload");
%>
<!--#include file="inc/top.inc"-->
<!--#include file="inc/sniff.inc"-->

<form method="post" action="upload.asp" enctype="multipart/form-data"
  class="stack">
  <input type="hidden" name="token" value="<%= token() %>">
  <p><label for="file">A picture or a text, up to <%= most / 1000 %> kB</label>
    <input type="file" id="file" name="file" data-most="<%= most %>"<%= problem &&
      ' aria-invalid="true" aria-describedby="problem"' %>>
<% if (problem) { %>
    <span class="bad" id="problem" role="alert"><%: problem %></span>
<% } %>
  </p>
  <p><button>Send it</button></p>
</form>
<script src="js/upload.js" defer></script>

<% if (upload) {
     const { name, says, bytes } = upload, type = sniff(bytes); %>
<h2><%: name %></h2>
<% if (type.startsWith("image/")) { %>
<p><img class="preview" src="parts/picture.asp" alt="What you sent"></p>
<% } %>
<div class="wide"><table class="wire">
  <tr><th scope="row">Size</th><td><%= bytes.length %> bytes</td></tr>
  <tr><th scope="row">The browser says</th><td><%: says %></td></tr>
  <tr><th scope="row">The bytes say</th><td><%: type %></td></tr>
</table></div>
<h3>How it begins</h3>
<pre class="dump" tabindex="0"><% dump(bytes.subarray(0, 128)); %></pre>
<form method="post" action="upload.asp">
  <input type="hidden" name="token" value="<%= token() %>">
  <button name="do" value="forget" class="plain">Forget it</button>
</form>
<% } %>

<%
// dump writes bytes as numbers and letters, sixteen a line.
function dump(bytes) {
  for (let i = 0; i < bytes.length; i += 16) {
    const row = [...bytes.subarray(i, i + 16)];
    const hex = row.map(b => b.toString(16).padStart(2, "0")).join(" ");
    const text = row.map(b => b > 31 && b < 127 ? String.fromCharCode(b) : "·");
    Response.Write(Server.HTMLEncode(hex.padEnd(49) + text.join("") + "\n"));
  }
}
%>
<!--#include file="inc/middle.inc"-->
<!--#include file="inc/source/upload.asp.inc"-->
<!--#include file="inc/source/inc/sniff.inc"-->
<!--#include file="inc/source/parts/picture.asp.inc"-->
<!--#include file="inc/bottom.inc"-->
