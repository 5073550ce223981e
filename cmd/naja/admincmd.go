package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/najahost/naja/operate/admin"
	"golang.org/x/term"
)

// adminCommand drives the console of a running server.
func adminCommand(ctx context.Context, out *console, args []string) error {
	a := &administrator{out: out}
	fs := newFlags(out, "admin")
	fs.StringVar(&a.url, "url", "", "the console is at `URL` (default $NAJA_ADMIN_URL, or http://127.0.0.1:8081)")
	fs.StringVar(&a.user, "user", "", "sign in as `ACCOUNT`, with the password in $NAJA_ADMIN_PASSWORD or one that is asked for")
	fs.StringVar(&a.authority, "cacert", "", "trust the certificates in this `FILE` too")
	fs.StringVar(&a.application, "application", "/", "the application at `PATH`")
	fs.BoolVar(&a.again, "again", false, "generation: go back to the global.asa that is served here")
	fs.BoolVar(&a.json, "json", false, "write what the server says")
	plain, err := fs.parse(args, 1, 3)
	if err != nil {
		return err
	}
	name, args := plain[0], plain[1:]
	for _, v := range a.verbs() {
		if v.name != name {
			continue
		}
		if len(args) < v.least || len(args) > v.most {
			return usageErrorf("admin: want %s", strings.TrimSpace(v.name+" "+v.args))
		}
		if v.offline {
			return v.run(ctx, args)
		}
		if a.client, err = a.newClient(); err != nil {
			return err
		}
		return v.run(ctx, args)
	}
	var names []string
	for _, v := range a.verbs() {
		names = append(names, v.name)
	}
	return usageErrorf("admin: unknown %q; %s", name, oneOf(name, names))
}

// An adminVerb is what may stand after 'naja admin'.
type adminVerb struct {
	name, args  string
	does        string
	least, most int  // arguments
	offline     bool // no server is needed
	run         func(ctx context.Context, args []string) error
}

func (a *administrator) verbs() []adminVerb {
	return []adminVerb{
		{name: "status", does: "what runs and waits, and how it is", run: a.status},
		{name: "top", does: "the same, live, until Ctrl-C", run: a.top},
		{name: "hold", does: "keep requests out: 503, or let them wait", args: "[refuse | park]", most: 1, run: a.changing("/hold", "mode")},
		{name: "release", does: "let them in again", run: a.changing("/release-hold")},
		{name: "maint", does: "one apartment only; all again; one and held", args: "[on | off | hold]", most: 1, run: a.maint},
		{name: "pass", does: "a link that lets one browser through a hold", run: a.pass},
		{name: "load", does: "start the application: compiled and warm", run: a.changing("/load")},
		{name: "unload", does: "end it; the next request starts it again", run: a.changing("/unload")},
		{name: "update", does: "put what update_source holds in its place, live", run: a.changing("/update")},
		{name: "reload", does: "read naja.toml again", run: a.changing("/reload-config")},
		{name: "restart", does: "start the server anew, losing no request", run: a.changing("/restart")},
		{name: "recover", does: "free what is stuck; or end one request", args: "[REQUEST]", most: 1, run: a.changing("/recover", "id")},
		{name: "keepalive", does: "exercise what was idle", run: a.changing("/keepalive")},
		{name: "errors", does: "the last errors of pages, grouped", run: a.errors},
		{name: "sessions", does: "list them; or one with its values' sizes", args: "[ID]", most: 1, run: a.sessions},
		{name: "end", does: "end a session", args: "ID", least: 1, most: 1, run: a.changing("/sessions/end", "id")},
		{name: "isolation", does: "move the application", args: "in-process | process", least: 1, most: 1, run: a.changing("/isolation", "mode")},
		{name: "generation", does: "which global.asa is in force; or go back to the one here", args: "[--again]", run: a.generation},
		{name: "worker", does: "start a fresh worker in the old one's place", run: a.changing("/worker/start")},
		{name: "kill", does: "end a worker", args: "WORKER", least: 1, most: 1, run: a.changing("/recover", "worker")},
		{name: "passwd", does: "set an account's password in FILE; no server is needed", args: "FILE ACCOUNT", least: 2, most: 2, offline: true, run: a.passwd},
	}
}

// adminHelp lists the verbs.
func adminHelp() string {
	var text strings.Builder
	for _, v := range new(administrator).verbs() {
		fmt.Fprintf(&text, "  %-34s %s\n", strings.TrimSpace(v.name+" "+v.args), v.does)
	}
	return text.String()
}

// An administrator is who runs the command.
type administrator struct {
	out                               *console
	url, user, authority, application string
	json, again                       bool
	client                            *adminClient
}

// newClient makes the client of the console that is meant.
func (a *administrator) newClient() (*adminClient, error) {
	where := a.url
	if where == "" {
		where = os.Getenv("NAJA_ADMIN_URL")
	}
	if where == "" {
		where = "http://127.0.0.1:8081"
	}
	base, err := url.Parse(where)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, usageErrorf("admin: --url: %q is no URL such as http://127.0.0.1:8081", where)
	}
	return newAdminClient(base, a.user, a.authority)
}

// changing is a verb whose one argument, if it has any, is the field.
func (a *administrator) changing(path string, field ...string) func(context.Context, []string) error {
	return func(ctx context.Context, args []string) error {
		form := url.Values{}
		for i, arg := range args {
			form.Set(field[i], arg)
		}
		return a.change(ctx, path, form)
	}
}

// change asks for one and says what came of it.
func (a *administrator) change(ctx context.Context, path string, form url.Values) error {
	said, err := a.order(ctx, path, form)
	if err != nil || a.json {
		return err
	}
	return a.write(append([]string{said.Message}, said.Details...)...)
}

// order asks for a change. With --json the answer is written, whatever it is.
func (a *administrator) order(ctx context.Context, path string, form url.Values) (said admin.Answer, err error) {
	form.Set("application", a.application)
	text, err := a.client.post(ctx, path, form)
	if a.json && len(text) > 0 {
		if _, writeErr := a.out.stdout.Write(text); writeErr != nil {
			return said, writeErr
		}
	}
	if err != nil {
		return said, err
	}
	return said, json.Unmarshal(text, &said)
}

// write writes lines, none of which can do anything to a terminal.
func (a *administrator) write(lines ...string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(a.out.stdout, printable(line)); err != nil {
			return err
		}
	}
	return nil
}

// maint is /maint-mode or /maint-hold.
func (a *administrator) maint(ctx context.Context, args []string) error {
	switch strings.Join(args, "") {
	case "on", "":
		return a.change(ctx, "/maint-mode", url.Values{"on": {"true"}})
	case "off":
		return a.change(ctx, "/maint-mode", url.Values{"on": {"false"}})
	case "hold":
		return a.change(ctx, "/maint-hold", url.Values{})
	}
	return usageErrorf("admin maint: %q is unknown; want on, off or hold", args[0])
}

// pass writes the link alone, to be opened by something else.
func (a *administrator) pass(ctx context.Context, _ []string) error {
	said, err := a.order(ctx, "/pass", url.Values{})
	if err != nil || a.json {
		return err
	}
	fmt.Fprintln(a.out.stderr, printable(said.Message))
	return a.write(said.Link)
}

// passwd sets the password of an account in a file.
func (a *administrator) passwd(_ context.Context, args []string) error {
	file, account := args[0], args[1]
	password, err := newPassword(account)
	if err != nil {
		return err
	}
	created, err := admin.SetPassword(file, account, password)
	if err != nil {
		return err
	}
	if created {
		return a.write(fmt.Sprintf("%s: account %s is new", file, account))
	}
	return a.write(fmt.Sprintf("%s: account %s has a new password", file, account))
}

// newPassword asks twice at a terminal; otherwise it is the first line of
// standard input.
func newPassword(account string) (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	first, err := askPassword("new password of " + account)
	if err != nil {
		return "", err
	}
	second, err := askPassword("once more")
	if err == nil && first != second {
		err = errors.New("these are two different passwords")
	}
	return first, err
}

// askPassword asks at the terminal, which doesn't show what is typed.
func askPassword(what string) (string, error) {
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return "", usageErrorf("admin: the password is missing; want it in NAJA_ADMIN_PASSWORD")
	}
	fmt.Fprintf(os.Stderr, "%s: ", what)
	text, err := term.ReadPassword(fd)
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(text), nil
}
