//go:build !unix

package site

// nonblock is nothing where no file name can be a FIFO.
const nonblock = 0
