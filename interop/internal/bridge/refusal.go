package bridge

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"

	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// Unanswered says that a store's error is that it didn't answer in time. It may
// have done what it was asked, and asking it more takes as long again.
func Unanswered(err error) bool {
	var slow net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout()
}

// Tell makes of err, with which a store failed to keep a session, one that
// wraps [session.ErrRefused] if the store goes on without the changes: then it
// can be reached, and it is they that it won't take, today and tomorrow. Stores
// have as many words for that as there are stores, so they are asked and not
// read. probe has the store keep the session as it was; again is what failed,
// in case that was a hiccup. key is the changed key with the largest value, of
// size bytes.
func Tell[T any](err error, key string, size int, probe func() error, again func() (T, error)) (T, error) {
	var none T
	if key == "" || Unanswered(err) || errors.Is(err, store.ErrLost) ||
		errors.Is(err, store.ErrFull) || errors.Is(err, session.ErrRefused) {
		return none, err
	}
	if probe() != nil {
		return none, err
	}
	got, second := again()
	if second == nil || errors.Is(second, store.ErrLost) {
		return got, second
	}
	return none, fmt.Errorf("%w: the largest of what changed is %q with %d bytes: %w", session.ErrRefused, key, size, err)
}

// Heaviest is the key of now with the largest value that isn't in before as it
// is; "" where there is none.
func Heaviest(before, now map[string]any) (key string, size int) {
	for k, v := range now {
		old, known := before[k]
		if known && reflect.DeepEqual(old, v) {
			continue
		}
		if raw, _ := FromGo(v); len(raw) > size || len(raw) == size && k < key || key == "" {
			key, size = k, len(raw)
		}
	}
	return key, size
}

// heaviest is the changed key with the largest value; "" where nothing was put.
func heaviest(changes []Change) (key string, size int) {
	for _, ch := range changes {
		if !ch.Remove && len(ch.raw) >= size {
			key, size = ch.Key, len(ch.raw)
		}
	}
	return key, size
}
