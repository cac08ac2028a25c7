package protocol

// The types of the messages, by payload.

func (SessionHello) Type() MessageType    { return TypeSessionHello }
func (SessionWelcome) Type() MessageType  { return TypeSessionWelcome }
func (SessionResume) Type() MessageType   { return TypeSessionResume }
func (SessionPing) Type() MessageType     { return TypeSessionPing }
func (SessionPong) Type() MessageType     { return TypeSessionPong }
func (SessionAck) Type() MessageType      { return TypeSessionAck }
func (SessionListJobs) Type() MessageType { return TypeSessionListJobs }
func (SessionJobs) Type() MessageType     { return TypeSessionJobs }
func (SessionClose) Type() MessageType    { return TypeSessionClose }
func (SessionClosed) Type() MessageType   { return TypeSessionClosed }
func (SessionError) Type() MessageType    { return TypeSessionError }
func (JobSubmit) Type() MessageType       { return TypeJobSubmit }
func (JobAccepted) Type() MessageType     { return TypeJobAccepted }
func (JobEvent) Type() MessageType        { return TypeJobEvent }
func (JobResult) Type() MessageType       { return TypeJobResult }
func (JobError) Type() MessageType        { return TypeJobError }
func (JobCancel) Type() MessageType       { return TypeJobCancel }
func (JobCancelled) Type() MessageType    { return TypeJobCancelled }
func (JobSubscribe) Type() MessageType    { return TypeJobSubscribe }
func (JobSubscribed) Type() MessageType   { return TypeJobSubscribed }
func (JobUnsubscribe) Type() MessageType  { return TypeJobUnsubscribe }

// readPayload reads the payload of a message type, nil for a type that is unknown.
func readPayload(messageType MessageType, f *form) Payload {
	switch messageType {
	case TypeSessionHello:
		return read(f, (*SessionHello).walk)
	case TypeSessionWelcome:
		return read(f, (*SessionWelcome).walk)
	case TypeSessionResume:
		return read(f, (*SessionResume).walk)
	case TypeSessionPing:
		return read(f, (*SessionPing).walk)
	case TypeSessionPong:
		return read(f, (*SessionPong).walk)
	case TypeSessionAck:
		return read(f, (*SessionAck).walk)
	case TypeSessionListJobs:
		return read(f, (*SessionListJobs).walk)
	case TypeSessionJobs:
		return read(f, (*SessionJobs).walk)
	case TypeSessionClose:
		return read(f, (*SessionClose).walk)
	case TypeSessionClosed:
		return read(f, (*SessionClosed).walk)
	case TypeSessionError:
		return read(f, (*SessionError).walk)
	case TypeJobSubmit:
		return read(f, (*JobSubmit).walk)
	case TypeJobAccepted:
		return read(f, (*JobAccepted).walk)
	case TypeJobEvent:
		return read(f, (*JobEvent).walk)
	case TypeJobResult:
		return read(f, (*JobResult).walk)
	case TypeJobError:
		return read(f, (*JobError).walk)
	case TypeJobCancel:
		return read(f, (*JobCancel).walk)
	case TypeJobCancelled:
		return read(f, (*JobCancelled).walk)
	case TypeJobSubscribe:
		return read(f, (*JobSubscribe).walk)
	case TypeJobSubscribed:
		return read(f, (*JobSubscribed).walk)
	case TypeJobUnsubscribe:
		return read(f, (*JobUnsubscribe).walk)
	}
	return nil
}

func read[T Payload](f *form, walk func(*T, *form)) Payload {
	var payload T
	walk(&payload, f)
	f.done()
	return payload
}

// writePayload writes the fields of a payload. It says whether it knows the payload.
func writePayload(payload Payload, f *form) bool {
	switch p := payload.(type) {
	case SessionHello:
		p.walk(f)
	case SessionWelcome:
		p.walk(f)
	case SessionResume:
		p.walk(f)
	case SessionPing:
		p.walk(f)
	case SessionPong:
		p.walk(f)
	case SessionAck:
		p.walk(f)
	case SessionListJobs:
		p.walk(f)
	case SessionJobs:
		p.walk(f)
	case SessionClose:
		p.walk(f)
	case SessionClosed:
		p.walk(f)
	case SessionError:
		p.walk(f)
	case JobSubmit:
		p.walk(f)
	case JobAccepted:
		p.walk(f)
	case JobEvent:
		p.walk(f)
	case JobResult:
		p.walk(f)
	case JobError:
		p.walk(f)
	case JobCancel:
		p.walk(f)
	case JobCancelled:
		p.walk(f)
	case JobSubscribe:
		p.walk(f)
	case JobSubscribed:
		p.walk(f)
	case JobUnsubscribe:
		p.walk(f)
	default:
		return false
	}
	return true
}
