// Package store says what a store promises: [Sessions], [Application], and a
// [Backend] that has both. It imports nothing of naja, so that a store needs
// to know nobody that uses it. The folders below hold the stores that naja has;
// package storetest checks what is promised here, for any.
package store
