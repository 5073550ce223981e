package dialect_test

import (
	"fmt"
	"strings"

	"github.com/najahost/naja/runtime/internal/dialect"
)

func ExampleRewrite() {
	src := "if (a) Session(\"n\")++\nrs.Fields(k) = v"
	r, err := dialect.Rewrite(src, dialect.Names{Ref: "Ref", RefMember: "RefMember", Value: "value"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Text)
	at := strings.Index(r.Text, "= v")
	fmt.Printf("offset %d was %d\n", at, r.OriginalOffset(at))
	// Output:
	// if (a) Ref(Session,"n").value++
	// RefMember(rs,"Fields",k).value = v
	// offset 63 was 35
}
