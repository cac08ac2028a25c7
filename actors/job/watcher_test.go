package job_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// watcher holds what must be true of every job, whatever happens to it.
type watcher struct {
	open      map[job.CallID]bool // questions: asked and not answered yet
	accepted  bool
	started   bool
	stopped   bool
	cancelled bool // a cancel was acknowledged
	orphaned  bool // the parent ends, which may end the job as CANCELLED too
	ended     bool
	over      bool // End was said

	viewers viewers
	keys    keys

	chunks int
	last   bool // the chunk with more false is out
	bytes  int64
}

func (v *watcher) check(m *job.Machine, in job.Input, effects []job.Effect) error {
	if _, ends := in.(job.ParentEnding); ends {
		v.orphaned = true
	}
	answers := 0
	for _, effect := range effects {
		if v.ended || v.over {
			switch effect.(type) {
			case job.Reply, job.Refuse, job.ShowBudget, job.RevokeCredentials:
			case job.Subscribed, job.CopyEvent, job.CopyEnding: // held against the log below
			case job.End:
				if v.over {
					return fmt.Errorf("End twice")
				}
			default:
				return fmt.Errorf("after the ending: %s", transcript.Render(effect))
			}
		}
		switch effect.(type) {
		case job.Accept, job.Refuse, job.AcknowledgeCancel:
			answers++
		}
		if err := v.checkOne(effect); err != nil {
			return err
		}
	}
	want := 0
	switch in.(type) {
	case job.Submitted, job.CancelRequested:
		want = 1
	case job.SubscribeRequested:
		want = answers // now or later, see viewers
	}
	if want = v.keys.answers(want, answers, effects); answers != want {
		return fmt.Errorf("%d answers to the session, want %d", answers, want)
	}
	if v.ended && m.State() != job.Ended {
		return fmt.Errorf("state %v after the ending", m.State())
	}
	if err := v.keys.check(in, effects); err != nil {
		return err
	}
	return v.viewers.check(m, v.accepted, in, effects)
}

func (v *watcher) checkOne(effect job.Effect) error {
	switch effect := effect.(type) {
	case job.Reply:
		if !v.open[effect.Call] {
			return fmt.Errorf("call %d was answered without being asked, or twice", effect.Call)
		}
		v.open[effect.Call] = false
	case job.Accept:
		if v.accepted {
			return fmt.Errorf("accepted twice")
		}
		v.accepted = true
	case job.StartAgent:
		if !v.accepted || v.started {
			return fmt.Errorf("started out of place")
		}
		v.started = true
	case job.StopAgent:
		if !v.started || v.stopped {
			return fmt.Errorf("stopped out of place")
		}
		v.stopped = true
	case job.AcknowledgeCancel:
		v.cancelled = true
	case job.SendEvent:
		if !v.accepted {
			return fmt.Errorf("an event before job.accepted")
		}
		return v.checkEvent(effect.Event)
	case job.SendEnding:
		v.ended = true
		return v.checkEnding(effect.Payload)
	case job.End:
		v.over = true
	}
	return nil
}

func (v *watcher) checkEvent(event protocol.JobEvent) error {
	if event.Kind != protocol.KindResultChunk {
		return nil
	}
	var chunk protocol.ResultChunk
	if err := json.Unmarshal(event.Body, &chunk); err != nil {
		return err
	}
	if v.last || chunk.ChunkSeq != uint64(v.chunks) || chunk.ResultID != "res_1" {
		return fmt.Errorf("chunk out of place: %s", event.Body)
	}
	data := []byte(chunk.Data)
	if chunk.Encoding == protocol.Base64 {
		var err error
		if data, err = base64.StdEncoding.DecodeString(chunk.Data); err != nil {
			return err
		}
	}
	v.chunks++
	v.bytes += int64(len(data))
	v.last = !chunk.More
	return nil
}

func (v *watcher) checkEnding(payload protocol.Payload) error {
	switch ending := payload.(type) {
	case protocol.JobError:
		if (!v.orphaned || v.cancelled) && v.cancelled != (ending.Code == protocol.Cancelled && ending.FinalStatus == protocol.StatusCancelled) {
			return fmt.Errorf("cancelled is %v, ending is %s", v.cancelled, transcript.Render(ending))
		}
		if (ending.Code == protocol.Timeout) != (ending.FinalStatus == protocol.StatusTimedOut) {
			return fmt.Errorf("got %s", transcript.Render(ending))
		}
		switch ending.Code {
		case protocol.BudgetExhausted, protocol.LeaseExpired:
			if ending.Retryable || ending.FinalStatus != protocol.StatusError {
				return fmt.Errorf("got %s", transcript.Render(ending))
			}
		}
	case protocol.JobResult:
		streamed := ending.ResultID != ""
		switch {
		case v.cancelled:
			return fmt.Errorf("a success after the cancel was acknowledged")
		case streamed == (ending.Result != nil), streamed != (v.chunks > 0), streamed != v.last:
			return fmt.Errorf("after %d chunks (last: %v): %s", v.chunks, v.last, transcript.Render(ending))
		case streamed && *ending.ResultSize != v.bytes:
			return fmt.Errorf("result_size %d of %d bytes", *ending.ResultSize, v.bytes)
		}
	default:
		return fmt.Errorf("no ending: %s", transcript.Render(payload))
	}
	return nil
}
