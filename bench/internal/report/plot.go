package report

import (
	"fmt"
	"html/template"

	"github.com/go-analyze/charts"
)

// A plot is bars in groups, and what they show.
type plot struct {
	Title   string
	Caption string // what is to be seen in it
	groups  []string
	series  []series
	unit    string // of the values, written after each
}

type series struct {
	name   string
	values []float64 // one for each group
}

const (
	plotWidth  = 860
	plotHeight = 380
)

// SVG draws the plot for the page in light or in dark.
func (p plot) SVG(dark bool) (template.HTML, error) {
	option := charts.NewBarChartOptionWithData(nil)
	option.Theme = theme(dark)
	names := make([]string, 0, len(p.series))
	for _, s := range p.series {
		bars := charts.BarSeries{Name: s.name, Values: s.values, Label: charts.SeriesLabel{
			Show:           charts.Ptr(true),
			ValueFormatter: digits,
			FontStyle:      charts.FontStyle{FontSize: 11},
		}}
		option.SeriesList = append(option.SeriesList, bars)
		names = append(names, s.name)
	}
	option.Legend = charts.LegendOption{SeriesNames: names, Show: charts.Ptr(len(names) > 1), FontStyle: charts.FontStyle{FontSize: 13}}
	option.CategoryAxis = charts.CategoryAxisOption{Labels: p.groups, LabelFontStyle: charts.FontStyle{FontSize: 13}}
	option.ValueAxis = []charts.ValueAxisOption{{
		Min: charts.Ptr(0.0), Title: p.unit,
		LabelFontStyle: charts.FontStyle{FontSize: 12}, TitleFontStyle: charts.FontStyle{FontSize: 12},
		ValueFormatter: func(v float64) string { return charts.FormatValueHumanize(v, 2, false) },
	}}
	painter := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputSVG, Width: plotWidth, Height: plotHeight, Theme: option.Theme,
	})
	if err := painter.BarChart(option); err != nil {
		return "", fmt.Errorf("draw %q: %w", p.Title, err)
	}
	svg, err := painter.Bytes()
	if err != nil {
		return "", fmt.Errorf("draw %q: %w", p.Title, err)
	}
	return template.HTML(svg), nil // of the library, and of words of ours
}

// theme is colours that are told apart by those who don't see all of them,
// too (Okabe and Ito's).
func theme(dark bool) charts.ColorPalette {
	name, paper := charts.ThemeLight, charts.ColorFromHex("#ffffff")
	if dark {
		name, paper = charts.ThemeDark, charts.ColorFromHex("#17191c")
	}
	colours := []string{"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"}
	palette := make([]charts.Color, len(colours))
	for i, c := range colours {
		palette[i] = charts.ColorFromHex(c)
	}
	return charts.GetTheme(name).WithSeriesColors(palette).WithBackgroundColor(paper)
}
