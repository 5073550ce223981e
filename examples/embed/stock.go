package main

import (
	"fmt"
	"sync"
)

// Stock is what pages get from Server.CreateObject("Shop.Stock"): all of them
// the same one, so it guards itself.
type Stock struct {
	mu   sync.Mutex
	left map[string]int
}

// Left is how many of an article there are.
func (s *Stock) Left(article string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left[article]
}

// Take takes one. Its error is thrown to the page that asked, which may catch
// it.
func (s *Stock) Take(article string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left[article] == 0 {
		return fmt.Errorf("no %s left", article)
	}
	s.left[article]--
	return nil
}
