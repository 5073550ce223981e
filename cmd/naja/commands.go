package main

import (
	"context"
	"fmt"
	"io"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"strings"

	"github.com/najahost/naja/internal/nearest"
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

func commandNames() (names []string) {
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// commandNamed is the command of a name, or what stands for it; nil if there is
// none.
func commandNamed(name string) *command {
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-v", "-version", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return &c
		}
	}
	return nil
}

// unknownCommand says what may have been meant.
func unknownCommand(name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return usageErrorf("unknown command %q, which is a folder; did you mean naja serve %s?", name, name)
	}
	return usageErrorf("unknown command %q; %s", name, oneOf(name, commandNames()))
}

// oneOf says which names there are, and the one that a slip is nearest to.
func oneOf(slip string, names []string) string {
	return "want one of " + strings.Join(names, ", ") + didYouMean(slip, names)
}

// didYouMean is the end of a sentence: the name that a slip is nearest to.
func didYouMean(slip string, names []string) string {
	if near := nearest.Of(slip, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

func helpCommand(ctx context.Context, out *console, args []string) error {
	args, err := newFlags(out, "help").parse(args, 0, 1)
	if err != nil {
		return err
	}
	if len(args) == 0 || args[0] == "help" {
		return writeHelp(out.stdout)
	}
	if c := commandNamed(args[0]); c != nil {
		return c.run(ctx, out, []string{"--help"})
	}
	return unknownCommand(args[0])
}

func writeHelp(w io.Writer) error {
	var text strings.Builder
	text.WriteString("naja serves Classic-ASP-style pages with embedded JavaScript.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&text, "  naja %-24s %s\n", c.name+" "+c.args, c.summary)
	}
	text.WriteString("\nTo begin: naja new site, then naja serve --dev site.\n" +
		"'naja help COMMAND' lists a command's flags.\n")
	_, err := io.WriteString(w, text.String())
	return err
}

func versionCommand(_ context.Context, out *console, args []string) error {
	if err := noFlags(out, "version", args); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out.stdout, "naja %s %s %s/%s\n", version(), goruntime.Version(), goruntime.GOOS, goruntime.GOARCH)
	return err
}

// version is the module's version as the build recorded it, with the revision
// where it was built from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	text, dirty := info.Main.Version, ""
	revision := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	if text == "" {
		text = "(devel)"
	}
	return text + revision + dirty
}
