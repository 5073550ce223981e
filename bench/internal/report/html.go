package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/najahost/naja/bench/internal/figures"
)

//go:embed report.html
var layout string

// HTML writes a run as one page that needs nothing else: no script, no style
// sheet, no font and no picture from anywhere.
func HTML(w io.Writer, run *figures.Run) error {
	page, err := template.New("report").Parse(layout)
	if err != nil {
		return fmt.Errorf("parse the report's layout: %w", err)
	}
	view := struct {
		About  string
		Plots  []drawn
		Tables []table
	}{About: about(run), Tables: tables(run)}
	for _, p := range plots(run) {
		d := drawn{Title: p.Title, Caption: p.Caption}
		if d.Light, err = p.SVG(false); err != nil {
			return err
		}
		if d.Dark, err = p.SVG(true); err != nil {
			return err
		}
		view.Plots = append(view.Plots, d)
	}
	return page.Execute(w, view)
}

// drawn is a plot as the page shows it, in the colours that the reader likes.
type drawn struct {
	Title, Caption string
	Light, Dark    template.HTML
}
