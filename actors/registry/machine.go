package registry

import (
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// Machine is the registry of one runtime. The zero value is not usable; see New.
type Machine struct {
	config Config

	principals map[string]*principal // those of whom anything is known
	sessions   map[protocol.SessionID]*session
	jobs       map[protocol.JobID]*entry
	finished   series[entry] // of all principals, by their end
	spent      series[key]   // of all principals, by the end of their jobs
	numbers    uint64        // given so far, one for each acceptance and each end

	live        int // jobs that started and have not ended
	connections int
	closing     bool
	drained     bool
}

// principal is what is known of one principal.
type principal struct {
	name     string
	sessions int
	live     int           // §14: jobs that started and have not ended
	jobs     series[entry] // those that are listed, by their acceptance
	finished series[entry] // those of them that ended, by their end
	keys     map[keyName]*key
	spent    series[key] // those of them whose job ended, by its end
}

// session is one open session, and what is left of one that is over while its jobs run.
type session struct {
	id      protocol.SessionID
	owner   *principal
	live    int                 // jobs that started and have not ended
	waiting int                 // submits that wait for the decision on another
	watches map[*entry]struct{} // §7.6: jobs of other sessions that it observes
}

// New returns a machine that knows nothing yet. A nil config is all defaults.
func New(config *Config) *Machine {
	return &Machine{
		config:     config.withDefaults(),
		principals: map[string]*principal{},
		sessions:   map[protocol.SessionID]*session{},
		jobs:       map[protocol.JobID]*entry{},
	}
}

// Live is the number of jobs that started and have not ended.
func (m *Machine) Live() int { return m.live }

// Connections is the number of connections that are open.
func (m *Machine) Connections() int { return m.connections }

// Deadline says when the machine wants a Tick at the latest; zero means never. It may change with every Step.
func (m *Machine) Deadline() time.Time {
	var due time.Time
	if e := m.finished.first(); e != nil {
		due = e.until
	}
	if k := m.spent.first(); k != nil && (due.IsZero() || k.until.Before(due)) {
		due = k.until
	}
	return due
}

// Step takes one input and returns what is to be done, in order. now must not go back.
func (m *Machine) Step(now time.Time, in Input) []Effect {
	t := turn{Machine: m, now: now}
	t.sweep()
	switch in := in.(type) {
	case ConnectionOpened:
		t.connected()
	case ConnectionClosed:
		t.disconnected()
	case SessionOpened:
		t.open(in)
	case SessionEnded:
		t.close(in.SessionID)
	case ResumeRequested:
		t.resume(in)
	case SubmitRequested:
		t.submit(in)
	case DelegationRequested:
		t.delegate(in)
	case JobAccepted:
		t.accepted(in)
	case JobRefused:
		t.refused(in.JobID, in.Err)
	case JobChanged:
		t.changed(in)
	case CredentialsChanged:
		t.rotated(in)
	case JobEnded:
		t.ended(in.JobID)
	case ListRequested:
		t.list(in)
	case CancelRequested:
		t.cancel(in)
	case SubscribeRequested:
		t.subscribe(in)
	case UnsubscribeRequested:
		t.unsubscribe(in)
	case ShutdownRequested:
		t.shutDown()
	case Tick:
		// The sweep was all.
	}
	return t.effects
}

// turn is one Step under way.
type turn struct {
	*Machine
	now     time.Time
	effects []Effect
}

func (t *turn) do(effect Effect) { t.effects = append(t.effects, effect) }

// number returns the next number of the one order in which things are accepted and end.
func (m *Machine) number() uint64 {
	m.numbers++
	return m.numbers
}

// sweep forgets what has been kept for its time.
func (t *turn) sweep() {
	for e := t.finished.first(); e != nil && !t.now.Before(e.until); e = t.finished.first() {
		t.forget(e)
	}
	for k := t.spent.first(); k != nil && !t.now.Before(k.until); k = t.spent.first() {
		t.free(k)
	}
}

// release forgets a principal of whom nothing is left.
func (m *Machine) release(p *principal) {
	if p.sessions == 0 && p.live == 0 && p.jobs.len() == 0 && len(p.keys) == 0 {
		delete(m.principals, p.name)
	}
}

// over is the answer to a session that is not known: it has ended, and nobody will read this.
func over() *protocol.Error {
	return protocol.NewError(protocol.InvalidRequest, "the session is over")
}

// full refuses what a cap does not let pass. §14 (choice): §12 has no code for it. Nothing is wrong with the request, so it
// is not INVALID_REQUEST; nothing is wrong with the runtime, so it is not INTERNAL_ERROR, after which clients try again at
// once. PERMISSION_DENIED says that it may not be, as §7.6 has it for what no lease decides, and retryable that it may
// be when something has ended.
func full(message string) *protocol.Error {
	return &protocol.Error{Code: protocol.PermissionDenied, Message: message, Retryable: true}
}

func shuttingDown() *protocol.Error {
	return protocol.NewError(protocol.InternalError, "the runtime is shutting down")
}
