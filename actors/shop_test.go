package actors_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/internal/upstream"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// shop is a runtime whose jobs get keys of a gateway, with all that it logs.
type shop struct {
	*actors.Runtime
	t           *testing.T
	gateway     *upstream.Gateway
	provisioner *upstream.Provisioner
	log         *logbook
	config      *actors.Config
}

// logbook keeps all that is logged, and breaks whoever logs a certain message.
type logbook struct {
	mutex  sync.Mutex
	text   bytes.Buffer
	breaks string
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.breaks != "" && bytes.Contains(line, []byte(l.breaks)) {
		panic("the logger is broken")
	}
	return l.text.Write(line)
}

func (l *logbook) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

func newShop(t *testing.T) *shop {
	t.Helper()
	gateway := &upstream.Gateway{}
	s := &shop{
		t: t, gateway: gateway, log: &logbook{},
		provisioner: &upstream.Provisioner{Client: gateway.Client(), URL: "http://gateway.example"},
	}
	s.config = &actors.Config{
		Logger:      slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Credentials: &credentials.Config{Provisioner: s.provisioner, Ledger: &credentials.Memory{}},
	}
	return s
}

func (s *shop) open() *shop {
	s.t.Helper()
	s.Runtime = newRuntime(s.t, s.config)
	return s
}

// closed shuts the shop down: every key that was minted was revoked once, and no value was logged.
func (s *shop) closed() {
	s.t.Helper()
	shutdown(s.t, s.Runtime)
	if alive := s.gateway.Alive(); len(alive) > 0 {
		s.t.Errorf("alive are %v", alive)
	}
	for name, count := range s.gateway.Revoked() {
		if count != 1 {
			s.t.Errorf("%s was revoked %d times", name, count)
		}
	}
	if log := s.log.String(); strings.Contains(log, "sk-virt") {
		s.t.Errorf("a value was logged:\n%s", log)
	}
}

// offer submits a job that must be accepted.
func (c *client) offer(submit protocol.JobSubmit) protocol.JobAccepted {
	c.t.Helper()
	c.send(submit, "")
	return want[protocol.JobAccepted](c).Payload.(protocol.JobAccepted)
}

// pays is an agent that uses its credential, for input USD, and fails as the gateway does.
func (s *shop) pays(model, cost string) actors.Agent {
	return func(ctx context.Context, job *actors.Job) (any, error) {
		key := job.Credentials()[0]
		operation := lease.Operation{Namespace: lease.ModelUse, Resource: model}
		return nil, job.Operate(ctx, operation, actors.Call{Run: func(context.Context) (any, error) {
			return nil, upstream.Use(s.gateway.Client(), key.Endpoint, key.Value, model, cost)
		}})
	}
}
