package runtime

import "github.com/dop251/goja"

// hidden finds the functions that the compiler writes calls of.
func (g *globals) hidden(key string) int {
	n := g.script.prog.names
	switch key {
	case n.output:
		return slotOutput
	case n.typeOf:
		return slotTypeOf
	case n.source:
		return slotSource
	case n.plain:
		return slotPlain
	case n.called:
		return slotCalled
	case n.uses:
		return slotUses
	case n.size:
		return slotSize
	case n.left:
		return slotLeft
	case n.right:
		return slotRight
	case n.delegate:
		return slotDelegate
	case n.key:
		return slotKey
	case n.regexp:
		return slotRegExp
	case n.itemText:
		return slotItemText
	case n.bare:
		return slotBare
	case n.ref:
		return slotRef
	case n.refMember:
		return slotRefMember
	case n.illegal:
		return slotIllegal
	}
	return -1
}

// makeHidden makes what such a slot holds.
func (sc *script) makeHidden(slot int) goja.Value {
	switch slot {
	case slotOutput:
		return sc.vm.NewDynamicObject(&pageOutput{sc})
	case slotTypeOf:
		return sc.vm.ToValue(sc.typeOf)
	case slotSource:
		return sc.vm.ToValue(sc.rewriteSource)
	case slotPlain:
		return sc.vm.ToValue(func(call goja.FunctionCall) goja.Value { return sc.plain(call.Argument(0)) })
	case slotUses:
		return sc.vm.ToValue(sc.uses)
	case slotCalled:
		return sc.vm.ToValue(sc.called)
	case slotSize:
		return sc.vm.ToValue(sc.size)
	case slotLeft:
		return sc.vm.ToValue(sc.leftOperand)
	case slotRight:
		return sc.vm.ToValue(sc.rightOperand)
	case slotDelegate:
		return sc.vm.ToValue(sc.delegate)
	case slotKey:
		return sc.vm.ToValue(sc.key)
	case slotBare:
		return sc.vm.ToValue(sc.calledBare)
	case slotRegExp:
		return sc.vm.ToValue(sc.literalRegExp)
	case slotItemText:
		return sc.vm.ToValue(sc.itemText)
	case slotRef:
		return sc.vm.ToValue(sc.ref)
	case slotRefMember:
		return sc.vm.ToValue(sc.refMember)
	}
	return sc.vm.ToValue(sc.illegal) // slotIllegal
}
