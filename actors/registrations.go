package actors

import (
	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// registryMessage is one message to the registry, which knows all jobs and sessions of a runtime by name.
type registryMessage interface{ registryMessage() }

type (
	sessionOpened   struct{ ref *engine.Ref[sessionMessage] }
	connectionEnded struct{}
	// admitSession asks for a session of a client that was authenticated. Opened is what it is told when it may.
	admitSession struct {
		from   address
		opened session.Authenticated
	}
	resumeSession struct {
		offer  offer
		resume session.ResumeSession
	}
	sessionEnded struct{ ref *engine.Ref[sessionMessage] }

	submitJob struct {
		from   address
		submit session.SubmitJob
		digest [32]byte // of what is asked for, where there is a key (§7.2)
	}
	listJobs       struct{ list session.ListJobs }
	cancelJob      struct{ cancel session.CancelJob }
	subscribeJob   struct{ subscribe session.SubscribeJob }
	unsubscribeJob struct{ unsubscribe session.UnsubscribeJob }

	jobAccepted struct {
		id      protocol.JobID
		payload protocol.JobAccepted
	}
	jobRefused struct {
		id  protocol.JobID
		err *protocol.Error
	}
	jobChanged struct {
		id     protocol.JobID
		status protocol.JobStatus
	}
	jobEnded struct{ id protocol.JobID }

	wakeUp    struct{}
	shutDown  struct{}
	countLeft struct{ answer *engine.Question[Left] }
)

func (sessionOpened) registryMessage()   {}
func (connectionEnded) registryMessage() {}
func (admitSession) registryMessage()    {}
func (resumeSession) registryMessage()   {}
func (sessionEnded) registryMessage()    {}
func (submitJob) registryMessage()       {}
func (listJobs) registryMessage()        {}
func (cancelJob) registryMessage()       {}
func (subscribeJob) registryMessage()    {}
func (unsubscribeJob) registryMessage()  {}
func (jobAccepted) registryMessage()     {}
func (jobRefused) registryMessage()      {}
func (jobChanged) registryMessage()      {}
func (jobEnded) registryMessage()        {}
func (wakeUp) registryMessage()          {}
func (shutDown) registryMessage()        {}
func (countLeft) registryMessage()       {}
