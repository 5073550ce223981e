package cborvalue_test

import (
	"fmt"
	"io"

	"github.com/najahost/naja/internal/cborvalue"
)

func ExampleEncoder() {
	var e cborvalue.Encoder
	e.BeginObject(2)
	e.Key("sku")
	e.String("AB-1234")
	e.Key("sizes")
	e.BeginSet(1)
	e.Number(42)
	raw, err := e.Finish()
	fmt.Printf("%x %v\n%s\n", raw, err, cborvalue.Diagnostic(raw))
	// Output:
	// a263736b756741422d313233346573697a6573d9010281182a <nil>
	// {"sku":"AB-1234","sizes":{"$set":[42]}}
}

func ExampleDecoder() {
	raw, _ := cborvalue.FromGo(map[string]any{"n": 1, "list": []any{true, nil}})
	d := cborvalue.NewDecoder(raw)
	for {
		tok, err := d.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(tok.Kind, tok.Str, tok.N)
	}
	// Output:
	// object  2
	// key list 0
	// array  2
	// boolean  0
	// null  0
	// key n 0
	// number  0
}

func ExampleDecode() {
	type Cart struct {
		Items []string `json:"items"`
		Total float64  `json:"total"`
	}
	raw, _ := cborvalue.FromGo(map[string]any{"items": []any{"tea", "pot"}, "total": 12.5})
	var c Cart
	err := cborvalue.Decode(raw, &c)
	fmt.Println(c.Items, c.Total, err)
	// Output: [tea pot] 12.5 <nil>
}

func ExampleRecord() {
	user, _ := cborvalue.FromGo("Ada")
	visits, _ := cborvalue.FromGo(3)

	var r cborvalue.Record // a new session
	b, err := r.Apply(cborvalue.Changes{Items: []cborvalue.Change{{Key: "User", Raw: user}, {Key: "visits", Raw: visits}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if r, err = cborvalue.ParseRecord(b); err != nil { // as loaded from a store
		fmt.Println(err)
		return
	}
	raw, ok := r.Get("USER")
	fmt.Println(r.Keys(), cborvalue.Diagnostic(raw), ok)
	// Output: [User visits] "Ada" true
}
