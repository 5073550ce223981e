package main

import (
	"context"
	"fmt"
	goruntime "runtime"
	"runtime/debug"
)

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
