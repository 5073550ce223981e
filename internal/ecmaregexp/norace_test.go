//go:build !race

package ecmaregexp

const raceEnabled = false
