// Package report tells what a run of the benchmark found: as tables of text,
// as one HTML page with plots that needs nothing but itself, and as what
// changed between two runs.
package report
