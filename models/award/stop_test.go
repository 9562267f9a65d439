package award_test

import "context"

// stopAfter is a context that ends after it was asked a number of times: a
// program switched off between two chunks.
type stopAfter struct {
	context.Context
	checks int
}

func (s *stopAfter) Err() error {
	if s.checks--; s.checks < 0 {
		return context.Canceled
	}
	return nil
}
