package actors

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/internal/wait"
	"github.com/arcp-conformance/arcp/protocol"
)

// Credentials are those that were provisioned for this job (§9.8), with the values that are good now: one may be rotated, so
// an agent asks for each call. Nil where there are none. A credential is for its endpoint only, and is revoked when the job
// ends. Values must not go into logs, events or errors; those that do are taken out of what others than the submitter see.
func (j *Job) Credentials() []protocol.Credential { return j.wallet.show() }

// wallet has a job's credentials for its agent. It is shared by the actor, which fills it, and the agent.
type wallet struct {
	mutex   sync.Mutex
	current []protocol.Credential
	values  []string // all that there ever were
}

func (w *wallet) fill(current []protocol.Credential) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.current = current
	for _, credential := range current {
		if !slices.Contains(w.values, credential.Value) {
			w.values = append(w.values, credential.Value)
		}
	}
}

func (w *wallet) show() []protocol.Credential {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return slices.Clone(w.current)
}

// redact leaves the values out of what an agent says, before it is logged.
func (w *wallet) redact(text string) string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return protocol.Redact(text, w.values)
}

// custody is what a job's actor has of the job's credentials.
type custody struct {
	wallet wallet
	held   []string           // handles that the machine has not revoked yet
	stop   context.CancelFunc // ends issuing and rotating; nil before
}

// meet notes what came in, before the machine takes it: it is the actor's to revoke should the machine break.
func (c *custody) meet(in job.Input) {
	c.held = append(c.held, handlesOf(in)...)
}

// rest ends issuing and rotating.
func (c *custody) rest() {
	if c.stop != nil {
		c.stop()
	}
}

// handlesOf has the handles that an input brings.
func handlesOf(in job.Input) []string {
	var handles []string
	switch in := in.(type) {
	case job.CredentialsIssued:
		for _, credential := range in.Credentials {
			handles = append(handles, credential.Handle)
		}
	case job.CredentialRotated:
		handles = []string{in.Handle}
	}
	return handles
}

// credentialsChanged tells the registry what a job has now, for the submitter's listings (§6.6).
type credentialsChanged struct {
	id      protocol.JobID
	current []protocol.Credential
}

func (credentialsChanged) registryMessage() {}

// refill shows what the machine has taken to the agent, and to the registry.
func (a *jobActor) refill(in job.Input) {
	switch in.(type) {
	case job.CredentialsIssued, job.CredentialRotated:
		if current := a.machine.Credentials(); current != nil {
			a.custody.wallet.fill(current)
			_ = a.runtime.registry.Tell(credentialsChanged{id: a.id, current: current})
		}
	}
}

// revoke begins what the machine has decided. The ledger has the handles since they were issued (§14).
func (a *jobActor) revoke(handles []string) {
	a.custody.held = slices.DeleteFunc(a.custody.held, func(handle string) bool { return slices.Contains(handles, handle) })
	a.runtime.issuer.Revoke(handles...)
}

// closeCustody ends what is done for the credentials. What the machine has not revoked, because it broke, is revoked now.
func (a *jobActor) closeCustody() {
	a.custody.rest()
	if len(a.custody.held) > 0 {
		a.revoke(slices.Clone(a.custody.held))
	}
}

// dropped takes a message that the actor will not handle.
func (a *jobActor) dropped(m jobMessage) {
	m.loan.release()
	if handles := handlesOf(m.input); handles != nil {
		a.runtime.issuer.Revoke(handles...)
	}
}

// provision asks for the credentials, and keeps them fresh, in a goroutine of its own.
func (a *jobActor) provision(effect job.IssueCredentials) {
	ctx, stop := context.WithCancel(a.runtime.life)
	a.custody.stop = stop
	end, _ := effect.Lease.ExpiresAt()
	p := &provisioning{
		issuer: a.runtime.issuer, job: a.self, budget: a.budget, log: a.runtime.log.With("job", a.id),
		request: credentials.Request{
			JobID: a.id, ParentJobID: effect.ParentJobID, Principal: effect.Principal,
			Lease: protocol.Lease(effect.Lease.Wire()), ExpiresAt: end,
		},
	}
	a.runtime.provisioning.Go(func() { p.run(ctx) })
}

// provisioning is the world's side of one job's credentials.
type provisioning struct {
	issuer  *credentials.Issuer
	job     *engine.Ref[jobMessage]
	budget  *engine.Ref[budgetMessage] // nil without a budget
	log     *slog.Logger
	request credentials.Request
	issued  []credentials.Issued
}

func (p *provisioning) run(ctx context.Context) {
	err := p.size(ctx)
	if err == nil {
		p.issued, err = p.issuer.Issue(ctx, p.request)
	}
	if err != nil {
		p.log.Error("no credentials could be issued", "error", err)
		p.tell(job.CredentialsFailed{})
		return
	}
	all := make([]job.Provisioned, 0, len(p.issued))
	for _, one := range p.issued {
		p.log.Info("credential issued", "credential", one.Handle)
		all = append(all, job.Provisioned{Credential: one.Credential, Handle: one.Handle})
	}
	p.tell(job.CredentialsIssued{Credentials: all})
	for p.rotateNext(ctx) {
	}
}

// tell tells the job. Where it is no more, what it should have had is revoked.
func (p *provisioning) tell(in job.Input) {
	if p.job.Tell(jobMessage{input: in}) != nil {
		p.issuer.Revoke(handlesOf(in)...)
	}
}

// size asks what is left to spend (§9.8.3).
func (p *provisioning) size(ctx context.Context) error {
	if p.budget == nil {
		return nil
	}
	remaining, err := engine.Ask(ctx, p.budget, func(q *engine.Question[[]budget.Counter]) budgetMessage {
		return budgetMessage{job: p.request.JobID, spendable: q}
	})
	p.request.Remaining = remaining
	return err
}

// rotatePause is the least time between a rotation and the next try.
const rotatePause = time.Second

// rotateNext waits for the credential whose time comes first, and gets it a new value (§9.8.2). One that fails keeps its old
// value, which is good for as long as the upstream says, and is tried again. False: the job has ended, or nothing rotates.
func (p *provisioning) rotateNext(ctx context.Context) bool {
	next := -1
	for i, one := range p.issued {
		if !one.RotateAt.IsZero() && (next < 0 || one.RotateAt.Before(p.issued[next].RotateAt)) {
			next = i
		}
	}
	if next < 0 || wait.For(ctx, max(time.Until(p.issued[next].RotateAt), rotatePause)) != nil {
		return false
	}
	one := &p.issued[next]
	err := p.size(ctx)
	var fresh credentials.Issued
	if err == nil {
		fresh, err = p.issuer.Rotate(ctx, credentials.Rotation{Request: p.request, ID: one.Credential.ID, Handle: one.Handle})
	}
	switch {
	case errors.Is(err, credentials.ErrNoRotator):
		p.log.Error("a credential shall be rotated, and the provisioner cannot", "credential", one.Handle)
		one.RotateAt = time.Time{}
	case err != nil:
		p.log.Warn("rotating a credential failed", "credential", one.Handle, "error", err)
		one.RotateAt = time.Now().Add(10 * rotatePause)
	default:
		one.Handle, one.RotateAt = fresh.Handle, fresh.RotateAt
		p.log.Info("credential rotated", "credential", one.Handle)
		p.tell(job.CredentialRotated{ID: one.Credential.ID, Value: fresh.Credential.Value, Handle: fresh.Handle})
	}
	return true
}

// lastCredentials closes the issuer when no job is left, and counts what is still to be revoked.
func (r *Runtime) lastCredentials(ctx context.Context) int {
	if r.issuer == nil {
		return 0
	}
	if ctx.Err() == nil { // else jobs may still begin
		idle := make(chan struct{})
		go func() {
			defer close(idle)
			r.provisioning.Wait() // no job is left that they work for
		}()
		select {
		case <-idle:
		case <-ctx.Done():
		}
	}
	err := r.issuer.Close(ctx)
	var left *credentials.Left
	if errors.As(err, &left) {
		r.log.Error("shut down with credentials to revoke; the next start does", "count", len(left.Outstanding))
		return len(left.Outstanding)
	}
	if err != nil {
		r.log.Error("the ledger of credentials failed", "error", err)
	}
	return 0
}
