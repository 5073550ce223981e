package shared_test

import (
	"context"
	"fmt"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store/memory"
)

func Example() {
	ctx := context.Background()
	state, err := shared.New(ctx, shared.Config{Store: memory.NewApplication()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer state.Close()

	// A request that reads, thinks and writes holds the lock.
	page := func() (err error) {
		v := state.Begin(shared.Owner{Page: "/order.asp", URL: "/order.asp?n=1"})
		defer func() { v.End(err == nil) }()
		if err = v.Lock(ctx); err != nil {
			return err
		}
		raw, err := cborvalue.FromGo("first order")
		if err != nil {
			return err
		}
		if err = v.Set(ctx, "Last", raw); err != nil {
			return err
		}
		_, err = v.Increment(ctx, "Orders", 1)
		return err
	}
	fmt.Println(page())

	v := state.Begin(shared.Owner{Page: "/show.asp"})
	defer v.End(true)
	last, _ := v.Get("LAST")
	orders, _ := v.Get("orders")
	fmt.Println(v.Keys(), cborvalue.Diagnostic(last), cborvalue.Diagnostic(orders), state.Version())
	// Output:
	// <nil>
	// [Last Orders] "first order" 1 1
}

// A counter needs no lock.
func ExampleView_Increment() {
	ctx := context.Background()
	state, err := shared.New(ctx, shared.Config{Store: memory.NewApplication()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer state.Close()
	v := state.Begin(shared.Owner{Page: "/count.asp"})
	defer v.End(true)
	v.Increment(ctx, "Hits", 1)
	n, err := v.Increment(ctx, "hits", 1)
	fmt.Println(n, err)
	// Output: 2 <nil>
}
