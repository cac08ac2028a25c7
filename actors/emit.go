package actors

import (
	"context"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

// Emit emits an event of any kind of §8.2 with a body that is, or marshals to, the JSON of that kind. The runtime refuses
// a body that has not the kind's shape, and a kind whose feature was not negotiated (§6.2). A metric whose name begins
// with `cost.` is a cost, and is booked before Emit returns (§9.6).
func (j *Job) Emit(ctx context.Context, kind protocol.EventKind, body any) error {
	text, err := marshal(body)
	if err != nil {
		return err
	}
	return j.ask(ctx, len(text), func(call job.CallID) job.Input {
		return job.EventEmitted{Call: call, Kind: kind, Body: text}
	})
}

// Log emits a log event. Level is free text, such as debug, info, warn or error.
func (j *Job) Log(ctx context.Context, level, message string) error {
	return j.Emit(ctx, protocol.KindLog, protocol.Log{Level: level, Message: message})
}

// Thought emits a thought event.
func (j *Job) Thought(ctx context.Context, text string) error {
	return j.Emit(ctx, protocol.KindThought, protocol.Thought{Text: text})
}

// Status emits a status event; message may be "".
func (j *Job) Status(ctx context.Context, phase, message string) error {
	return j.Emit(ctx, protocol.KindStatus, protocol.Status{Phase: phase, Message: message})
}

// Progress emits a progress event (§8.2.1). Current is at least 0.
func (j *Job) Progress(ctx context.Context, progress protocol.Progress) error {
	return j.Emit(ctx, protocol.KindProgress, progress)
}

// Artifact emits an artifact_ref event.
func (j *Job) Artifact(ctx context.Context, artifact protocol.ArtifactRef) error {
	return j.Emit(ctx, protocol.KindArtifactRef, artifact)
}

// Metric emits a metric event; see Cost for one that costs.
func (j *Job) Metric(ctx context.Context, metric protocol.Metric) error {
	return j.Emit(ctx, protocol.KindMetric, metric)
}

// Cost reports a cost that was already incurred (§9.6). Name begins with `cost.`; amount is a decimal number in text,
// "0.0234" or "5e-7", never below zero. In a budgeted unit it is taken off the counter exactly, also below zero, before
// Cost returns; in another it is only told.
func (j *Job) Cost(ctx context.Context, name, amount, unit string) error {
	return j.Metric(ctx, protocol.Metric{Name: name, Value: protocol.Number(amount), Unit: unit})
}

// Charge is Cost for what is not yet spent: where it would take a counter below zero it is refused whole with
// BUDGET_EXHAUSTED, and no counter moves. §9.6 (choice): the draft has only the reporting of costs.
func (j *Job) Charge(ctx context.Context, name, amount, unit string) error {
	text, err := marshal(protocol.Metric{Name: name, Value: protocol.Number(amount), Unit: unit})
	if err != nil {
		return err
	}
	return j.ask(ctx, len(text), func(call job.CallID) job.Input {
		return job.ChargeRequested{Call: call, Body: text}
	})
}
