package actors

import (
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// show tells a session what it observes of the job (§7.6). Copies take no credit: whoever only looks on must not slow the
// job down.
func (a *jobActor) show(effect job.Effect) {
	switch effect := effect.(type) {
	case job.Subscribed:
		a.tellViewer(effect.SessionID, session.JobSubscribed{
			RequestID: effect.RequestID, JobID: a.id, TraceID: a.trace, Payload: effect.Payload, Own: effect.Own,
		})
	case job.CopyEvent:
		a.tellViewer(effect.SessionID, session.JobEvent{
			Copied: true, JobID: a.id, TraceID: a.trace, Payload: effect.Event,
		})
	case job.CopyEnding:
		a.tellViewer(effect.SessionID, session.JobEnded{
			Copied: true, JobID: a.id, TraceID: a.trace, Payload: effect.Payload,
		})
	}
}

// tellViewer tells one session. One that is over observes nothing more.
func (a *jobActor) tellViewer(id protocol.SessionID, input session.Input) {
	viewer, known := a.viewers[id]
	if known && viewer.ref.Tell(sessionMessage{input: input}) != nil {
		delete(a.viewers, id)
		_ = a.self.Tell(jobMessage{input: job.UnsubscribeRequested{SessionID: id}})
	}
}
