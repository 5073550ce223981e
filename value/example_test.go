package value_test

import (
	"fmt"

	"github.com/najahost/naja/value"
)

// What a store of a program's own keeps for a page, and how it reads it again.
func Example() {
	raw, err := value.FromGo(map[string]any{"name": "Ada", "visits": 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	var user struct {
		Name   string `json:"name"`
		Visits int    `json:"visits"`
	}
	fmt.Println(value.Decode(raw, &user), user, value.Diagnostic(raw))
	// Output: <nil> {Ada 3} {"name":"Ada","visits":3}
}
