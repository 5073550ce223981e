package bridge

// Fill gives a field of a Config its default where it is zero.
func Fill[T comparable](field *T, def T) {
	var zero T
	if *field == zero {
		*field = def
	}
}
