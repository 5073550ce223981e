// Package reflected makes a table of members (package component) of any Go type:
// its methods and fields, by reflection, once for each type.
//
// Methods are methods, or one property when they are called Name and SetName
// without more arguments; exported fields are properties, by the names that the
// struct has where it is stored. Item makes the object callable, SetItem
// assignable, Elements lets it be walked. A property Value is what the object is
// as a value, as with the fields of a recordset.
package reflected
