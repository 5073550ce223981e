package asptest

// Trap is a line of the log at which the handlers of tests panic, so that a
// page can make a Go panic beneath itself which no component raised:
// console.log("the log panics").
const Trap = "the log panics"

// Spring panics if a line of the log is the Trap.
func Spring(message string) {
	if message == Trap {
		panic("in the log")
	}
}
