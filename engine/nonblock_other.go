//go:build !unix

package engine

// nonblock is nothing where no file name can be a FIFO.
const nonblock = 0
