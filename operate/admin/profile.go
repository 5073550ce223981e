package admin

import (
	"context"
	"fmt"
	"net/http"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/internal/answer"
)

// profilePath is where Go's profiles are, when they are asked for. They are
// made here and not by net/http/pprof, which on import would put them into
// every program's http.DefaultServeMux too.
const profilePath = "/debug/pprof/"

// profileMax bounds a profile that takes time.
const profileMax = 5 * time.Minute

// profiles answers for them all, as 'go tool pprof' asks.
func profiles(c *Console, w http.ResponseWriter, r *http.Request, account string) {
	switch name := strings.TrimPrefix(r.URL.Path, profilePath); name {
	case "":
		profileList(w, r)
	case "profile":
		c.profileFor(w, r, 30*time.Second, func() error { return pprof.StartCPUProfile(w) }, pprof.StopCPUProfile)
	case "trace":
		c.profileFor(w, r, time.Second, func() error { return trace.Start(w) }, trace.Stop)
	default:
		p := pprof.Lookup(name)
		if p == nil {
			c.refuse(w, r, &denial{status: http.StatusNotFound, message: "there is no profile " + clip(name), account: account})
			return
		}
		debug, _ := strconv.Atoi(r.FormValue("debug")) // 0 is the form for programs
		w.Header().Set("Content-Type", "application/octet-stream")
		if debug > 0 {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		}
		_ = p.WriteTo(w, debug) // a client that left doesn't want it
	}
}

// profileFor watches for as long as seconds= says.
func (c *Console) profileFor(w http.ResponseWriter, r *http.Request, usual time.Duration, start func() error, stop func()) {
	if text := r.FormValue("seconds"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n <= 0 || n > profileMax.Seconds() {
			c.fail(w, r, "", &problem{http.StatusBadRequest, fmt.Sprintf("seconds is %q; want up to %v", clip(text), profileMax.Seconds())})
			return
		}
		usual = time.Duration(n * float64(time.Second))
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := start(); err != nil {
		c.fail(w, r, "", err) // another one runs
		return
	}
	defer stop()
	ctx, cancel := context.WithTimeout(r.Context(), usual)
	defer cancel()
	<-ctx.Done()
}

// profileList names the profiles.
func profileList(w http.ResponseWriter, r *http.Request) {
	names := []string{"profile?seconds=30", "trace?seconds=1"}
	for _, p := range pprof.Profiles() {
		names = append(names, p.Name())
	}
	answer.Body(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte(strings.Join(names, "\n")+"\n"))
}
