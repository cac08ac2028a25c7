package target

import (
	"context"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// stdio is a peer that is started anew for each connection.
type stdio struct {
	spec *Spec

	mu   sync.Mutex
	last *wire.Pipe
}

func (s *stdio) Spec() *Spec  { return s.spec }
func (s *stdio) Shared() bool { return false }
func (s *stdio) Stop() error  { return nil }

// Start tries the command once, so that one that cannot be run is known before the first scenario.
func (s *stdio) Start(ctx context.Context) error {
	conn, err := s.Dial(ctx)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (s *stdio) Dial(context.Context) (wire.Conn, error) {
	pipe, err := wire.Child{
		Command: s.spec.Stdio, Env: environ(s.spec.Env, nil), Dir: s.spec.Dir, Grace: s.spec.Grace.Or(2 * time.Second),
	}.Start()
	if err != nil {
		return nil, &Unreachable{err}
	}
	s.mu.Lock()
	s.last = pipe
	s.mu.Unlock()
	return pipe, nil
}

func (s *stdio) Log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return ""
	}
	return s.last.Stderr()
}
