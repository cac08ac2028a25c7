package job

import (
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// State is where a job stands. The zero value is Unsubmitted.
type State uint8

// The states of a job; doc.go has the diagram.
const (
	Unsubmitted  State = iota
	Provisioning       // the credentials are awaited, nothing is accepted yet (§9.8)
	Pending            // accepted, the agent was started and has done nothing yet
	Running            // the agent has emitted or asked for something
	Stopping           // the agent was told to stop, the ending is decided
	Finishing          // the agent no longer counts, answers of the budget are awaited
	Ended              // the ending is out, or the submit was refused
)

func (s State) String() string {
	return [...]string{"unsubmitted", "provisioning", "pending", "running", "stopping", "finishing", "ended"}[s]
}

// Machine is one job. The zero value is not usable; see New.
type Machine struct {
	config Config
	state  State

	offer       Submitted // as submitted, without the input
	lease       lease.Lease
	constraints *protocol.LeaseConstraints // as submitted
	counters    []budget.Counter           // §9.6: as last heard of, sorted by currency; the budget has them

	calls   openCalls
	stream  stream
	pending map[CallID]awaited // questions that wait for the budget, or for a child to start

	children map[protocol.JobID]bool // started and not ended (§10); true: told to end

	agentRuns  bool // the agent's function has not come back
	over       bool // End was said
	budgetLost bool
	ending     protocol.Payload // protocol.JobResult or protocol.JobError, once decided
	timeout    time.Time        // §7.3: max_runtime_sec; zero means no limit
	grace      time.Time        // when a stopped agent is no longer waited for

	proposal    *proposal     // while Provisioning
	credentials []Provisioned // §9.8: the newest values; none after the ending
	secrets     []string      // all their values, as they are and as JSON has them, until the ending is out
	revoked     []string      // all handles that were revoked

	journal     journal
	subscribers []protocol.SessionID // in the order in which they came; never the submitting session
	waiting     []waiting
	shows       int // ShowBudgets that were not answered yet
}

// New returns a machine that waits for Submitted. A nil config is all defaults.
func New(config *Config) *Machine {
	filled := config.withDefaults()
	return &Machine{
		config:  filled,
		calls:   openCalls{limit: filled.MaxOpenCalls},
		stream:  stream{maxChunk: filled.MaxChunk, maxTotal: filled.MaxResult},
		pending: map[CallID]awaited{}, children: map[protocol.JobID]bool{},
		journal: journal{maxEvents: filled.LogEvents, maxBytes: filled.LogBytes},
	}
}

// State says where the job stands.
func (m *Machine) State() State { return m.state }

// ID is the job's name, "" before Submitted.
func (m *Machine) ID() protocol.JobID { return m.offer.JobID }

// Status is the job's state in the words of §7.3.
func (m *Machine) Status() protocol.JobStatus {
	switch m.state {
	case Unsubmitted, Provisioning, Pending:
		return protocol.StatusPending
	case Ended:
		switch ending := m.ending.(type) {
		case protocol.JobResult:
			return ending.FinalStatus
		case protocol.JobError:
			return ending.FinalStatus
		}
		return protocol.StatusError // refused: there never was such a job
	default:
		return protocol.StatusRunning
	}
}

// MaxChunk is the cap on one chunk of a streamed result, in decoded bytes (§14).
func (m *Machine) MaxChunk() int { return m.config.MaxChunk }

// Deadline says when the machine wants a Tick at the latest; zero means never. It may
// change with every Step.
func (m *Machine) Deadline() time.Time {
	switch m.state {
	case Provisioning:
		return m.proposal.due
	case Pending, Running:
		return m.timeout
	case Stopping:
		return m.grace
	default:
		return time.Time{}
	}
}

// Step takes one input and returns what is to be done, in order. now must not go back.
// It panics when the shell uses a CallID that still awaits its answer.
func (m *Machine) Step(now time.Time, in Input) []Effect {
	t := turn{Machine: m, now: now}
	if m.state == Provisioning && t.provisioning(in) {
		return t.effects
	}
	switch in := in.(type) {
	case Submitted:
		t.submitted(in)
	case EventEmitted:
		t.ask(in.Call, func() { t.emitted(in) })
	case ChargeRequested:
		t.ask(in.Call, func() { t.charge(in) })
	case OperationRequested:
		t.ask(in.Call, func() { t.operation(in) })
	case DelegateRequested:
		t.ask(in.Call, func() { t.delegate(in) })
	case StreamOpened:
		t.ask(in.Call, func() { t.openStream(in) })
	case StreamWritten:
		t.ask(in.Call, func() { t.writeStream(in) })
	case StreamFlushed:
		t.ask(in.Call, func() { t.flushStream(in) })
	case StreamClosed:
		t.ask(in.Call, func() { t.closeStream(in) })
	case CostBooked:
		t.booked(in)
	case BudgetChecked:
		t.checked(in)
	case BudgetDelegated:
		t.carved(in)
	case ChildStarted:
		t.childStarted(in)
	case ChildRefused:
		t.childRefused(in)
	case ChildEnded:
		t.childEnded(in)
	case ParentEnding:
		t.parentEnding()
	case BudgetLost:
		t.loseBudget()
	case BudgetShown:
		t.shown(in)
	case CredentialsIssued:
		t.late(in)
	case CredentialRotated:
		t.credentialRotated(in)
	case CancelRequested:
		t.cancel(in)
	case SubscribeRequested:
		t.subscribe(in)
	case UnsubscribeRequested:
		t.unsubscribe(in)
	case AgentReturned:
		t.agentBack(t.success(in.Result))
	case AgentFailed:
		t.agentBack(t.failure(in.Err))
	case AgentPanicked:
		t.agentBack(t.crash())
	case ShutdownRequested:
		t.stop(protocol.NewError(protocol.InternalError, "the runtime is shutting down"))
	case Tick:
		t.tick()
	}
	return t.effects
}

// uses tells whether a feature is in the session's intersection (§6.2).
func (m *Machine) uses(feature protocol.Feature) bool {
	return slices.Contains(m.offer.Features, feature)
}

// turn is one Step under way.
type turn struct {
	*Machine
	now     time.Time
	effects []Effect
}

func (t *turn) do(effect Effect) { t.effects = append(t.effects, effect) }

func (t *turn) reply(call CallID, err *protocol.Error) { t.do(Reply{Call: call, Err: err}) }

// ask takes a question of the agent while the agent may still ask.
func (t *turn) ask(call CallID, take func()) {
	if _, open := t.pending[call]; open {
		panic("job: a CallID was used twice")
	}
	switch t.state {
	case Pending, Running, Stopping:
		take()
	default:
		// §7.3: nothing of a job follows its ending.
		t.reply(call, invalid("the job takes nothing more from its agent"))
	}
}

// running notes the agent's first event or operation (§7.3).
func (t *turn) running() {
	if t.state == Pending {
		t.state = Running
	}
}

func invalid(message string) *protocol.Error {
	return protocol.NewError(protocol.InvalidRequest, message)
}
