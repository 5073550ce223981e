package host

import (
	"encoding/json"
	"time"

	"github.com/najahost/naja/engine"
)

// A Status is an application at one moment. Its names in JSON are stable.
type Status struct {
	Path string `json:"path"`
	// State is "stopped", "starting", "running", "held: refuse", "held: park",
	// or what an operation does: "unloading", "moving", "updating"; "shut down"
	// at the end.
	State      string        `json:"state"`
	Loaded     bool          `json:"loaded"` // there is a Runner
	Since      time.Time     `json:"since"`  // it was loaded; null in JSON while it isn't
	Isolation  string        `json:"isolation"`
	Isolations []string      `json:"isolations"` // that there are for it; null where nobody knows
	Maint      bool          `json:"maint"`      // one apartment only, by Maint
	Hold       *HoldStatus   `json:"hold"`       // nil while requests come in
	Waiting    int           `json:"waiting"`    // at the door, because of a hold or a start
	Refused    int64         `json:"refused"`    // at the door, ever
	Problem    string        `json:"problem"`    // why it couldn't be started, "" when it could
	Updates    bool          `json:"updates"`    // there is something that updates come from
	Update     *UpdateResult `json:"update"`     // the last one; nil for none
	Engine     engine.Status `json:"engine"`     // zero while it isn't loaded
	Worker     any           `json:"worker"`     // what a Runner in other processes tells of them
}

// MarshalJSON has null for a time that there isn't.
func (s Status) MarshalJSON() ([]byte, error) {
	type plain Status
	said := struct {
		plain
		Since *time.Time `json:"since"`
	}{plain: plain(s)}
	if !s.Since.IsZero() {
		said.Since = &s.Since
	}
	return json.Marshal(said)
}

// A HoldStatus is a hold that is in force.
type HoldStatus struct {
	Mode       string    `json:"mode"` // Refuse or Park
	Single     bool      `json:"single"`
	Why        string    `json:"why"` // "operator", or the operation
	Since      time.Time `json:"since"`
	WaitingMax int       `json:"waiting_max"`
}

// Status takes a snapshot.
func (a *Application) Status() Status {
	s := Status{Path: a.cfg.Path, Isolations: a.cfg.Isolations, Updates: a.updates()}
	a.mu.Lock()
	s.Isolation, s.Maint, s.Update = a.isolation, a.maint, a.update
	operation := a.operation
	a.mu.Unlock()
	t := a.door.status(&s, operation)
	if t == nil {
		return s
	}
	s.Loaded, s.Since, s.Isolation = true, t.since, t.isolation
	s.Engine = t.runner.Status()
	if w, ok := t.runner.(Worker); ok {
		s.Worker = w.WorkerStatus()
	}
	return s
}

// status fills in what the door knows.
func (d *door) status(s *Status, operation string) *tenancy {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Waiting, s.Refused = d.waiting.Len(), d.refused
	if d.failed != nil {
		s.Problem = d.failed.Error()
	}
	h := d.operator
	if h == nil {
		h = d.own
	}
	if h != nil {
		s.Hold = &HoldStatus{Mode: h.mode, Single: h.single, Why: h.why, Since: h.since, WaitingMax: d.max}
	}
	switch {
	case d.shut:
		s.State = "shut down"
	case d.own != nil:
		s.State = d.own.why
	case d.operator != nil:
		s.State = "held: " + d.operator.mode
	case d.tenant != nil && operation != "starting":
		s.State = "running"
	case d.starting, operation == "starting":
		s.State = "starting"
	default:
		s.State = "stopped"
	}
	return d.tenant
}
