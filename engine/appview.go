package engine

import (
	"context"
	"errors"
	"strconv"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
)

// An applicationView is the Application of one request: its errors in ASP's
// words, its components with their threading model.
type applicationView struct{ *shared.View }

var _ runtime.Application = (*applicationView)(nil)

// applicationError makes an error that a page may catch.
func applicationError(err error) error {
	if err == nil {
		return nil
	}
	var e *asp.Error
	if errors.As(err, &e) {
		return err
	}
	return asp.Errorf(asp.CodeNotAllowed, "%w", err)
}

// Set keeps a value.
func (v *applicationView) Set(ctx context.Context, key string, raw []byte) error {
	return applicationError(v.View.Set(ctx, key, raw))
}

// Remove forgets a value.
func (v *applicationView) Remove(ctx context.Context, key string) error {
	return applicationError(v.View.Remove(ctx, key))
}

// RemoveAll forgets all values.
func (v *applicationView) RemoveAll(ctx context.Context) error {
	return applicationError(v.View.RemoveAll(ctx))
}

// Lock is Application.Lock.
func (v *applicationView) Lock(ctx context.Context) error { return applicationError(v.View.Lock(ctx)) }

// Unlock is Application.Unlock.
func (v *applicationView) Unlock(ctx context.Context) error {
	return applicationError(v.View.Unlock(ctx))
}

// Increment adds to a number.
func (v *applicationView) Increment(ctx context.Context, key string, n float64) (float64, error) {
	sum, err := v.View.Increment(ctx, key, n)
	return sum, applicationError(err)
}

// CompareAndSet replaces a value that is still the expected one.
func (v *applicationView) CompareAndSet(ctx context.Context, key string, old, new []byte) (bool, error) {
	ok, err := v.View.CompareAndSet(ctx, key, old, new)
	return ok, applicationError(err)
}

// Object gives a component kept in Application.
func (v *applicationView) Object(key string) (*runtime.Object, bool) {
	obj, ok := v.View.Object(key)
	if !ok {
		return nil, false
	}
	o, ok := obj.(*runtime.Object)
	return o, ok
}

// SetObject keeps an agile component, which every apartment may call. Any
// other is refused, as in ASP.
func (v *applicationView) SetObject(ctx context.Context, key string, o *runtime.Object) error {
	if o.Threading != runtime.Agile {
		return asp.New(197, "Application("+strconv.Quote(key)+"): "+o.ProgID+" is "+o.Threading.String()+": only an agile component can be shared by all pages")
	}
	return applicationError(v.View.SetObject(ctx, key, o))
}
