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

// Reply answers one question of the agent.
type Reply struct {
	Call CallID
	Err  *protocol.Error // nil: done, or permitted
}

// End says that the machine has nothing more to do: the ending is out and the agent
// is back, or the submit was refused. The shell may stop the actor; until it does,
// the machine refuses what still comes.
type End struct{}

func (Accept) effect()            {}
func (Refuse) effect()            {}
func (OpenBudget) effect()        {}
func (StartAgent) effect()        {}
func (StopAgent) effect()         {}
func (SendEvent) effect()         {}
func (SendEnding) effect()        {}
func (AcknowledgeCancel) effect() {}
func (BookCost) effect()          {}
func (ChargeCost) effect()        {}
func (CheckBudget) effect()       {}
func (Reply) effect()             {}
func (End) effect()               {}
