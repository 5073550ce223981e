package isolate

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"github.com/najahost/naja/engine"
)

// protocol is the version of what the two processes say to each other: a
// worker of another one says so and ends.
const protocol = 1

// A handover is the first that a worker hears: all that it has to know. It
// comes over the control channel, so that neither the command line nor the
// environment, which others can see, has any of it.
type handover struct {
	Protocol int             `json:"protocol"`
	Number   int64           `json:"number"` // of the worker, in its application
	Engine   json.RawMessage `json:"engine"`
	State    string          `json:"state"`
	Socket   string          `json:"socket"` // where the parent keeps the state; "" when it doesn't
	Spare    bool            `json:"spare"`
	Suspects []string        `json:"suspects"` // pages that it doesn't run unless it is the spare one
	Level    slog.Level      `json:"level"`    // the least that the parent's log takes
	Sampled  bool            `json:"sampled"`  // the parent has an Observer
	Limits   limits          `json:"limits"`
}

// limits are what a worker sees to itself.
type limits struct {
	Memory     int64 `json:"memory"`
	Files      int   `json:"files"`
	Processors int   `json:"processors"`
}

// A readiness is the worker's answer: it serves, or why it can't.
type readiness struct {
	Protocol int           `json:"protocol"`
	Version  string        `json:"version"` // of the program
	Took     time.Duration `json:"took"`
	Error    *failure      `json:"error,omitempty"`
}

// portable refuses what can't cross to another process.
func portable(cfg engine.Config) error {
	if len(cfg.Components) > 0 {
		return bad("isolation", "the program's own components are Go code of this process; pages in a process of their own can't have them")
	}
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || isData(field.Type) || staysHere(field.Name) || v.Field(i).IsZero() {
			continue
		}
		return bad("isolation", "engine.Config.%s can't be handed to a process of its own", field.Name)
	}
	return nil
}

// staysHere names what the supervisor itself sees to.
func staysHere(field string) bool {
	switch field {
	case "Logger", "Observer", "Secure":
		return true
	}
	return false
}

func isData(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int64:
		return true
	case reflect.Slice:
		return isData(t.Elem())
	}
	return false
}

// encodeConfig is the data of cfg.
func encodeConfig(cfg engine.Config) (json.RawMessage, error) {
	data := map[string]any{}
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && isData(field.Type) {
			data[field.Name] = v.Field(i).Interface()
		}
	}
	return json.Marshal(data)
}

// decodeConfig is the opposite of encodeConfig. A name that this version
// doesn't know is an error: the setting would not be in force.
func decodeConfig(raw json.RawMessage) (cfg engine.Config, err error) {
	var data map[string]json.RawMessage
	if err := json.Unmarshal(raw, &data); err != nil {
		return cfg, fmt.Errorf("reading the settings: %w", err)
	}
	v := reflect.ValueOf(&cfg).Elem()
	for name, raw := range data {
		field := v.FieldByName(name)
		if !field.IsValid() || !isData(field.Type()) {
			return cfg, fmt.Errorf("reading the settings: this version has no %s", name)
		}
		if err := json.Unmarshal(raw, field.Addr().Interface()); err != nil {
			return cfg, fmt.Errorf("reading the setting %s: %w", name, err)
		}
	}
	return cfg, nil
}

// addressSlack is how much more address space than memory a worker may have:
// Go reserves much that it never uses. It only stops a runaway allocation
// between two looks of the parent's.
const addressSlack = 2 << 30
