package job

import (
	"errors"
	"strings"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// pin makes an agent's error fit to go out (§12): a code that is none of the protocol's
// becomes INTERNAL_ERROR without its text, and the codes whose retryable the draft fixes
// have it as fixed, whatever the agent says.
func pin(err *protocol.Error) *protocol.Error {
	if !err.Code.Known() {
		return internal("the agent failed")
	}
	fixed := err.Pin()
	fixed.Message = text(fixed.Message)
	return &fixed
}

// text is what an agent says, fit for the wire: bytes that are no UTF-8 are replaced.
func text(said string) string { return strings.ToValidUTF8(said, "\uFFFD") }

// BudgetRefusal is a ledger's refusal in the words of §12, nil for none. §9.6: a counter at or below zero, and a charge
// beyond what is left, are BUDGET_EXHAUSTED.
func BudgetRefusal(err error) *protocol.Error {
	var exhausted *budget.Exhausted
	var overspend *budget.Overspend
	var beyond *budget.BeyondParent
	var negative *budget.NegativeCost
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exhausted), errors.As(err, &overspend):
		return protocol.NewError(protocol.BudgetExhausted, err.Error())
	case errors.As(err, &beyond):
		return protocol.NewError(protocol.LeaseSubsetViolation, err.Error()) // §9.4
	case errors.As(err, &negative):
		return invalid(err.Error())
	}
	return internal("the budget of the job failed")
}

// Lost is the ending of a job whose actor broke.
func Lost() protocol.JobError { return failed(internal("the job failed")) }
