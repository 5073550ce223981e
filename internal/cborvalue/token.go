package cborvalue

import "math/big"

// A Token is one step of a [Decoder]. Which fields count, its Kind says.
type Token struct {
	Kind  Kind
	Typed TypedKind // of a KindTypedArray
	Bool  bool      // of a KindBool
	N     int       // parts of a container: items, or pairs
	Num   float64   // of a KindNumber; a KindDate's milliseconds
	Str   string    // text; see Kind
	Big   *big.Int  // of a KindBigInt; the caller's own
	Bytes []byte    // part of the decoder's input: not to be modified
	more  [2]string // a RegExp's flags; an Error's name and stack
}

// Flags are the flags of a KindRegExp.
func (t *Token) Flags() string { return t.more[0] }

// Name is the name property of a KindError.
func (t *Token) Name() string { return t.more[0] }

// Stack is the stack property of a KindError.
func (t *Token) Stack() string { return t.more[1] }
