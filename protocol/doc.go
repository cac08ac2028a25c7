// Package protocol is the wire of ARCP 1.1: the messages and events of the draft as Go
// types, and the codec between them and JSON.
//
// It knows names, shapes and codes. It knows nothing of sessions, jobs, clocks or
// connections: it has no state, starts nothing, and takes time and randomness from its
// caller. All of it is safe for concurrent use.
//
// # Codec
//
//	frame []byte --Decode--> Envelope{..., Payload} --Encode--> frame []byte
//	                |
//	                +--> *Refusal{RequestID, SessionID, Err: INVALID_REQUEST}
//
// Decode reads a frame twice: once to find out whether it may be trusted at all, and once
// to take its fields. Where the draft is silent, the choices are these (§5):
//
//   - A frame is one JSON object with `arcp`: "1.1", `id`, `type` and `payload`.
//   - Names are exact. An unknown field is ignored; a known one in other letters ("Type")
//     is refused, so that no two readers of one frame see two messages.
//   - The same key twice in one object is refused, at any depth and however it is escaped.
//   - null and absence are one for a field with a type. In a field that holds any JSON
//     (input, args, result) null is a value.
//   - Text is UTF-8. Invalid bytes, and the escape of half a surrogate pair, are refused
//     and never replaced: a replaced character is a changed message.
//   - Nesting goes to MaxDepth, identifiers to MaxID, numbers that count to MaxNumber.
//     How long a frame may be is the transport's to say.
//   - Numbers are compared by value: where a whole number is due, 5.0 and 5e0 are 5. Money
//     keeps its text (Number), so that no digit is lost (§9.6).
//   - A missing or wrong `auth` is not refused here, so that the answer can be
//     UNAUTHENTICATED (§12).
//
// Encode checks what it wrote with the same scanner, so that JSON which came from
// elsewhere (a result, the arguments of a tool) cannot break a frame.
//
// # Events
//
// The body of a job.event stays JSON in the codec; DecodeBody gives it its type, and
// CheckEvent says whether an agent may emit it (§8.2).
package protocol
