// Package dialect lets a parser of modern JavaScript read scripts that were
// written for JScript.
//
// # Assignment to a call
//
// In JScript a call may stand where a value is assigned to: Session("n") = 1,
// rs.Fields("f") += x, Application("hits")++. JavaScript has no such thing.
// [Rewrite] makes it a call of a host function that returns a reference, an
// object with one accessor property, and lets that property be assigned to:
//
//	Session("n") = 1           Ref(Session,"n").v = 1
//	rs.Fields("f") += x        RefMember(rs,"Fields","f").v += x
//	a[i](k)(l)++               Ref(a[i](k),l).v++
//	a[i](k) ||= f()            RefMember(a,(i),k).v ||= f()
//
// The order of evaluation follows by itself, and it is JScript's: the callee
// and the arguments once, left to right, then the right side, then one put;
// a compound assignment gets the value once before the right side. So do the
// value of the expression, chains such as a(1) = b(2) = 3, and every operator,
// because the right side is never looked at.
//
// Targets are the left sides of all assignment operators, the operands of
// prefix and postfix ++ and --, and the variable of for…in and for…of. The
// host learns the receiver of a member in every form but two, super.m(k) and
// a.#m(k), which no object and key can stand for; nor does it learn the object
// of a with statement, so in with (o) m(k) = v the value of m must know its
// owner. Not targets, as in JavaScript: new C(x), an optional chain,
// import(x), and a call inside a destructuring pattern.
//
// # Edits
//
// Tokens are inserted, never moved. A few characters are replaced: in a
// rewritten call the opening parenthesis, the dot or the brackets of the
// member by commas and parentheses, and parentheses around the member, as in
// (a.b)(k) = v, by blanks, and so are semicolons that JScript passes over, and the zeros
// before a number like 08. Line ends stay where they are, and
// [Result.OriginalOffset] maps every place of the result back.
//
// # How targets are found
//
// The parenthesis before = belongs to a call in f(x) = 1, but not in (x) = 1,
// in if (x) ++y, nor in f(x) followed by ++y on the next line, and none of
// that can be seen from the tokens next to it. On the other hand a parser
// would have to know all of the grammar. The walker stands between the two:
// a pushdown automaton with one frame per open bracket. A frame knows
//
//   - what its bracket means: a block, an object literal, arguments, the head
//     of a for statement, …
//   - its state: whether an operand, a key, a name or an operator comes next,
//     and whether a statement may begin;
//   - the chain that is being read: where the operand began, how its last
//     link, a member or a call, is spelled.
//
// This is enough to tell a regular expression from a division (it begins
// where an operand may begin), a block from an object literal, and where
// semicolons are inserted: after an operand, a token that can't go on with it
// begins a statement. A chain is complete when a token comes that isn't one
// of its links; if its last link is a call and the token assigns, or ++ or --
// stands before the chain, it is a target.
//
// One rule keeps valid sources safe: whatever the parser accepts has no call
// in a place that is assigned to. The tests hold the walker to it with
// generated, mutated and random programs: a source that the parser accepts
// stays as it is.
//
// A walk is one pass without recursion, so time and memory are linear in the
// length of the source and no nesting exhausts the stack. It doesn't fail on
// a broken source; what it can't read it skips, and the parser will report
// the error.
//
// # Other syntax of JScript
//
// A line that begins with <!-- or --> is a comment, and so is the rest of a
// line from <!-- on where an operand may begin. The mark gives way to // of
// the same width. This is the one place where a source that the parser
// accepts may change: it would read a line that begins with <!--x, after a
// line that ends in an operand, as a comparison with !--x.
//
// A semicolon between a block and else, catch or finally is passed over: a
// blank takes its place. In JavaScript it is always an error there.
//
// An assignment to a text or number is an error when it is reached, not
// before: "a" += b becomes Illegal("a").v += b.
//
// The comment /*@cc_on … @*/ is just a comment. Conditional compilation
// outside of comments, and the declarations function a.b(){} and
// function a::b(){}, are refused with an [Error].
package dialect
