//go:build unix && !linux

package isolate

import goruntime "runtime"

// apply sets the limits of this process that there are here.
func (l limits) apply() error {
	if l.Processors > 0 {
		goruntime.GOMAXPROCS(l.Processors)
	}
	return nil
}
