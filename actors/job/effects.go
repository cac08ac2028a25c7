package job

import (
	"encoding/json"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// Effect is one thing that the shell shall do. The effects of a Step are carried
// out in their order. The types of this file are all there are.
type Effect interface{ effect() }

// Accept tells the submitting session that the job exists (§7.1). It comes before
// everything else that the session hears of the job.
type Accept struct {
	RequestID protocol.MessageID
	Payload   protocol.JobAccepted
}

// Refuse answers a request of a session with an error: a submit that starts nothing
// (§7.1) or a cancel (§7.4).
type Refuse struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID // the session that asked, not always the submitting one
	Err       *protocol.Error
}

// OpenBudget makes the ledger of the job, with one counter a grant at its full value
// (§9.6). It comes before Accept, and only for a lease with a budget.
type OpenBudget struct{ Grants []budget.Grant }

// StartAgent runs the agent's function, with a context that StopAgent cancels.
type StartAgent struct {
	Name    string
	Version string
	Input   json.RawMessage
	Lease   lease.Lease
	TraceID protocol.TraceID // to be forwarded to tool servers and sub-agents (§11)
}

// StopAgent cancels the agent's context. Its return is awaited until the Deadline.
type StopAgent struct{ Cause *protocol.Error }

// SendEvent passes one event to the session, which numbers it (§8.1, §8.3).
type SendEvent struct{ Event protocol.JobEvent }

// SendEnding passes the one ending of the job to the session (§7.3). No SendEvent
// follows it.
type SendEnding struct {
	Payload protocol.Payload // protocol.JobResult or protocol.JobError
}

// AcknowledgeCancel tells the session that its job.cancel was taken (§7.4).
type AcknowledgeCancel struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
}

// Subscribed answers [SubscribeRequested] (§7.6). Copies for the session come after it: first those of the log that are
// replayed, then those of what happens, until the ending. SubscribedFrom in the payload is the position of the job's log
// at that moment. Positions count the job's events from 1, and the ending as the last.
type Subscribed struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Payload   protocol.JobSubscribed
	Own       bool // by the submitting session, which has the events anyway: no copies come
}

// CopyEvent passes one event to a session that is subscribed.
type CopyEvent struct {
	SessionID protocol.SessionID
	Event     protocol.JobEvent
}

// CopyEnding passes the ending to a session that is subscribed. Its subscription ends with it.
type CopyEnding struct {
	SessionID protocol.SessionID
	Payload   protocol.Payload // protocol.JobResult or protocol.JobError
}

// BookCost reports a cost already incurred to the budget: it is booked whatever the
// counter shows (§9.6). Answered by [CostBooked].
type BookCost struct {
	Call     CallID
	Currency string
	Amount   budget.Amount
}

// ChargeCost asks the budget to take a cost off whole, or to refuse it. Answered by
// [CostBooked].
type ChargeCost struct {
	Call     CallID
	Currency string
	Amount   budget.Amount
}

// CheckBudget asks whether every counter is above zero (§9.6). Answered by
// [BudgetChecked].
type CheckBudget struct{ Call CallID }

// ShowBudget asks for the job's counters (§7.6). It has no number: the budget answers in the order in which it is asked,
// and the newest answer is good for everybody. Answered by [BudgetShown].
type ShowBudget struct{}

// Reply answers one question of the agent.
type Reply struct {
	Call CallID
	Err  *protocol.Error // nil: done, or permitted
}

// End says that nothing of the job runs any more: the ending is out and the agent is back, or the submit was refused.
// The budget may go when it has answered. The machine still serves those who subscribe late, as long as the shell keeps
// it.
type End struct{}

func (Accept) effect()            {}
func (Refuse) effect()            {}
func (OpenBudget) effect()        {}
func (StartAgent) effect()        {}
func (StopAgent) effect()         {}
func (SendEvent) effect()         {}
func (SendEnding) effect()        {}
func (AcknowledgeCancel) effect() {}
func (Subscribed) effect()        {}
func (CopyEvent) effect()         {}
func (CopyEnding) effect()        {}
func (ShowBudget) effect()        {}
func (BookCost) effect()          {}
func (ChargeCost) effect()        {}
func (CheckBudget) effect()       {}
func (Reply) effect()             {}
func (End) effect()               {}
