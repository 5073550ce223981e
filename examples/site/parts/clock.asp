<%@ Language="JavaScript" EnableSessionState="False" %>
<%
const seconds = 30;
const sleep = ms => new Promise(done => setTimeout(done, ms));

// The browser tells the last event that it saw when it asks again.
let id = parseInt(Request.ServerVariables("HTTP_LAST_EVENT_ID")) || 0;

Response.Clear();
Response.ContentType = "text/event-stream";
Response.CacheControl = "no-store";
Response.Write("retry: 500\n\n");

for (let i = 0; i < seconds && Response.IsClientConnected; i++) {
  const data = {
    time: new Date().toISOString().slice(11, 19),
    sessions: Application("sessions")
  };
  Response.Write(`id: ${++id}\ndata: ${JSON.stringify(data)}\n\n`);
  Response.Flush();
  await sleep(1000 - Date.now() % 1000);   // to the next full second
}
Response.End();
%>
