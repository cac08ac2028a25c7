package credentials

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/arcp-conformance/arcp/protocol"
)

// ErrBudget and ErrModel are what an agent's own client of an upstream wraps where the upstream does not refuse in a way
// that [ParseRefusal] knows.
var (
	ErrBudget = errors.New("credentials: the upstream's spend cap is reached")
	ErrModel  = errors.New("credentials: the upstream refuses the model")
)

// Refusal is an answer of an upstream that is no success. Its text has no part of what the upstream wrote, which may quote
// the credential.
type Refusal struct {
	Status int    // of HTTP
	Type   string // error.type of the body, where it has one
	Code   string // error.code of the body, likewise
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("credentials: the upstream answered %d", r.Status)
}

// ParseRefusal reads the answer of an LLM gateway: {"error": {"type": ..., "code": ...}}, which the OpenAI interface, its
// imitators and LiteLLM have in common. Any other body leaves Type and Code empty.
func ParseRefusal(status int, body []byte) *Refusal {
	var answer struct {
		Error struct {
			Type json.RawMessage `json:"type"`
			Code json.RawMessage `json:"code"`
		} `json:"error"`
	}
	refusal := &Refusal{Status: status}
	if json.Unmarshal(body, &answer) == nil {
		refusal.Type, refusal.Code = word(answer.Error.Type), word(answer.Error.Code)
	}
	return refusal
}

// word reads a string; gateways also put numbers and null in its place.
func word(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

// Is makes a refusal one of ErrBudget and ErrModel.
func (r *Refusal) Is(target error) bool {
	switch target {
	case ErrBudget:
		return r.Status == http.StatusPaymentRequired || r.says("budget_exceeded") || r.says("insufficient_quota")
	case ErrModel:
		// LiteLLM has a word for each of key, team and user.
		return r.says("model_not_allowed") || strings.HasSuffix(r.Type, "model_access_denied") ||
			strings.HasSuffix(r.Code, "model_access_denied")
	}
	return false
}

func (r *Refusal) says(word string) bool { return r.Type == word || r.Code == word }

// Translate puts an upstream's refusal in the words of §12: a spend cap that is reached is BUDGET_EXHAUSTED (§9.6), and a
// model outside the list is PERMISSION_DENIED (§9.7, §13.7). It returns nil for every other error, and for one that has a
// *protocol.Error in its tree, which is an answer already.
func Translate(err error) *protocol.Error {
	var said *protocol.Error
	switch {
	case errors.As(err, &said):
		return nil
	case errors.Is(err, ErrBudget):
		return protocol.NewError(protocol.BudgetExhausted, "the upstream refuses: the budget of the credential is spent")
	case errors.Is(err, ErrModel):
		return protocol.NewError(protocol.PermissionDenied, "the upstream refuses: the credential does not cover the model")
	}
	return nil
}
