package credentials

import (
	"encoding/json"
	"slices"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// Constraints is what a credential is held to, in the words of the lease (§9.8.3). The zero value constrains nothing.
//
// On the wire it says what the upstream enforces. A provisioner whose upstream cannot enforce one of the fields empties it
// before it calls JSON.
type Constraints struct {
	// Budget has the spend caps, one pattern a currency such as "USD:5.00"; nil is none. A cap of 0 allows nothing.
	Budget []string `json:"cost.budget,omitempty"`
	// Models has the patterns of the models that may be used; nil where the lease does not name model.use, and then it is the
	// deployment's policy that decides (§9.7).
	Models []string `json:"model.use,omitempty"`
	// ExpiresAt is when the credential ends, in UTC; "" is never.
	ExpiresAt string `json:"expires_at,omitempty"`
}

// Constraints maps the lease to what a credential should have baked in (§9.8.3): the spend cap is what remains of the
// budget, not what it once was.
func (r Request) Constraints() Constraints {
	mapped := Constraints{Models: slices.Clone(r.Lease["model.use"])}
	for _, counter := range r.Remaining {
		if counter.Remaining.Sign() < 0 {
			counter.Remaining = budget.Amount{}
		}
		mapped.Budget = append(mapped.Budget, budget.Grant{Currency: counter.Currency, Amount: counter.Remaining}.String())
	}
	if !r.ExpiresAt.IsZero() {
		mapped.ExpiresAt = protocol.FormatTime(r.ExpiresAt)
	}
	return mapped
}

// JSON is the value for [protocol.Credential.Constraints].
func (c Constraints) JSON() json.RawMessage {
	text, err := json.Marshal(c)
	if err != nil {
		panic("credentials: " + err.Error()) // strings can always be written
	}
	return text
}
