package dialect

// Rewrite makes src, a source text of JScript, acceptable to a parser of
// modern JavaScript. See the package documentation for what it changes. A
// source that needs nothing comes back as it is, and so do parts of a broken
// source that make no sense: reporting them is the parser's business.
//
// The error is nil or an *[Error]. Any goroutine may call Rewrite. It takes
// time and memory linear in the length of src, whatever src contains.
func Rewrite(src string, names Names) (*Result, error) {
	w := walk(src, names)
	if w.err != nil {
		return nil, w.err
	}
	r := newResult(src, w.edits)
	r.Targets, r.Illegal = w.targets, w.illegal
	r.TopLevelAwait = w.awaits.topLevel()
	return r, nil
}
