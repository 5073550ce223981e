//go:build race

package engine

// raceDetector: with it everything takes longer.
const raceDetector = true
