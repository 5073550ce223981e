package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/internal/nearest"
	"github.com/najahost/naja/internal/setting"
)

// A flagSet is a command's flags. Unlike the flag package's own, it takes
// flags after arguments too, and reports a mistake in one line.
type flagSet struct {
	*flag.FlagSet
	out *console
}

func newFlags(out *console, name string) *flagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return &flagSet{fs, out}
}

// parse returns the arguments that aren't flags: at least least, at most most.
func (fs *flagSet) parse(args []string, least, most int) ([]string, error) {
	var plain []string
	for {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			fs.help()
			return nil, err
		} else if err != nil {
			return nil, usageErrorf("%s: %s; see 'naja help %s'", fs.Name(), fs.problem(err), fs.Name())
		}
		if args = fs.Args(); len(args) == 0 {
			break
		}
		plain, args = append(plain, args[0]), args[1:]
	}
	switch {
	case len(plain) > most:
		return nil, usageErrorf("%s: %q is one argument too many; see 'naja help %s'", fs.Name(), plain[most], fs.Name())
	case len(plain) < least:
		return nil, usageErrorf("%s: an argument is missing; see 'naja help %s'", fs.Name(), fs.Name())
	}
	return plain, nil
}

// problem spells flags as they are typed here, with two dashes.
func (fs *flagSet) problem(err error) string {
	if name, ok := strings.CutPrefix(err.Error(), "flag needs an argument: -"); ok {
		return "a value is missing after --" + name
	}
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		return err.Error()
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := nearest.Of(name, names); near != "" {
		return "unknown flag --" + name + "; did you mean --" + near + "?"
	}
	return "unknown flag --" + name
}

func (fs *flagSet) help() {
	for _, c := range commands() {
		if c.name == fs.Name() {
			fmt.Fprintf(fs.out.stdout, "usage: naja %s %s\n\n%s\n", c.name, c.args, c.summary)
			if c.more != nil {
				fmt.Fprintf(fs.out.stdout, "\n%s\n", c.more())
			}
		}
	}
	fs.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(fs.out.stdout, "  --%-22s %s\n", strings.TrimSpace(f.Name+" "+value), usage)
	})
}

// noFlags is for a command that takes nothing at all.
func noFlags(out *console, name string, args []string) error {
	_, err := newFlags(out, name).parse(args, 0, 0)
	return err
}

// settings adds the flags that every command reading the configuration has.
func (fs *flagSet) settings(opts *config.Options) {
	fs.StringVar(&opts.File, "config", "", "read settings from this `FILE` (default naja.toml of DIR, or else of the working directory)")
	fs.Func("set", "change a top-level setting: `KEY=VALUE`, repeatable", func(set string) error {
		opts.Sets = append(opts.Sets, set)
		return nil
	})
}

// key adds a flag that stands for a top-level setting.
func (fs *flagSet) key(opts *config.Options, name, key, usage string) {
	if s, _ := setting.Find(key); s.Default != nil {
		usage += fmt.Sprintf(" (default %v)", s.Default)
	}
	fs.Func(name, usage, func(value string) error {
		opts.Flags = append(opts.Flags, config.Flag{Name: "--" + name, Key: key, Value: value})
		return nil
	})
}

// serving adds the flags of serve.
func (fs *flagSet) serving(opts *config.Options) {
	fs.settings(opts)
	key := func(name, key, usage string) { fs.key(opts, name, key, usage) }
	key("addr", "addr", "listen on `HOST:PORT`")
	key("admin-addr", "admin_addr", "the maintenance console listens on `HOST:PORT`")
	fs.BoolFunc("pprof", "Go's profiles on the console", func(value string) error {
		opts.Sets = append(opts.Sets, "admin_pprof="+value)
		return nil
	})
	key("state", "state", "keep sessions and Application in `URL`")
	key("isolation", "isolation", "run applications in `MODE` in-process or process")
	fs.BoolVar(&opts.Dev, "dev", false, "for writing a site: changes show at once, errors in the browser, Ctrl-C doesn't wait")
}
