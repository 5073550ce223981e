package runtime

import (
	"math"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// LimitRegExp bounds how long a regular expression that needs backtracking may
// try to match, in all engines of the process: the library that does it has
// one setting for all, and it is the one thing here that is global. It should
// be no less than the longest script timeout, since a match that is given up
// counts as none: by then the script has been stopped and can't act on it.
// Call it before pages run; it only ever raises the bound.
func LimitRegExp(d time.Duration) {
	if regexp2.DefaultMatchTimeout == math.MaxInt64 || regexp2.DefaultMatchTimeout < d {
		regexp2.DefaultMatchTimeout = d // MaxInt64 is the library's "for ever"
	}
}
