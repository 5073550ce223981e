package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
)

// checkCommand compiles every page of a folder. It uses the settings that
// serve would use for the folder: they decide code page, language and paths.
func checkCommand(_ context.Context, out *console, args []string) error {
	var opts config.Options
	fs := newFlags(out, "check")
	fs.settings(&opts)
	report := fs.Bool("report", false, "end with a table of the pages and a total")
	asJSON := fs.Bool("json", false, "write one JSON object instead of lines")
	dir, err := fs.parse(args, 1, 1)
	if err != nil {
		return err
	}
	opts.Dir = dir[0]
	if _, err := os.ReadDir(opts.Dir); err != nil {
		return usageErrorf("check: %v", err)
	}
	cfg, err := config.Load(opts)
	if err != nil {
		return err
	}
	findings, err := engine.Check(cfg.Applications[0])
	if err != nil {
		return cfg.Locate(0, err)
	}
	found := newCheckResult(findings)
	if *asJSON {
		err = found.writeJSON(out.stdout)
	} else {
		err = found.writeLines(out.stdout, *report)
	}
	if err == nil && found.Errors > 0 {
		return errReported
	}
	return err
}

// A checkResult is what check found, in the order in which it is told. Its
// fields are those of --json.
type checkResult struct {
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Findings []jsonFinding `json:"findings"`
}

type jsonFinding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"` // "error" or "warning"
	Message  string `json:"message"`
}

func newCheckResult(findings []engine.Finding) checkResult {
	result := checkResult{Findings: []jsonFinding{}}
	for _, f := range findings {
		severity := "error"
		if f.Warning {
			severity = "warning"
			result.Warnings++
		} else {
			result.Errors++
		}
		result.Findings = append(result.Findings, jsonFinding{f.File, f.Line, f.Column, severity, oneLine(f.Message)})
	}
	slices.SortFunc(result.Findings, func(a, b jsonFinding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	// An include's mistake is found by each page that includes it.
	result.Findings = slices.Compact(result.Findings)
	return result
}

func (r checkResult) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func (r checkResult) writeLines(w io.Writer, report bool) error {
	for _, f := range r.Findings {
		mark := ""
		if f.Severity == "warning" {
			mark = "warning: "
		}
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s%s\n", f.File, f.Line, f.Column, mark, f.Message); err != nil {
			return err
		}
	}
	if report {
		return r.writeReport(w)
	}
	return nil
}

// writeReport writes how much was found in each file.
func (r checkResult) writeReport(w io.Writer) error {
	type count struct{ errors, warnings int }
	files := map[string]count{}
	for _, f := range r.Findings {
		c := files[f.File]
		if f.Severity == "warning" {
			c.warnings++
		} else {
			c.errors++
		}
		files[f.File] = c
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, err := fmt.Fprintf(w, "%s: errors %d, warnings %d\n", name, files[name].errors, files[name].warnings); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "total: files %d, errors %d, warnings %d\n", len(files), r.Errors, r.Warnings)
	return err
}
