package job

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// Provisioned is a credential as it was issued (§9.8). What prints it leaves the value out.
type Provisioned struct {
	protocol.Credential
	Handle string // names this value for its revocation; no secret
}

// CredentialsIssued answers [IssueCredentials]. All of them are noted as to be revoked.
type CredentialsIssued struct{ Credentials []Provisioned }

// CredentialsFailed answers [IssueCredentials]: there are none, and what was issued in vain is being revoked. Why stays inside.
type CredentialsFailed struct{}

// CredentialRotated says that there is a new value for a credential (§9.8.2), noted as to be revoked.
type CredentialRotated struct {
	ID     string
	Value  string
	Handle string // where it is that of the old value, the upstream has replaced it, and nothing is left to revoke
}

func (CredentialsIssued) input() {}
func (CredentialsFailed) input() {}
func (CredentialRotated) input() {}

// IssueCredentials asks for the job's credentials. The job is accepted, or refused, with the answer. Answered by
// [CredentialsIssued] or [CredentialsFailed], which may come too late.
type IssueCredentials struct {
	Principal   string
	ParentJobID protocol.JobID
	Lease       lease.Lease
}

// RevokeCredentials begins to revoke values at their upstream. Each that was issued is named exactly once in the life of a
// job, before the ending where the job has one.
type RevokeCredentials struct{ Handles []string }

func (IssueCredentials) effect()  {}
func (RevokeCredentials) effect() {}

// proposal is a submission that holds, and that is not accepted yet.
type proposal struct {
	Submitted // without what the lease and the agent are told
	lease     lease.Lease
	limit     time.Duration // zero: none
	input     json.RawMessage
	terms     *protocol.LeaseConstraints
	due       time.Time // when the credentials are no longer waited for
}

// provisions says whether a job gets credentials: the runtime can, and the session knows them (§6.2).
func (m *Machine) provisions(offer Submitted) bool {
	return m.config.Provisions && slices.Contains(offer.Features, protocol.FeatureProvisionedCredentials)
}

// provision asks for the credentials. §9.8.2: they are issued no later than job.accepted.
func (t *turn) provision(p proposal) {
	p.due = t.now.Add(t.config.ProvisionTimeout)
	t.state, t.proposal = Provisioning, &p
	t.do(IssueCredentials{Principal: p.Principal, ParentJobID: p.ParentJobID, Lease: p.lease})
}

// provisioning takes an input while the credentials are awaited. There is no agent then, and (choice) no job that anybody
// could observe or cancel. False: it is nothing to this state.
func (t *turn) provisioning(in Input) bool {
	switch in := in.(type) {
	case CredentialsIssued:
		p := t.proposal
		t.proposal = nil
		t.accept(*p, in.Credentials)
	case CredentialsFailed:
		t.abandon(notProvisioned())
	case Tick:
		if !t.now.Before(t.proposal.due) {
			t.abandon(notProvisioned())
		}
	case BudgetLost:
		t.budgetLost = true
		t.abandon(lostBudget())
	case ShutdownRequested:
		t.abandon(internal("the runtime is shutting down"))
	case ParentEnding:
		t.abandon(protocol.NewError(protocol.Cancelled, "the job that delegated this one ends"))
	default:
		return false
	}
	return true
}

func notProvisioned() *protocol.Error {
	return internal("the credentials of the job could not be issued")
}

// abandon gives a submission up.
func (t *turn) abandon(cause *protocol.Error) {
	p := t.proposal
	t.proposal = nil
	if p.Derived == nil {
		t.refuse(p.RequestID, p.SessionID, cause)
		t.state = Ended
		t.end()
		return
	}
	// §10 (choice): a child was announced by its delegate event, so it is accepted and ends at once, without an agent.
	t.take(*p)
	t.state = Finishing
	t.ending = failed(cause)
	t.do(Accept{RequestID: p.RequestID, Payload: t.accepted()})
	t.finish()
}

// late takes credentials that nobody waits for any more.
func (t *turn) late(in CredentialsIssued) {
	var handles []string
	for _, credential := range in.Credentials {
		handles = append(handles, credential.Handle)
	}
	t.revoke(handles...)
}

// revoke revokes what was not revoked before: a value may come late with a handle that has been.
func (t *turn) revoke(handles ...string) {
	handles = slices.DeleteFunc(handles, func(handle string) bool { return slices.Contains(t.revoked, handle) })
	if len(handles) > 0 {
		t.revoked = append(t.revoked, handles...)
		t.do(RevokeCredentials{Handles: handles})
	}
}

// credentialRotated takes a new value, tells of it and revokes the old one, in that order (§9.8.2).
func (t *turn) credentialRotated(in CredentialRotated) {
	i := slices.IndexFunc(t.credentials, func(c Provisioned) bool { return c.ID == in.ID })
	switch t.state {
	case Pending, Running, Stopping:
	default:
		i = -1
	}
	if i < 0 {
		t.revoke(in.Handle)
		return
	}
	prior := t.credentials[i].Handle
	t.credentials = slices.Clone(t.credentials)
	t.credentials[i].Value, t.credentials[i].Handle = in.Value, in.Handle
	t.learn(in.Value)
	t.publish(protocol.KindStatus, marshal(rotated{Phase: "credential_rotated", ID: in.ID, Value: in.Value}))
	if prior != in.Handle {
		t.revoke(prior)
	}
}

// rotated is the body of the status event. §9.8.2 (choice): id and value stand beside phase.
type rotated struct {
	Phase string `json:"phase"`
	ID    string `json:"id"`
	Value string `json:"value"`
}

// revokeAll takes all credentials back. §9.8.2: at every kind of ending; and before anybody hears of it.
func (t *turn) revokeAll() {
	var handles []string
	for _, credential := range t.credentials {
		handles = append(handles, credential.Handle)
	}
	t.revoke(handles...)
	t.credentials = nil
}

// Credentials returns what the job has now, with the newest values; nil before it was accepted, and once it has ended.
func (m *Machine) Credentials() []protocol.Credential {
	var all []protocol.Credential
	for _, credential := range m.credentials {
		all = append(all, credential.Credential)
	}
	return all
}

// credentialsFor is what an observer is told (§7.6): they follow the submitter only.
func (m *Machine) credentialsFor(principal string) []protocol.Credential {
	if principal != m.offer.Principal {
		return nil
	}
	return m.Credentials()
}

// redactEvent is an event as it stands in the log and goes to subscribers. §14: no value is echoed to them, whoever says it,
// the agent included. §7.6 (choice): not to those of the submitting principal either; they are told the newest value when they
// subscribe again.
func (m *Machine) redactEvent(event protocol.JobEvent) protocol.JobEvent {
	event.Body = m.redactJSON(event.Body)
	return event
}

// redactEnding is the same for the ending.
func (m *Machine) redactEnding(ending protocol.Payload) protocol.Payload {
	switch ending := ending.(type) {
	case protocol.JobResult:
		ending.Result, ending.Summary = m.redactJSON(ending.Result), m.redact(ending.Summary)
		return ending
	case protocol.JobError:
		ending.Message = m.redact(ending.Message)
		return ending
	}
	return ending
}

// redactJSON leaves the values out of JSON. They have no quotes and no backslashes, so it stays JSON; if it does not, as where
// a value is the digits of a number, nothing is left of it.
func (m *Machine) redactJSON(text json.RawMessage) json.RawMessage {
	if len(m.secrets) == 0 || len(text) == 0 {
		return text
	}
	plain := m.redact(string(text))
	if plain == string(text) {
		return text
	}
	if protocol.CheckValue([]byte(plain)) != nil {
		return json.RawMessage("{}")
	}
	return json.RawMessage(plain)
}

// learn notes a value that is to be left out, and how JSON has it where <, > and & are escaped.
func (t *turn) learn(secret string) {
	escaped := string(marshal(secret))
	t.secrets = append(t.secrets, secret, escaped[1:len(escaped)-1])
}

// redact leaves the values of the job's credentials out of a text, those that were rotated included.
func (m *Machine) redact(text string) string { return protocol.Redact(text, m.secrets) }
