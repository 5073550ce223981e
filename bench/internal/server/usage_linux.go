package server

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// cpuTimeOf is the processor time that another process has used, in the steps
// of 10 ms in which the system tells it.
func cpuTimeOf(pid int) (used time.Duration, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	_, behind, _ := strings.Cut(string(text), ") ") // behind the program's name
	fields := strings.Fields(behind)
	if len(fields) < 13 {
		return 0, false
	}
	for _, field := range fields[11:13] { // user, system
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, false
		}
		used += time.Duration(ticks) * 10 * time.Millisecond
	}
	return used, true
}
