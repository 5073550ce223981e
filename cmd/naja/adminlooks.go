package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/admin"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/isolate"
)

// look reads a document into v, or with --json writes it as it is.
func (a *administrator) look(ctx context.Context, path string, query url.Values, v any) error {
	text, err := a.client.get(ctx, path, query)
	if err != nil {
		return err
	}
	if a.json {
		_, err := a.out.stdout.Write(text)
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s%s isn't what a console says: %w", a.client.base, path, err)
	}
	return nil
}

// status writes a few lines about everything.
func (a *administrator) status(ctx context.Context, _ []string) error {
	var doc admin.Document
	if err := a.look(ctx, "/status.json", nil, &doc); err != nil || a.json {
		return err
	}
	return writeStatus(a.out.stdout, doc)
}

// generation says which global.asa is in force, or goes back to the one here.
func (a *administrator) generation(ctx context.Context, _ []string) error {
	if a.again {
		return a.change(ctx, "/generation", url.Values{})
	}
	var doc admin.Document
	if err := a.look(ctx, "/status.json", nil, &doc); err != nil || a.json {
		return err
	}
	for _, app := range doc.Applications {
		if app.Path != a.application {
			continue
		}
		g := app.Engine.Generation
		if g == nil {
			return a.write("none: the state ends with the application, or it wasn't started yet")
		}
		lines := []string{"served here: " + g.Text, "in force: " + g.Last, "in their order: " + strings.Join(g.Texts, " ")}
		if g.Older {
			lines[0] += ", an older one"
		}
		owed := slices.DeleteFunc(g.Owed, func(text string) bool { return text == g.Last })
		if len(owed) > 0 {
			lines = append(lines, "without their Application_OnEnd: "+strings.Join(owed, " "))
		}
		return a.write(lines...)
	}
	return fmt.Errorf("there is no application at %s", a.application)
}

// writeStatus writes the server's line, a line for each application, and one
// for each request that runs or waits.
func writeStatus(out io.Writer, doc admin.Document) error {
	ready := "ready"
	if !doc.Server.Ready {
		ready = "not ready"
	}
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "naja %s, %s, process %d, up %s, %s memory, %s\n\n", printable(doc.Server.Version), doc.Server.Go, doc.Server.PID,
		short(doc.Server.Uptime), size(doc.Server.Memory), ready)
	fmt.Fprintln(w, "APPLICATION\tSTATE\tBUSY\tWAITING\tSESSIONS\tREQUESTS\tA SECOND\tFAILED\tLOCK")
	for _, app := range doc.Applications {
		e := app.Engine
		fmt.Fprintf(w, "%s\t%s\t%d of %d\t%d\t%d\t%d\t%.1f\t%d\t%s\n", printable(app.Path), stateText(app), e.Busy, e.Apartments,
			len(e.Waiting)+app.Waiting, e.Sessions, e.Requests, e.Rates.Requests, e.Failed, lockText(e.Application))
	}
	writeWorkers(w, doc)
	writeRequests(w, doc)
	return w.Flush()
}

func stateText(app host.Status) string {
	text := app.State
	if app.Maint || app.Engine.Single {
		text += ", one apartment"
	}
	if app.Problem != "" || app.Engine.Global != "" || app.Engine.State != "" || app.Engine.Unhealthy {
		text += ", PROBLEM"
	}
	return printable(text)
}

func lockText(a engine.ApplicationStatus) string {
	if a.Holder == nil {
		return "free"
	}
	return printable(fmt.Sprintf("%s for %s, %d wait", a.Holder.Page, short(a.Holder.Age), len(a.Waiters)))
}

// writeWorkers writes the processes of isolated applications.
func writeWorkers(w io.Writer, doc admin.Document) {
	first := true
	for _, app := range doc.Applications {
		var report isolate.WorkerReport
		text, err := json.Marshal(app.Worker)
		if app.Worker == nil || err != nil || json.Unmarshal(text, &report) != nil {
			continue
		}
		for _, one := range report.Workers {
			if first {
				fmt.Fprint(w, "\nWORKER\tPROCESS\tOF\tROLE\tUP\tREQUESTS\tNOW\tMEMORY\tPROGRAM\n")
				first = false
			}
			fmt.Fprintf(w, "%d\t%d\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", one.Number, one.PID, printable(app.Path), printable(one.Role),
				short(one.Uptime), one.Requests, one.Inside, size(uint64(max(one.Memory, 0))), printable(programText(one)))
		}
	}
}

// programText says which program a worker runs.
func programText(w isolate.WorkerInfo) string {
	return strings.Join(strings.Fields(w.Version+" "+w.Hash), " ")
}

// writeRequests writes what runs and what waits.
func writeRequests(w io.Writer, doc admin.Document) {
	first := true
	for _, app := range doc.Applications {
		for _, list := range [][]engine.RequestStatus{app.Engine.Running, app.Engine.Waiting} {
			for _, r := range list {
				if first {
					fmt.Fprint(w, "\nID\tREQUEST\tAT\tTIME\tAPARTMENT\tSESSION\t\n")
					first = false
				}
				where, took := r.File, r.Run
				if where == "" {
					where = r.Page
				}
				if r.Line > 0 {
					where += fmt.Sprintf(":%d", r.Line)
				}
				if r.WaitsFor != "" {
					where, took = "waits for "+r.WaitsFor, r.Queued
				}
				more := ""
				if r.HoldsLock {
					more = "has Application.Lock"
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\t%s\n", r.ID, printable(r.Method+" "+r.URL), printable(where), short(took),
					r.Apartment, printable(r.Session), more)
			}
		}
	}
}

// errors writes the last errors of pages, as a compiler does.
func (a *administrator) errors(ctx context.Context, _ []string) error {
	var said struct{ Applications []admin.ApplicationErrors }
	if err := a.look(ctx, "/errors.json", url.Values{"application": {a.application}}, &said); err != nil || a.json {
		return err
	}
	var lines []string
	for _, app := range said.Applications {
		for _, e := range app.Errors {
			where := e.File
			if where == "" {
				where = e.Page
			}
			lines = append(lines, fmt.Sprintf("%s:%d: %s (%d times, last %s)", where, e.Line, e.Message, e.Count, e.Last.Local().Format(time.DateTime)))
		}
	}
	return a.write(lines...)
}

// sessions lists all sessions, or what is in one.
func (a *administrator) sessions(ctx context.Context, args []string) error {
	query := url.Values{"application": {a.application}}
	if len(args) > 0 {
		return a.session(ctx, query, args[0])
	}
	w := tabwriter.NewWriter(a.out.stdout, 0, 8, 2, ' ', 0)
	if !a.json {
		fmt.Fprintln(w, "SESSION\tCREATED\tSTATE\tBYTES")
	}
	for {
		var page engine.SessionPage
		if err := a.look(ctx, "/sessions.json", query, &page); err != nil || a.json {
			return err // as JSON one page is enough: it says where the next begins
		}
		for _, s := range page.Sessions {
			state := "expires"
			if s.Expires != nil {
				state += " " + stamp(s.Expires.Local())
			}
			if s.InUse {
				state = "in use"
			}
			if s.Ending != "" {
				state = "is ended (" + s.Ending + ")"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", printable(s.ID), stamp(s.Created.Local()), printable(state), s.Bytes)
		}
		if page.Next == "" {
			return w.Flush()
		}
		query.Set("after", page.Next)
	}
}

func (a *administrator) session(ctx context.Context, query url.Values, id string) error {
	var said struct{ Session engine.SessionDetail }
	query.Set("id", id)
	if err := a.look(ctx, "/sessions.json", query, &said); err != nil || a.json {
		return err
	}
	w := tabwriter.NewWriter(a.out.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tTYPE\tBYTES\tVALUE")
	for _, v := range said.Session.Values {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", printable(v.Key), printable(v.Type), v.Bytes, printable(v.Value))
	}
	for _, key := range said.Session.Objects {
		fmt.Fprintf(w, "%s\tcomponent\t\t\n", printable(key))
	}
	return errors.Join(w.Flush())
}

// printable takes out of a text, which visitors may have made, what would do
// something to a terminal or to a table.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\ufffd'
	}, s)
}

// short is a duration as people read it.
func short(s engine.Seconds) string {
	d := s.Duration()
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// size is a number of bytes as people read it.
func size(n uint64) string {
	const units = "kMGTPE"
	f, unit := float64(n), "B"
	for i := 0; f >= 1000 && i < len(units); i++ {
		f, unit = f/1000, units[i:i+1]+"B"
	}
	return fmt.Sprintf("%.3g %s", f, unit)
}
