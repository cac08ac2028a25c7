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
	Open                        // welcomed and connected
	Closing                     // the transport was told to close
	Detached                    // welcomed, without a connection
	Ended                       // over
)

func (s State) String() string {
	return [...]string{"greeting", "authenticating", "open", "closing", "detached", "ended"}[s]
}

// Machine is one session. The zero value is not usable; see New.
type Machine struct {
	config Config
	state  State

	hello    protocol.SessionHello
	helloID  protocol.MessageID // the request that the welcome answers
	features []protocol.Feature // §6.2: the intersection

	id        protocol.SessionID // "" until the welcome
	principal string

	lastSeq uint64    // §8.3: number of the newest event; 0 before the first
	pings   uint64    // pings sent
	heard   time.Time // when the client last sent anything
	spoke   time.Time // when the client was last sent anything
	until   time.Time // end of the handshake, or of the resume window
}

// New returns the machine of a connection that was just made. A nil config is all
// defaults.
func New(now time.Time, config *Config) *Machine {
	m := &Machine{config: config.withDefaults(), heard: now, spoke: now}
	m.until = now.Add(m.config.HandshakeTimeout)
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
	case Greeting, Authenticating, Detached:
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
	case JobAccepted:
		t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, TraceID: in.TraceID, Payload: in.Payload})
	case JobCancelled:
		t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, Payload: protocol.JobCancelled{JobID: in.JobID}})
	case RequestRefused:
		t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, Payload: protocol.SessionError{Error: *in.Err}})
	case JobEvent:
		t.event(in.JobID, in.TraceID, in.Payload)
	case JobEnded:
		t.event(in.JobID, in.TraceID, in.Payload)
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
func (t *turn) event(job protocol.JobID, trace protocol.TraceID, payload protocol.Payload) {
	switch t.state {
	case Open, Closing, Detached:
	default:
		return
	}
	if t.id == "" {
		return // closing without ever having been a session: it has no jobs
	}
	// §8.3: one sequence for all jobs of the session. What a detached session misses
	// keeps its number, so that a resume finds no gap.
	t.lastSeq++
	if t.state == Open {
		t.send(protocol.Envelope{JobID: job, TraceID: trace, EventSeq: t.lastSeq, Payload: payload})
	}
}

// closeTransport sends nothing more on this connection.
func (t *turn) closeTransport() {
	t.state = Closing
	t.do(CloseTransport{})
}

func (t *turn) disconnected() {
	switch t.state {
	case Greeting, Authenticating:
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
