package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
)

// checkCommand compiles every page of a folder. It uses the settings that
// serve would use for the folder: they decide code page, language and paths. A
// folder without pages is told of and is no error: a site may be files alone.
func checkCommand(_ context.Context, out *console, args []string) error {
	var opts config.Options
	fs := newFlags(out, "check")
	fs.settings(&opts)
	report := fs.Bool("report", false, "tell of each page what differs from plain JavaScript and what it needs, and totals")
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
	cfg.Applications[0].Components = knownComponents()
	findings, pages, err := engine.CheckReport(cfg.Applications[0].Config)
	if err != nil {
		return cfg.Locate(0, err)
	}
	if len(pages) == 0 {
		fmt.Fprintf(out.stderr, "naja: there is no page in %s: nothing was checked\n", opts.Dir)
	}
	found := newCheckResult(findings)
	if *report {
		found.Report = newSiteReport(pages)
	}
	if *asJSON {
		err = found.writeJSON(out.stdout)
	} else {
		err = found.writeLines(out.stdout)
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
	Report   *siteReport   `json:"report,omitempty"`
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

func (r checkResult) writeLines(w io.Writer) error {
	for _, f := range r.Findings {
		mark := ""
		if f.Severity == "warning" {
			mark = "warning: "
		}
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s%s\n", f.File, f.Line, f.Column, mark, f.Message); err != nil {
			return err
		}
	}
	if r.Report == nil {
		return nil
	}
	r.Report.writePages(w)
	_, err := fmt.Fprintf(w, "total: errors %d, warnings %d, %s\n", r.Errors, r.Warnings, r.Report.Totals)
	return err
}
