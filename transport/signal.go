package transport

import "sync"

// signal is a channel that is closed once, however often it is raised.
type signal struct {
	once   sync.Once
	raised chan struct{}
}

func newSignal() *signal { return &signal{raised: make(chan struct{})} }

// raise says whether it was the first to do so.
func (s *signal) raise() (first bool) {
	s.once.Do(func() {
		close(s.raised)
		first = true
	})
	return first
}

func (s *signal) isRaised() bool {
	select {
	case <-s.raised:
		return true
	default:
		return false
	}
}
