// Package schema says whether a message has the shape that the draft gives it: JSON Schemas (draft 2020-12) of every
// message and of every event body, for both directions, in our own words and independent of the runtime's types.
//
// A file is named after the type of message whose payload it describes ("job.accepted.json"), or after the kind of
// event whose body it describes ("event.metric.json"); envelope.json is for all, and common.json for what they share.
// Two keywords of our own stand beside the standard ones and hold for all that lies below them:
//
//	"requirement": "R7.1-2"   the row of the register that is broken when the schema does not hold
//	"verdict": "warn"         what a breach comes to, where that is less than the row's level says
//
// The schemas are as tolerant as the suite's judgements: unknown fields, kinds and types pass, null is as good as
// absence, a number may be spelt in any way, and what the draft shows in an example but nowhere demands warns.
//
// The package sees one message at a time. What depends on other messages (numbers in order, one ending, counters) is
// judged in package oracle.
package schema
