//go:build !race

package asphttp

const raceEnabled = false
