package shared

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/najahost/naja/internal/cborvalue"
)

// generationKey is where [Generations] are kept, among the keys no page sees.
const generationKey = "generation"

// MaxGenerations is how many texts are remembered; one that comes back after
// so many others counts as new.
const MaxGenerations = 64

// endingMark is what an older naja keeps while a generation is ended whose
// state ends with it.
const endingMark = "ending"

// Generations are the texts of global.asa for which an application has been
// started that outlives its processes, each named by a mark that is never "".
// They are kept with the values, and changed under the lock.
type Generations struct {
	// Texts are in the order in which they were started, each once; the last
	// is in force.
	Texts []string `json:"texts"`
	// Owed are those of them whose Application_OnEnd is still to run.
	Owed []string `json:"owed,omitempty"`
	// Next waits for the last one's Application_OnEnd, which it can't run
	// itself; "" for none.
	Next string `json:"next,omitempty"`
	// Ending says that the last one is being ended together with all values.
	Ending bool `json:"ending,omitempty"`
}

// Last is the text in force; "" where there was none yet.
func (g *Generations) Last() string {
	if len(g.Texts) == 0 {
		return ""
	}
	return g.Texts[len(g.Texts)-1]
}

// Has says that a text was started, and whether another one has replaced it.
func (g *Generations) Has(mark string) (has, replaced bool) {
	has = slices.Contains(g.Texts, mark)
	return has, has && g.Last() != mark
}

// Owes says that the Application_OnEnd of a text is still to run.
func (g *Generations) Owes(mark string) bool { return slices.Contains(g.Owed, mark) }

// Wanted says that the Application_OnEnd of a text is to be run now: by
// whoever has it, since another text is in force or waits to be.
func (g *Generations) Wanted(mark string) bool {
	return g.Owes(mark) && (g.Last() != mark || g.Next != "" && g.Next != mark)
}

// Start makes a text the one in force; owes says that it has an
// Application_OnEnd.
func (g *Generations) Start(mark string, owes bool) {
	g.Texts = append(without(g.Texts, mark), mark)
	g.Owed = without(g.Owed, mark)
	if owes {
		g.Owed = append(g.Owed, mark)
	}
	if g.Next == mark {
		g.Next = ""
	}
	if n := len(g.Texts) - MaxGenerations; n > 0 {
		g.Texts = slices.Delete(g.Texts, 0, n)
		g.Owed = slices.DeleteFunc(g.Owed, func(m string) bool { return !slices.Contains(g.Texts, m) })
	}
}

// End notes that the Application_OnEnd of a text has run.
func (g *Generations) End(mark string) { g.Owed = without(g.Owed, mark) }

func without(marks []string, mark string) []string {
	return slices.DeleteFunc(slices.Clone(marks), func(m string) bool { return m == mark })
}

// Generations are what the view sees of them. The error says that they were
// written by something else than this version of naja, which leaves them alone.
func (v *View) Generations() (Generations, error) {
	var g Generations
	raw, ok := v.GetReserved(generationKey)
	if !ok {
		return g, nil
	}
	read, err := cborvalue.ToGo(raw)
	text, isText := read.(string)
	switch {
	case err == nil && !isText:
		err = fmt.Errorf("it is a %T", read)
	case err != nil:
	case strings.HasPrefix(text, "{"):
		err = json.Unmarshal([]byte(text), &g)
	case text == endingMark:
		g.Ending = true
	case text != "": // the mark of one text, as it was kept first
		g.Texts, g.Owed = []string{text}, []string{text}
	}
	if err != nil {
		return g, fmt.Errorf("appstate: which global.asa the application was started for can't be read: %w", err)
	}
	return g, nil
}

// SetGenerations keeps them, as [View.Set] does a value.
func (v *View) SetGenerations(ctx context.Context, g Generations) error {
	text, err := json.Marshal(g)
	if err != nil {
		return err
	}
	raw, err := cborvalue.FromGo(string(text))
	if err != nil {
		return err
	}
	return v.SetReserved(ctx, generationKey, raw)
}
