package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// A console is where a command writes: results to stdout, everything else to
// stderr.
type console struct {
	stdout, stderr io.Writer
}

type command struct {
	name    string
	args    string // as the usage line shows them
	summary string
	run     func(ctx context.Context, out *console, args []string) error
	more    func() string // lines for its help, before the flags; may be nil
}

func commands() []command {
	return []command{
		{"serve", "[flags] [DIR]", "serve the site in DIR, or those of naja.toml", serveCommand, nil},
		{"new", "DIR", "make a small site to start from", newCommand, nil},
		{"check", "[flags] DIR", "compile every page of DIR and list the mistakes", checkCommand, nil},
		{"run", "[flags] PAGE", "run one page and write its answer", runCommand, nil},
		{"config", "[flags] [DIR]", "write the settings in force as TOML", configCommand, nil},
		{"state", "[flags] VERB", "look after a durable store", stateCommand, stateHelp},
		{"admin", "[flags] VERB", "look after a running server by its console", adminCommand, adminHelp},
		{"version", "", "write the version", versionCommand, nil},
		{"help", "[COMMAND]", "describe a command", helpCommand, nil},
	}
}

func commandNames() string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

func helpCommand(ctx context.Context, out *console, args []string) error {
	if len(args) == 0 {
		writeHelp(out.stdout)
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] && c.name != "help" {
			return c.run(ctx, out, []string{"--help"})
		}
	}
	writeHelp(out.stdout)
	return nil
}

func writeHelp(w io.Writer) {
	fmt.Fprint(w, "naja serves Classic-ASP-style pages with embedded JavaScript.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  naja %-24s %s\n", c.name+" "+c.args, c.summary)
	}
	fmt.Fprint(w, "\n'naja help COMMAND' lists a command's flags.\n")
}
