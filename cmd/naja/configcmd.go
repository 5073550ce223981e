package main

import (
	"context"
	"io"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// configCommand takes the flags of serve, so that it can be put in its place
// to see what would be in force.
func configCommand(_ context.Context, out *console, args []string) error {
	var opts config.Options
	fs := newFlags(out, "config")
	fs.serving(&opts)
	origins := fs.Bool("origins", false, "say where each value comes from")
	explain := fs.String("explain", "", "say what the setting `KEY` means, instead of all values")
	dir, err := fs.parse(args, 0, 1)
	if err != nil {
		return err
	}
	if *explain != "" {
		text, err := config.Explain(*explain)
		if err != nil {
			return err
		}
		_, err = io.WriteString(out.stdout, text)
		return err
	}
	if len(dir) > 0 {
		opts.Dir, opts.All = dir[0], true
	}
	cfg, err := config.Load(opts)
	if err != nil {
		return err
	}
	return cfg.WriteTOML(out.stdout, *origins)
}
