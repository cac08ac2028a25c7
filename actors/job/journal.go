package job

import "github.com/arcp-conformance/arcp/protocol"

// journal is the log of the events of one job: the newest of them, in their order and without a hole. §7.6 (choice):
// from_event_seq counts positions in it, since the draft gives a job no numbers of its own; the first event stands at 1.
type journal struct {
	maxEvents int
	maxBytes  int64

	events []protocol.JobEvent // at the positions floor+1, floor+2 and so on
	floor  uint64              // position of the newest event that is gone, 0 when none is
	bytes  int64
}

// end is the position of the newest event, 0 before the first.
func (j *journal) end() uint64 { return j.floor + uint64(len(j.events)) }

// add keeps one event. Where a limit forces it, the oldest are given up, and an event beyond the limit is not kept at all.
func (j *journal) add(event protocol.JobEvent) {
	j.events = append(j.events, event)
	j.bytes += footprint(event)
	for len(j.events) > j.maxEvents || j.bytes > j.maxBytes {
		j.bytes -= footprint(j.events[0])
		j.events[0] = protocol.JobEvent{} // its memory goes although the array stays
		j.events = j.events[1:]
		j.floor++
	}
}

// after returns the events behind a position that are still there.
func (j *journal) after(position uint64) []protocol.JobEvent {
	position = min(max(position, j.floor), j.end())
	return j.events[position-j.floor:]
}

// footprint is about what an event takes in memory, in bytes.
func footprint(event protocol.JobEvent) int64 { return 128 + int64(len(event.Body)) }
