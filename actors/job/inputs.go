package job

import (
	"encoding/json"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// Input is one thing that happened to a job. The types of this file are all
// there are. Every input is handled or refused in every state.
type Input interface{ input() }

// CallID names one question of the agent to its job. The shell numbers the
// questions; no number is used twice in the life of a job. Each input that
// carries a CallID is answered by exactly one [Reply] with the same CallID, now
// or after the budget's answer.
type CallID uint64

// Submitted offers the job (§7.1). It is the first input of a machine, and is
// answered by [Accept] or by [Refuse].
type Submitted struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID // the session that submits, which alone may cancel (§7.4)
	Principal string             // who the session is; others are told that there is no such job (§6.6)
	JobID     protocol.JobID     // chosen by the shell
	TraceID   protocol.TraceID   // "" when the client gave none (§11)
	Name      string             // the agent, resolved
	Version   string             // its version, resolved and from now on fixed (§7.5)
	Features  []protocol.Feature // the session's intersection (§6.2)
	Submit    protocol.JobSubmit

	ParentJobID protocol.JobID // of a delegated job (§10); "" for one that a client submitted
	Derived     *Derived       // of a delegated job; nil for one that a client submitted
}

// EventEmitted is the agent's wish to emit one event (§8.2). A cost metric is
// booked before it goes out (§9.6), a result_chunk is held against the stream
// (§8.4). The Reply comes when the event was passed on, or refused.
type EventEmitted struct {
	Call CallID
	Kind protocol.EventKind
	Body json.RawMessage
}

// ChargeRequested asks to spend before spending (§9.6, choice): the whole cost is
// taken off and its metric emitted, or it is refused with BUDGET_EXHAUSTED and the
// counter stays as it is.
type ChargeRequested struct {
	Call CallID
	Body json.RawMessage // of a cost metric
}

// OperationRequested asks whether an authority-bearing operation may be dispatched
// (§9.3). A Reply without error is the permission.
type OperationRequested struct {
	Call      CallID
	Operation lease.Operation
}

// StreamOpened asks to begin the streamed result (§8.4). The runtime chooses the
// ResultID.
type StreamOpened struct {
	Call     CallID
	ResultID protocol.ResultID
	Encoding protocol.Encoding
}

// StreamWritten adds bytes to the streamed result. The machine cuts them into
// chunks and keeps nothing of the slice after Step.
type StreamWritten struct {
	Call  CallID
	Bytes []byte
}

// StreamFlushed sends the chunk that is held back, so that a reader sees it now.
type StreamFlushed struct{ Call CallID }

// StreamClosed ends the streamed result with its last chunk.
type StreamClosed struct {
	Call    CallID
	Summary string // for job.result; may be empty
}

// CostBooked is the budget's answer to [BookCost] and [ChargeCost].
type CostBooked struct {
	Call      CallID
	Remaining budget.Amount   // the counter afterwards; meaningless with Err
	Err       *protocol.Error // nil: booked. Otherwise nothing was booked
}

// BudgetChecked is the budget's answer to [CheckBudget].
type BudgetChecked struct {
	Call CallID
	Err  *protocol.Error // nil: every counter is above zero
}

// BudgetShown is the budget's answer to [ShowBudget].
type BudgetShown struct{ Counters []budget.Counter } // sorted by currency

// BudgetLost says that the budget actor is gone: no answer will come any more.
type BudgetLost struct{}

// CancelRequested is a job.cancel (§7.4), from whichever session.
type CancelRequested struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Principal string
}

// SubscribeRequested is a job.subscribe (§7.6), from whichever session. It is answered by one [Subscribed] or [Refuse],
// now or after the budget's answer.
type SubscribeRequested struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Principal string
	History   bool   // replay what the log has
	From      uint64 // the position in the job's log behind which the replay begins; see [Subscribed]
}

// UnsubscribeRequested says that a session observes the job no longer (§7.6), or is over. It is not answered.
type UnsubscribeRequested struct{ SessionID protocol.SessionID }

// AgentReturned says that the agent's function came back without an error. Result
// is its value in JSON; nil or null when it has none.
type AgentReturned struct{ Result json.RawMessage }

// AgentFailed says that the agent's function came back with an error. A
// *protocol.Error in its tree is the agent's own verdict; any other error is
// internal, and its text stays inside.
type AgentFailed struct{ Err error }

// AgentPanicked says that the agent's function panicked. What it said stays inside.
type AgentPanicked struct{}

// ShutdownRequested says that the runtime stops: the job ends with INTERNAL_ERROR.
type ShutdownRequested struct{}

// Tick says that time went on, and that the machine's Deadline may have passed.
type Tick struct{}

func (Submitted) input()            {}
func (EventEmitted) input()         {}
func (ChargeRequested) input()      {}
func (OperationRequested) input()   {}
func (StreamOpened) input()         {}
func (StreamWritten) input()        {}
func (StreamFlushed) input()        {}
func (StreamClosed) input()         {}
func (CostBooked) input()           {}
func (BudgetChecked) input()        {}
func (BudgetShown) input()          {}
func (BudgetLost) input()           {}
func (CancelRequested) input()      {}
func (SubscribeRequested) input()   {}
func (UnsubscribeRequested) input() {}
func (AgentReturned) input()        {}
func (AgentFailed) input()          {}
func (AgentPanicked) input()        {}
func (ShutdownRequested) input()    {}
func (Tick) input()                 {}
