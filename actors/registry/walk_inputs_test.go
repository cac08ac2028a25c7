package registry_test

import (
	"encoding/json"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// sessions is how many sessions a walk knows: two of alice, one of bob, one of carol.
const sessions = 4

func session(i int) protocol.SessionID { return protocol.SessionID(fmt.Sprintf("sess_%d", i+1)) }

func principalOf(i int) string { return [sessions]string{"alice", "alice", "bob", "carol"}[i] }

// way leads to a state.
type way struct {
	name   string
	inputs []int
	depth  int
}

func ways() []way {
	return []way{
		{"nothing", nil, 2},
		{"a session", []int{2}, 2},
		{"sessions", []int{2, 3, 4, 5}, 2},
		{"starting", []int{2, 3, 4, 5, 8}, 2},
		{"live", []int{2, 3, 4, 5, 8, 15}, 3},
		{"waiting", []int{2, 3, 4, 5, 9, 10, 10}, 3},
		{"held", []int{2, 3, 4, 5, 9, 15, 8}, 2},
		{"spent", []int{2, 3, 4, 5, 9, 15, 21}, 3},
		{"watched", []int{2, 3, 4, 5, 8, 15, 31}, 2},
		{"child", []int{2, 3, 4, 5, 8, 15, 14, 16}, 2},
		{"paging", []int{2, 3, 4, 5, 8, 15, 8, 16, 25}, 2},
		{"full", []int{2, 3, 4, 5, 8, 8, 8}, 2},
		{"closing", []int{2, 3, 4, 5, 0, 8, 15, 33}, 2},
		{"drained", []int{2, 3, 4, 5, 33}, 2},
	}
}

// inputs is how many numbers input knows.
const inputs = 36

// input makes the input of a number.
func (w *walker) input(number int) registry.Input {
	switch number {
	case 0:
		return registry.ConnectionOpened{}
	case 1:
		return registry.ConnectionClosed{}
	case 2, 3, 4, 5:
		return registry.SessionOpened{SessionID: session(number - 2), Principal: principalOf(number - 2)}
	case 6:
		return registry.SessionEnded{SessionID: "sess_1"}
	case 7:
		return registry.ResumeRequested{RequestID: w.request(), SessionID: "sess_1", Principal: "alice"}
	case 8:
		return w.submit(0, "", 1)
	case 9:
		return w.submit(0, "k", 1)
	case 10:
		return w.submit(1, "k", 1)
	case 11:
		return w.submit(1, "k", 2)
	case 12:
		return w.submit(2, "k", 1)
	case 13:
		return w.submit(0, "l", 1)
	case 14:
		return registry.DelegationRequested{ParentJobID: "job_1", JobID: w.name()}
	case 15:
		return w.accept("job_1", "writer@1")
	case 16:
		return w.accept("job_2", "writer@2")
	case 17:
		return registry.JobRefused{JobID: "job_1", Err: protocol.NewError(protocol.InvalidRequest, "no")}
	case 18:
		return registry.JobChanged{JobID: "job_1", Status: protocol.StatusRunning, LastEventSeq: 5}
	case 19:
		return registry.JobChanged{JobID: "job_1", Status: protocol.StatusSuccess, LastEventSeq: 3}
	case 20:
		return registry.CredentialsChanged{JobID: "job_1", Credentials: []protocol.Credential{{ID: "cred_1", Value: "rotated"}}}
	case 21:
		return registry.JobEnded{JobID: "job_1"}
	default:
		return w.otherInput(number)
	}
}

func (w *walker) otherInput(number int) registry.Input {
	switch number {
	case 22:
		return registry.JobEnded{JobID: "job_2"}
	case 23:
		return w.list(0, 100, "")
	case 24:
		return w.list(3, 1, "")
	case 25:
		return w.list(1, 1, "")
	case 26:
		in := w.list(1, 2, "")
		in.Statuses, in.Agent = []protocol.JobStatus{protocol.StatusPending, protocol.StatusSuccess}, "writer@1"
		return in
	case 27:
		return w.list(0, 1, w.lastCursor())
	case 28:
		return w.list(2, 1, w.lastCursor())
	case 29:
		return registry.CancelRequested{RequestID: w.request(), SessionID: "sess_1", JobID: "job_1"}
	case 30:
		return registry.CancelRequested{RequestID: w.request(), SessionID: "sess_4", JobID: "job_1"}
	case 31:
		return registry.SubscribeRequested{RequestID: w.request(), SessionID: "sess_2", JobID: "job_1", History: true}
	case 32:
		return registry.UnsubscribeRequested{SessionID: "sess_3", JobID: "job_1"}
	case 33:
		return registry.ShutdownRequested{}
	case 34:
		return registry.SessionEnded{SessionID: "sess_2"}
	default:
		return registry.Tick{}
	}
}

// draw makes an input at random: more of what makes jobs than of what ends all.
func (w *walker) draw(t *rapid.T) registry.Input {
	any := func(label string) int { return rapid.IntRange(0, sessions-1).Draw(t, label) }
	job := func() protocol.JobID {
		// Mostly one of the latest: the others are over.
		back := rapid.IntRange(0, min(w.jobs, 8)).Draw(t, "back")
		return protocol.JobID(fmt.Sprintf("job_%d", w.jobs-back))
	}
	switch rapid.IntRange(0, 24).Draw(t, "input") {
	case 0, 1, 2, 3:
		return w.submit(any("session"), rapid.SampledFrom([]string{"", "k", "l", "m"}).Draw(t, "key"), byte(rapid.IntRange(1, 2).Draw(t, "digest")))
	case 4, 5, 6, 7:
		return w.accept(job(), rapid.SampledFrom([]string{"writer@1", "writer@2", "reader@1"}).Draw(t, "agent"))
	case 8, 9:
		return registry.JobChanged{
			JobID: job(), LastEventSeq: rapid.Uint64Range(0, 9).Draw(t, "seq"),
			Status: rapid.SampledFrom([]protocol.JobStatus{"", "pending", "running", "success", "timed_out"}).Draw(t, "status"),
		}
	case 10, 11:
		return registry.JobEnded{JobID: job()}
	case 12, 13, 14, 15:
		return w.drawList(t, any("session"))
	case 16:
		return registry.DelegationRequested{ParentJobID: job(), JobID: w.name()}
	case 17:
		return registry.JobRefused{JobID: job(), Err: protocol.NewError(protocol.InvalidRequest, "no")}
	case 18, 22, 23:
		return registry.SubscribeRequested{RequestID: w.request(), SessionID: session(any("session")), JobID: job(), From: 3}
	case 19:
		return registry.CancelRequested{RequestID: w.request(), SessionID: session(any("session")), JobID: job()}
	case 20:
		return registry.SessionEnded{SessionID: session(any("session"))}
	case 21:
		i := any("session")
		return registry.SessionOpened{SessionID: session(i), Principal: principalOf(i)}
	default:
		return w.input(rapid.IntRange(0, inputs-1).Draw(t, "any"))
	}
}

func (w *walker) drawList(t *rapid.T, i int) registry.Input {
	in := w.list(i, rapid.IntRange(1, 3).Draw(t, "limit"), "")
	if rapid.Bool().Draw(t, "on") {
		in.Cursor = w.lastCursor()
		if len(w.cursors) > 0 && rapid.Bool().Draw(t, "any cursor") {
			in.Cursor = rapid.SampledFrom(w.cursors).Draw(t, "cursor")
		}
	}
	in.Agent = rapid.SampledFrom([]string{"", "", "writer", "writer@2", "read"}).Draw(t, "agent")
	in.Statuses = rapid.SampledFrom([][]protocol.JobStatus{nil, nil, {"pending"}, {"running", "error"}}).Draw(t, "statuses")
	if rapid.IntRange(0, 3).Draw(t, "created") == 0 {
		in.CreatedAfter = w.now.Add(-time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
	}
	return in
}

func (w *walker) name() protocol.JobID {
	w.jobs++
	return protocol.JobID(fmt.Sprintf("job_%d", w.jobs))
}

func (w *walker) request() protocol.MessageID {
	w.requests++
	return protocol.MessageID(fmt.Sprintf("m%d", w.requests))
}

func (w *walker) submit(i int, key string, parameters byte) registry.Input {
	return registry.SubmitRequested{RequestID: w.request(), SessionID: session(i), JobID: w.name(), Key: key, Digest: [32]byte{parameters}}
}

func (w *walker) accept(id protocol.JobID, agent string) registry.Input {
	return registry.JobAccepted{JobID: id, Payload: protocol.JobAccepted{
		JobID: id, Agent: agent, Lease: protocol.Lease{"tool.call": {"search"}}, AcceptedAt: protocol.FormatTime(w.now),
		Credentials: []protocol.Credential{{ID: "cred_1", Value: "secret", Constraints: json.RawMessage(`{}`)}},
	}}
}

func (w *walker) list(i, limit int, cursor string) registry.ListRequested {
	return registry.ListRequested{RequestID: w.request(), SessionID: session(i), Limit: limit, Cursor: cursor}
}

// lastCursor is the newest, or one that is made up.
func (w *walker) lastCursor() string {
	if len(w.cursors) == 0 {
		return "AAAAAAAAAAAAAAAAAAAAAA"
	}
	return w.cursors[len(w.cursors)-1]
}
