package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// The test binary is the command itself when a script calls it by its name.
func TestMain(m *testing.M) {
	testscript.Main(leakCheck{m}, map[string]func(){"naja": main})
}

// leakCheck fails a run that leaves goroutines behind.
type leakCheck struct{ *testing.M }

func (m leakCheck) Run() int {
	code := m.M.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}
