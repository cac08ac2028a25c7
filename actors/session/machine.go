package session

import (
	"slices"
	"strconv"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// State is where a session stands. The zero value is Greeting.
type State uint8

// The states of a session; doc.go has the diagram.
const (
	Greeting       State = iota // connected, no session.hello yet
	Authenticating              // the token is being looked at
	HandingOver                 // the connection is offered to the session that it resumes
	Open                        // welcomed and connected
	Closing                     // the transport was told to close
	Detached                    // welcomed, without a connection
	Ended                       // over
)

func (s State) String() string {
	return [...]string{"greeting", "authenticating", "handing over", "open", "closing", "detached", "ended"}[s]
}

// Machine is one session. The zero value is not usable; see New.
type Machine struct {
	config Config
	state  State

	hello    protocol.SessionHello
	helloID  protocol.MessageID      // the request that the welcome answers
	resume   *protocol.SessionResume // what the client asked for in place of a new session
	features []protocol.Feature      // §6.2: the intersection

	id        protocol.SessionID // "" until the welcome
	principal string

	token         digest                       // §6.3: of the newest resume token
	replay        replay                       // §6.3: what a resume can ask for
	acked         uint64                       // §6.5: the highest number that the client acknowledged; 0 for none
	pressed       bool                         // §6.5: the client was told that it lags
	subscriptions map[protocol.JobID]struct{}  // §7.6: to jobs of other sessions
	asked         map[protocol.MessageID]asked // §7.6: by the request
	lastSeq       uint64                       // §8.3: number of the newest event; 0 before the first
	pings         uint64                       // pings sent
	heard         time.Time                    // when the client last sent anything
	spoke         time.Time                    // when the client was last sent anything
	until         time.Time                    // end of the handshake, or of the resume window
}

// New returns the machine of a connection that was just made. A nil config is all
// defaults.
func New(now time.Time, config *Config) *Machine {
	m := &Machine{config: config.withDefaults(), heard: now, spoke: now}
	m.until = now.Add(m.config.HandshakeTimeout)
	m.subscriptions, m.asked = map[protocol.JobID]struct{}{}, map[protocol.MessageID]asked{}
	m.replay = replay{maxEvents: m.config.BufferEvents, maxBytes: m.config.BufferBytes}
	return m
}

// State says where the session stands.
func (m *Machine) State() State { return m.state }

// ID is the session's name, "" before the welcome.
func (m *Machine) ID() protocol.SessionID { return m.id }

// LastSeq is the number of the newest event, 0 before the first (§8.3).
func (m *Machine) LastSeq() uint64 { return m.lastSeq }

// Deadline says when the machine wants a Tick at the latest; zero means never. It may
// change with every Step.
func (m *Machine) Deadline() time.Time {
	switch m.state {
	case Greeting, Authenticating, HandingOver, Detached:
		return m.until
	case Open:
		if !m.uses(protocol.FeatureHeartbeat) {
			return time.Time{}
		}
		if m.pingDue().Before(m.silenceDue()) {
			return m.pingDue()
		}
		return m.silenceDue()
	default:
		return time.Time{}
	}
}

// Step takes one input and returns what is to be done, in order. now must not go back.
func (m *Machine) Step(now time.Time, in Input) []Effect {
	t := turn{Machine: m, now: now}
	switch in := in.(type) {
	case MessageReceived:
		t.message(in.Envelope)
	case FrameRefused:
		t.badFrame(in.Refusal)
	case Authenticated:
		t.welcome(in)
	case AuthenticationFailed:
		t.unauthenticated()
	case SessionRefused:
		t.notAdmitted(in.Err)
	case HandedOver:
		t.handedOver()
	case ResumeRefused:
		t.notResumed(in.Err)
	case ResumeRequested:
		t.resumed(in)
	case JobAccepted:
		in.Payload.Credentials = t.shown(in.Payload.Credentials)
		t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, TraceID: in.TraceID, Payload: in.Payload})
	case JobCancelled:
		t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, Payload: protocol.JobCancelled{JobID: in.JobID}})
	case RequestRefused:
		delete(t.asked, in.RequestID)
		t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, Payload: protocol.SessionError{Error: *in.Err}})
	case JobEvent:
		t.event(in.JobID, in.TraceID, in.Payload, in.Copied)
	case JobEnded:
		t.event(in.JobID, in.TraceID, in.Payload, in.Copied)
		delete(t.subscriptions, in.JobID)
	case JobsListed:
		in.Payload.Jobs = t.shownJobs(in.Payload.Jobs)
		t.reply(protocol.Envelope{RequestID: in.RequestID, Payload: in.Payload})
	case JobSubscribed:
		t.subscribed(in)
	case ConnectionLost:
		t.disconnected()
	case Tick:
		t.tick()
	}
	return t.effects
}

// uses tells whether a feature is in the intersection (§6.2).
func (m *Machine) uses(feature protocol.Feature) bool {
	return slices.Contains(m.features, feature)
}

// turn is one Step under way.
type turn struct {
	*Machine
	now     time.Time
	effects []Effect
}

func (t *turn) do(effect Effect) { t.effects = append(t.effects, effect) }

// send writes one message. §5: session_id stands on all from the welcome on.
func (t *turn) send(envelope protocol.Envelope) {
	envelope.SessionID = t.id
	t.spoke = t.now
	t.do(Send{Envelope: envelope})
}

// refuse answers a request with an error; the request had no effect (§12).
func (t *turn) refuse(request protocol.MessageID, err *protocol.Error) {
	t.send(protocol.Envelope{RequestID: request, Payload: protocol.SessionError{Error: *err}})
}

// invalid refuses a request with INVALID_REQUEST.
func (t *turn) invalid(request protocol.MessageID, message string) {
	t.refuse(request, protocol.NewError(protocol.InvalidRequest, message))
}

// reply passes an answer on, where there is still somebody to read it.
func (t *turn) reply(envelope protocol.Envelope) {
	if t.state == Open {
		t.send(envelope)
	}
}

// event numbers one message of a job, and sends it if there is a connection.
func (t *turn) event(job protocol.JobID, trace protocol.TraceID, payload protocol.Payload, copied bool) {
	switch t.state {
	case Open, Closing, Detached:
	default:
		return
	}
	if t.id == "" || !t.expected(job, copied) {
		return // closing without ever having been a session, or no longer subscribed
	}
	// §8.3: one sequence for all jobs of the session. What a detached session misses
	// keeps its number, so that a resume finds no gap.
	t.number(job, trace, payload)
	if payload.Type() == protocol.TypeJobEvent {
		t.press(job, trace)
	}
}

// number gives one message the next number, keeps it for a resume, and then sends it.
func (t *turn) number(job protocol.JobID, trace protocol.TraceID, payload protocol.Payload) {
	t.lastSeq++
	event := protocol.Envelope{JobID: job, TraceID: trace, EventSeq: t.lastSeq, Payload: payload}
	t.replay.add(event)
	if t.state == Open {
		t.send(event)
	}
}

// closeTransport sends nothing more on this connection.
func (t *turn) closeTransport() {
	t.state = Closing
	t.do(CloseTransport{})
}

func (t *turn) disconnected() {
	switch t.state {
	case Greeting, Authenticating, HandingOver:
		t.end()
	case Open, Closing:
		if t.id == "" {
			t.end()
			return
		}
		// §6.4, §6.7: the session outlives its connection for the resume window, and
		// its jobs run on.
		t.state = Detached
		t.until = t.now.Add(t.config.ResumeWindow)
	}
}

func (t *turn) end() {
	t.state = Ended
	t.do(End{})
}

func (t *turn) nonce() string {
	t.pings++
	return "p_" + strconv.FormatUint(t.pings, 10)
}
