package dialect

// bracket is the kind of bracket that a frame ends with.
type bracket uint8

const (
	noBracket bracket = iota // the program
	round
	square
	curly
	brackets // how many there are
)

// frameKind says what an open bracket means.
type frameKind uint8

const (
	frameProgram  frameKind = iota
	frameBlock              // { statements }
	frameFunction           // { body of a function, method or static block }
	frameObject             // { object literal or pattern }
	frameClass              // { members of a class }
	frameTemplate           // ${ expression } in a template literal
	frameGroup              // ( expression ), or parameters of an arrow function
	frameCall               // ( arguments )
	frameParams             // ( parameters of a function )
	frameHead               // ( head of if, while, switch, with, catch )
	frameForHead            // ( head of for )
	frameArray              // [ array literal or pattern ]
	frameIndex              // [ key ] of a member
	frameKey                // [ key ] in an object literal or class
)

// bracket returns the bracket that closes the frame.
func (k frameKind) bracket() bracket {
	switch k {
	case frameProgram:
		return noBracket
	case frameBlock, frameFunction, frameObject, frameClass, frameTemplate:
		return curly
	case frameArray, frameIndex, frameKey:
		return square
	}
	return round
}

// statements reports whether the frame holds statements.
func (k frameKind) statements() bool { return k <= frameFunction }

// state is what may come next in a frame.
type state uint8

const (
	wantOperand state = iota // an operand or a prefix operator
	haveOperand              // an operand just ended: it may go on, or an operator comes
	haveBinding              // a name or pattern of var, let or const: an initializer or comma comes
	finished                 // an expression that can't go on: only , ; : or a closing bracket
	wantMember               // a name, after . or ?.
	wantKey                  // a key of an object literal or class, or what follows one
	wantParen                // the ( of a control statement
	wantName                 // the name or parameters of a function
	wantBody                 // the { of a function
	wantClass                // the name, extends or { of a class
	wantLabel                // the label of break or continue, if any
)

// lead is what stands right before an operand that is wanted.
type lead uint8

const (
	leadNone      lead = iota
	leadStatement      // a statement begins here
	leadBinding        // var, let or const, or a comma in their list
	leadArrow          // =>
	leadReturn         // return: a line end here ends the statement
	leadYield          // yield: a line end here ends the expression
)

// functionKind says what becomes of a function when its body ends.
type functionKind uint8

const (
	functionExpression functionKind = iota
	functionDeclaration
	functionMethod // of an object literal or class, or a static block
	functionArrow
)

// head is what is known of a function before its body begins.
type head struct {
	kind      functionKind
	generator bool
	async     bool
	named     bool
}

// scope is what decides the meaning of yield and await.
type scope struct {
	generator bool
	async     bool
	function  bool // inside any function or class
}

// frame is one open bracket and what was read of it so far.
type frame struct {
	kind    frameKind
	state   state
	lead    lead
	prefix  bool // ++ or -- stands before the operand
	pure    bool // nothing but one chain so far
	asyncKW bool // async was read: as a key's modifier, or before x => …
	concise bool // in the body of x => expression
	declare bool // in the list of a var, let or const
	binding bool // the operand that begins is a name or pattern of that list

	function head         // the function whose head is being read
	body     functionKind // frameFunction: which kind it is of
	control  frameKind    // wantParen: which head follows
	call     callKind     // frameCall: whose arguments these are
	news     int          // new operators before the operand
	newAt    int          // offset of the first of them
	ternary  int          // open ? without their colon
	arrowAt  int          // ternary when the concise body began

	open   int   // offset of the bracket
	chain  chain // the operand being read or just read
	outer  scope // restored when the frame ends
	around scope // restored when the concise body ends
}

// begin starts a chain at the given offset, or at the new before it.
func (f *frame) begin(start int) {
	c := chain{start: start, news: f.news}
	if f.news > 0 {
		c.start = f.newAt
	}
	f.chain, f.news, f.state = c, 0, haveOperand
	if f.binding {
		f.state = haveBinding
	}
}

// expect makes the frame want an operand after an operator.
func (f *frame) expect() {
	f.state, f.pure = wantOperand, false
}

// clearKey forgets the modifiers of a key.
func (f *frame) clearKey() {
	f.state, f.asyncKW, f.function = wantKey, false, head{}
}
