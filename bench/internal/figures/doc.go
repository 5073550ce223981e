// Package figures is what a run of the benchmark found: the cases, what naja
// and the plain handler did in each, and their ratios; and how two runs
// compare. A run is kept as JSON.
package figures
