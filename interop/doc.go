// Package interop has nothing but tests: pages and Go handlers share the
// sessions of other libraries, whatever keeps them and however an answer ends.
// What shares them is in the folders below, one for each library: interop/scs
// is package scsstore and interop/gorilla package gorillastore, so that the
// name of neither hides the library's own in a program that imports both.
package interop
