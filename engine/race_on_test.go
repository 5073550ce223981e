//go:build race

package engine

// raceDetector: its shadow memory needs more address space than a limit leaves.
const raceDetector = true
