//go:build race

package asp

const raceEnabled = true // sync.Pool forgets at random then: allocations can't be counted
