package component

import "github.com/najahost/naja/variant"

// Args are the arguments of one call, as the page has them: an object is the
// object, ByRef is a slot, what was left out in the middle is Missing.
type Args []variant.Value

// At is the i-th argument; Missing where there is none.
func (a Args) At(i int) variant.Value {
	if i < len(a) {
		return a[i]
	}
	return variant.Missing
}

// Given says that the i-th argument is there and wasn't left out.
func (a Args) Given(i int) bool { return i < len(a) && !a[i].IsMissing() }

// Text is the i-th argument as COM makes text of it; that of an object is its
// value. Without one it is ParamNotOption.
func (a Args) Text(i int) (string, error) {
	v, err := a.plain(i)
	if err != nil {
		return "", err
	}
	return v.ToString()
}

// Long is the i-th argument as a Long, or what stands for it where it was left
// out.
func (a Args) Long(i int, without int32) (int32, error) {
	if !a.Given(i) {
		return without, nil
	}
	v, err := a.plain(i)
	if err != nil {
		return 0, err
	}
	return v.ToLong()
}

// Bool is the i-th argument as a Boolean, or what stands for it where it was
// left out.
func (a Args) Bool(i int, without bool) (bool, error) {
	if !a.Given(i) {
		return without, nil
	}
	v, err := a.plain(i)
	if err != nil {
		return false, err
	}
	return v.ToBool()
}

func (a Args) plain(i int) (variant.Value, error) {
	if !a.Given(i) {
		return variant.Empty, variant.ParamNotOption
	}
	return Plain(a[i])
}

// Set assigns to the i-th argument where the page gave it ByRef; false where it
// didn't.
func (a Args) Set(i int, v variant.Value) bool {
	if i >= len(a) || a[i].Slot() == nil {
		return false
	}
	*a[i].Slot() = v
	return true
}
