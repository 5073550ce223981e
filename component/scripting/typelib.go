package scripting

import (
	"crypto/rand"
	"fmt"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// A typeLib is Scriptlet.TypeLib, of which pages use the GUID.
type typeLib struct{ guid string }

func newTypeLib() *typeLib {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return &typeLib{fmt.Sprintf("{%X-%X-%X-%X-%X}", b[:4], b[4:6], b[6:8], b[8:10], b[10:])}
}

// Class is the table of its members.
func (t *typeLib) Class() *component.Class { return typeLibClass }

var typeLibClass = component.Make(component.Class{
	Name: "Scriptlet.TypeLib",
	Members: []component.Member{
		component.ReadOnly("Guid", "text", func(t *typeLib) variant.Value { return variant.String(t.guid) }),
	},
})
