package config

import (
	"testing"

	"github.com/najahost/naja/engine"
)

// Memory of workers is counted in bytes, of which there are more than two billion.
func TestWorkersMayHaveMuchMemory(t *testing.T) {
	inFolder(t, "isolation = 'process'\nworker_memory_limit = 8589934592\nrecycle_memory = 4294967296\nping_interval = '0s'\nworker_nice = 19")
	w := mustLoad(t, Options{}).Applications[0].Worker
	if w.MemoryLimit != 8<<30 || w.RecycleMemory != 4<<30 || w.PingInterval != engine.None || w.Nice != 19 {
		t.Errorf("%+v", w)
	}
	for line, want := range map[string]string{
		"worker_nice = 20":          "naja.toml:2: worker_nice: 20 is more than the 19 that it may be; want a whole number from 0 to 19",
		"worker_memory_limit = 100": "naja.toml:2: worker_memory_limit: 100 is too small; the least is 33554432; want a whole number of bytes, ...",
		"worker_files = 10":         "naja.toml:2: worker_files: 10 is too small; the least is 64; want ...",
		"suspect_deaths = 0":        "naja.toml:2: suspect_deaths: can't be 0; want a whole number, such as 2",
	} {
		inFolder(t, "isolation = 'process'\n"+line)
		_, err := Load(Options{})
		requireError(t, err, want)
	}
}
