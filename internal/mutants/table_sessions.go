package main

const (
	resumeGo    = "actors/session/resume.go"
	watchGo     = "actors/session/watch.go"
	viewGo      = "actors/job/subscription.go"
	expiryGo    = "actors/job/expiry.go"
	keysGo      = "actors/registry/submit.go"
	listingGo   = "actors/registry/listing.go"
	routesGo    = "actors/registry/routes.go"
	delegateGo  = "actors/job/delegate.go"
	usedKey     = "if k, used := s.owner.keys[name]; used {"
	permitsCall = "if err := t.lease.Permits(operation); err != nil {"
)

// resumes is what can be wrong with §6.3 and §6.5.
func resumes() []*mutant {
	return []*mutant{
		{name: "the resume token does not rotate", clause: "6.3", least: 3, edits: []edit{
			{resumeGo, "token := resumeToken(m.id, secret)", `token := resumeToken(m.id, "always")`},
		}},
		{name: "any token of the session resumes it", clause: "6.3", least: 1, edits: []edit{
			{resumeGo, "!m.token.of(in.Token)", "SessionOf(in.Token) != m.id"},
		}},
		{name: "no token is looked at", clause: "6.3", least: 3, edits: []edit{
			{resumeGo, "|| !m.token.of(in.Token)", ""},
		}},
		{name: "a resume replays from the start", clause: "6.3", least: 4, edits: []edit{
			{resumeGo, "missed, _ := t.replay.after(in.LastEventSeq)", "missed, _ := t.replay.after(t.replay.floor)"},
		}},
		{name: "a resume replays nothing", clause: "6.3", least: 4, edits: []edit{
			{resumeGo, "missed, _ := t.replay.after(in.LastEventSeq)", "missed, _ := t.replay.after(t.lastSeq)"},
		}},
		{name: "a resume leaves out one event", clause: "6.3", least: 4, edits: []edit{
			{resumeGo, "for _, event := range missed {", "for _, event := range missed[min(1, len(missed)):] {"},
		}},
		{name: "a bad token spoils the session", clause: "6.3", least: 1, edits: []edit{
			{resumeGo, "\t\tt.do(DenyResume{Err: err})\n", "\t\tt.do(DenyResume{Err: err})\n\t\tt.token = digest{}\n"},
		}},
		{name: "a session_id is enough with another's token", clause: "6.3", least: 1, edits: []edit{
			{resumeGo, "|| !m.token.of(in.Token)", "|| SessionOf(in.Token) == m.id && !m.token.of(in.Token)"},
		}},
		{name: "a resume leaves the old connection open", clause: "6.3", least: 1, edits: []edit{
			{"actors/sessions.go", "\ta.link.drop()\n\ta.link = o.link", "\ta.link = o.link"},
		}},
		{name: "an acknowledgement frees everything", clause: "6.5", least: 1, edits: []edit{
			{"actors/session/ack.go", "t.replay.free(t.acked)", "t.replay.free(t.lastSeq)"},
		}},
		{name: "an acknowledgement has a number", clause: "6.5", least: 1, edits: []edit{
			{"actors/session/ack.go", "\tt.replay.free(t.acked)\n", "\tt.replay.free(t.acked)\n\tt.lastSeq++\n"},
		}},
	}
}

// inventories is what can be wrong with §6.6 and §7.2.
func inventories() []*mutant {
	return []*mutant{
		{name: "a listing shows the jobs of all principals", clause: "6.6", least: 1, edits: []edit{
			{listingGo, "if m.config.MayObserve == nil {", "if false {"},
			{listingGo, "if m.mayObserve(observer, owner) {", "if true {"},
		}},
		{name: "a listing passes by its status filter", clause: "6.6", least: 2, edits: []edit{
			{listingGo, "if len(l.Statuses) > 0 && ", "if false && "},
		}},
		{name: "a listing passes by its time filter", clause: "6.6", least: 2, edits: []edit{
			{listingGo, "l.CreatedAfter.IsZero() || e.created", "true || e.created"},
		}},
		{name: "a listing passes by its agent filter", clause: "6.6", least: 2, edits: []edit{
			{listingGo, `(l.Agent == "" || runs`, `(true || runs`},
		}},
		{name: "a page leaves out the job behind it", clause: "6.6", least: 1, edits: []edit{
			{listingGo, "cursor := t.seal(s.owner, found[i-1].position)", "cursor := t.seal(s.owner, found[i].position)"},
		}},
		{name: "a page begins with the last job of the one before", clause: "6.6", least: 1, edits: []edit{
			{listingGo, "cursor := t.seal(s.owner, found[i-1].position)", "cursor := t.seal(s.owner, found[max(i-2, 0)].position)"},
		}},
		{name: "an idempotency_key is passed by", clause: "7.2", least: 5, edits: []edit{
			{keysGo, usedKey, "if k, used := s.owner.keys[name]; used && false {"},
		}},
		{name: "a key holds for all principals", clause: "7.2", least: 2, edits: []edit{
			{keysGo, usedKey, "for _, p := range t.principals {\n\t\tif k, used := p.keys[name]; used && p != s.owner {\n" +
				"\t\t\tt.again(in, s, k)\n\t\t\treturn\n\t\t}\n\t}\n\t" + usedKey},
		}},
		{name: "a key holds only once its job is accepted", clause: "7.2", least: 1, edits: []edit{
			{keysGo, usedKey, "if k, used := s.owner.keys[name]; used && k.accepted {"},
		}},
		{name: "a key with other parameters is the same submit", clause: "7.2", least: 4, edits: []edit{
			{keysGo, "case k.digest != in.Digest:", "case false:"},
		}},
		{name: "a key with other parameters is INVALID_REQUEST", clause: "7.2", least: 4, edits: []edit{
			{keysGo, "protocol.NewError(protocol.DuplicateKey,", "protocol.NewError(protocol.InvalidRequest,"},
		}},
		{name: "parameters are compared as text", clause: "7.2", least: 1, warns: true, edits: []edit{
			{"actors/registry/digest.go", "text = appendJSON(text, submit.Input)", "text = append(text, submit.Input...)"},
		}},
	}
}

// observers is what can be wrong with §7.6.
func observers() []*mutant {
	return []*mutant{
		{name: "copies go on after an unsubscribe", clause: "7.6", least: 1, edits: []edit{
			{watchGo, "\tdelete(t.subscriptions, unsubscribe.JobID)\n\tt.do(UnsubscribeJob{SessionID: t.id, JobID: unsubscribe.JobID})\n", ""},
		}},
		{name: "the history is not replayed", clause: "7.6", least: 3, edits: []edit{
			{viewGo, "replays := fresh && request.History && request.From < t.position()", "replays := false"},
		}},
		{name: "a history comes unasked", clause: "7.6", least: 1, edits: []edit{
			{viewGo, "replays := fresh && request.History && request.From", "replays := fresh && request.From"},
		}},
		{name: "subscribing twice delivers twice", clause: "7.6", least: 1, edits: []edit{
			{viewGo, "fresh := !own && !request.left && !slices.Contains(t.subscribers, session)", "fresh := !own && !request.left"},
		}},
		{name: "a subscriber is told the budget at the start", clause: "7.6", least: 1, edits: []edit{
			{viewGo, "\t\tt.counters = in.Counters\n", "\t\t_ = in.Counters\n"},
			{moneyGo, "\town.Remaining = remaining\n", "\t_ = own.Remaining\n"},
		}},
		{name: "any principal may subscribe", clause: "7.6", least: 1, edits: []edit{
			{routesGo, "|| !m.mayObserve(s.owner, e.owner) {", "{"},
		}},
		{name: "whoever may observe may cancel", clause: "7.6", least: 1, edits: []edit{
			{endingGo, "case in.SessionID != t.offer.SessionID:", "case false:"},
			{routesGo, "case e.session != s:", "case false:"},
		}},
		{name: "a finished job says that it runs", clause: "7.6", least: 1, edits: []edit{
			{viewGo, "CurrentStatus:    m.Status(),", "CurrentStatus:    protocol.StatusRunning,"},
		}},
	}
}

// limits is what can be wrong with §9.5 and §9.7.
func limits() []*mutant {
	return []*mutant{
		{name: "a timer of 32 bits, which fires at once beyond them", clause: "9.5", least: 3, edits: []edit{
			{expiryGo, "l = l.WithExpiry(end)", "if ms := end.Sub(now) / time.Millisecond; ms != time.Duration(int32(ms)) {\n" +
				"\t\tend = now.Add(time.Millisecond)\n\t}\n\tl = l.WithExpiry(end)"},
		}},
		{name: "a deadline is a duration of 64 bits", clause: "9.5", least: 1, edits: []edit{
			{expiryGo, "l = l.WithExpiry(end)", "l = l.WithExpiry(time.Unix(0, end.UnixNano()))"},
		}},
		{name: "a deadline is not looked at", clause: "9.5", least: 4, edits: []edit{
			{moneyGo, "if t.lease.Expired(t.now) {", "if false {"},
		}},
		{name: "a deadline in the past is taken", clause: "9.5", least: 2, edits: []edit{
			{expiryGo, "if end.IsZero() || l.Expired(now) {", "if end.IsZero() {"},
		}},
		{name: "an expired lease is PERMISSION_DENIED", clause: "9.5", least: 4, edits: []edit{
			{expiryGo, "protocol.NewError(protocol.LeaseExpired,", "protocol.NewError(protocol.PermissionDenied,"},
		}},
		{name: "a job goes on after its lease expired", clause: "9.5", least: 4, edits: []edit{
			{expiryGo, "\tt.stop(cause)\n", ""},
		}},
		{name: "any model may be used", clause: "9.7", least: 4, edits: []edit{
			{moneyGo, permitsCall, "if err := t.lease.Permits(operation); err != nil && operation.Namespace != lease.ModelUse {"},
		}},
		{name: "no model may be used", clause: "9.7", least: 4, edits: []edit{
			{moneyGo, permitsCall, "err := t.lease.Permits(operation)\n\tif operation.Namespace == lease.ModelUse {\n" +
				"\t\terr = &lease.Denied{Operation: operation}\n\t}\n\tif err != nil {"},
		}},
	}
}

// children is what can be wrong with §9.4 and §10.
func children() []*mutant {
	return []*mutant{
		{name: "a child may have any lease", clause: "9.4", least: 4, edits: []edit{
			{delegateGo, "if err := asked.Within(t.lease); err != nil {", "if err := asked.Within(t.lease); err != nil && false {"},
		}},
		{name: "a child beyond its parent is PERMISSION_DENIED", clause: "9.4", least: 4, edits: []edit{
			{delegateGo, "protocol.NewError(protocol.LeaseSubsetViolation, err.Error())", "protocol.NewError(protocol.PermissionDenied, err.Error())"},
		}},
		{name: "a child has no parent in a listing", clause: "10", least: 1, edits: []edit{
			{keysGo, "t.start(parent.session, in.JobID, in.ParentJobID)", `t.start(parent.session, in.JobID, "")`},
		}},
	}
}
