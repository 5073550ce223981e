//go:build race

package asphttp

const raceEnabled = true // sync.Pool forgets at random then: allocations can't be counted
