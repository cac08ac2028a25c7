package job

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/arcp-conformance/arcp/protocol"
)

// NotFound is the answer for a job that does not exist, and for one that the asking
// principal must not know of: the two cannot be told apart (§6.6, §12).
func NotFound() *protocol.Error {
	return protocol.NewError(protocol.JobNotFound, "no such job")
}

// cancel takes a job.cancel (§7.4).
func (t *turn) cancel(in CancelRequested) {
	switch {
	case t.offer.JobID == "" || in.Principal != t.offer.Principal:
		t.refuse(in.RequestID, in.SessionID, NotFound())
	case in.SessionID != t.offer.SessionID:
		// §7.4, §7.6: cancelling is reserved for the session that submitted.
		t.refuse(in.RequestID, in.SessionID,
			protocol.NewError(protocol.PermissionDenied, "only the session that submitted a job may cancel it"))
	case t.state == Ended:
		// §7.4: only a job that has not ended can be cancelled.
		t.refuse(in.RequestID, in.SessionID, invalid("the job has ended"))
	default:
		// §7.4: while the ending is not out, the cancel is acknowledged, and then it
		// decides the ending, whatever raced with it.
		t.do(AcknowledgeCancel{RequestID: in.RequestID, SessionID: in.SessionID})
		cause := protocol.NewError(protocol.Cancelled, "the job was cancelled")
		t.stop(cause)
		t.ending = failed(cause)
	}
}

// stop decides the ending and tells the agent to come back.
func (t *turn) stop(cause *protocol.Error) {
	if t.state != Pending && t.state != Running {
		return
	}
	t.state = Stopping
	t.ending = failed(cause)
	t.grace = t.now.Add(t.config.CancelGrace)
	t.do(StopAgent{Cause: cause})
	t.endChildren()
}

// stopped says why nothing new is begun.
func (m *Machine) stopped() *protocol.Error {
	if ending, ok := m.ending.(protocol.JobError); ok {
		return protocol.NewError(ending.Code, ending.Message)
	}
	return invalid("the job is ending")
}

// tick does what is due.
func (t *turn) tick() {
	deadline := t.Deadline()
	if deadline.IsZero() || t.now.Before(deadline) {
		return
	}
	if t.state == Stopping {
		// The agent did not come back in its grace: the job ends without it, and what
		// it still asks for is refused.
		t.state = Finishing
		t.finish()
		return
	}
	// §12: the job exceeded max_runtime_sec.
	t.stop(protocol.NewError(protocol.Timeout, "the job exceeded max_runtime_sec"))
}

// agentBack takes the end of the agent's function.
func (t *turn) agentBack(ending protocol.Payload) {
	if !t.agentRuns {
		return
	}
	t.agentRuns = false
	switch t.state {
	case Pending, Running:
		t.ending = ending
		t.state = Finishing
		t.endChildren()
	case Stopping:
		t.state = Finishing // the ending was decided when it was stopped
	case Ended:
		t.end()
		return
	}
	t.finish()
}

// finish sends the one ending when nothing is under way any more (§7.3).
func (t *turn) finish() {
	// §9.6: a booking under way belongs to the job, so its events come before the
	// ending. §10: so do its children's.
	if t.state != Finishing || len(t.pending) > 0 || len(t.children) > 0 {
		return
	}
	t.state = Ended
	t.revokeAll()
	t.over = true
	if len(t.counters) > 0 && !t.budgetLost {
		// Before anybody knows of the ending: the parent's may come of it, and the ledger goes with the root's.
		t.show()
	}
	t.do(SendEnding{Payload: t.ending})
	t.ending = t.redactEnding(t.ending) // for those who only look on
	t.secrets = nil
	for _, session := range t.subscribers {
		t.do(CopyEnding{SessionID: session, Payload: t.ending})
	}
	t.subscribers = nil
	if !t.agentRuns {
		t.end()
	}
}

// end lets go of all but the log. §7.6: who subscribes later is shown the counters as they were last.
func (t *turn) end() {
	t.over = true
	t.do(End{})
}

// success is the ending of an agent that returned a value, or none.
func (m *Machine) success(value json.RawMessage) protocol.Payload {
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		value = json.RawMessage("null")
	}
	inline := !bytes.Equal(value, []byte("null"))
	switch {
	case m.stream.state == unopened && protocol.CheckValue(value) != nil:
		return failed(internal("the agent's result is not JSON"))
	case m.stream.state == unopened:
		return protocol.JobResult{FinalStatus: protocol.StatusSuccess, Result: value}
	case m.stream.state == overrun:
		return failed(tooLarge())
	case m.stream.state == open:
		// §8.4: a stream without its last chunk is no result.
		return failed(internal("the agent left its streamed result unfinished"))
	case inline:
		// §8.4: inline and streamed must not be mixed.
		return failed(internal("the agent returned a value besides its streamed result"))
	}
	// §8.4: a streamed result is referred to by its result_id.
	size := m.stream.size
	return protocol.JobResult{
		FinalStatus: protocol.StatusSuccess,
		ResultID:    m.stream.id,
		ResultSize:  &size,
		Summary:     m.stream.summary,
	}
}

// failure is the ending of an agent that returned an error.
func (m *Machine) failure(err error) protocol.Payload {
	var verdict *protocol.Error
	switch {
	case m.stream.state == overrun:
		return failed(tooLarge()) // §14: exceeding a cap results in INTERNAL_ERROR
	case errors.As(err, &verdict) && verdict != nil:
		return failed(pin(verdict))
	}
	// §12: what is not said in the protocol's terms stays inside.
	return failed(internal("the agent failed"))
}

// crash is the ending of an agent that panicked.
func (m *Machine) crash() protocol.Payload { return failed(internal("the agent crashed")) }

// failed is the ending with an error. §7.3: BUDGET_EXHAUSTED and LEASE_EXPIRED are of
// final_status error, as is all that is not cancelled or timed out.
func failed(err *protocol.Error) protocol.JobError {
	status := protocol.StatusError
	switch err.Code {
	case protocol.Cancelled:
		status = protocol.StatusCancelled // §7.4
	case protocol.Timeout:
		status = protocol.StatusTimedOut // §12
	}
	return protocol.JobError{FinalStatus: status, Error: *err}
}

func internal(message string) *protocol.Error {
	return protocol.NewError(protocol.InternalError, message)
}
