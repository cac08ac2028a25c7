package actors

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

// Stream is the streamed result of a job (§8.4): what is written to it goes out in chunks that decode each on its own.
// One goroutine at a time.
type Stream struct {
	job *Job
	ctx context.Context
	id  protocol.ResultID
}

// Stream opens the job's one streamed result; ctx is that of all its writes. An agent that opened it must Close it, and
// return no value. UTF8 is for text: a character may be split over two writes, and never is over two chunks.
func (j *Job) Stream(ctx context.Context, encoding protocol.Encoding) (*Stream, error) {
	id, err := protocol.NewResultID(time.Now(), rand.Reader)
	if err != nil {
		return nil, err
	}
	err = j.ask(ctx, 0, func(call job.CallID) job.Input {
		return job.StreamOpened{Call: call, ResultID: id, Encoding: encoding}
	})
	if err != nil {
		return nil, err
	}
	return &Stream{job: j, ctx: ctx, id: id}, nil
}

// ID is the result_id.
func (s *Stream) ID() protocol.ResultID { return s.id }

// Write adds bytes. It waits when the client reads slowly. A refusal says how many bytes were taken before it.
func (s *Stream) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		piece := p[written:min(written+s.job.maxChunk, len(p))]
		// Base64 makes four characters of three bytes; escaped text can be longer, and is rare.
		err := s.job.ask(s.ctx, len(piece)/2*3, func(call job.CallID) job.Input {
			return job.StreamWritten{Call: call, Bytes: piece}
		})
		if err != nil {
			return written, err
		}
		written += len(piece)
	}
	return written, nil
}

// Flush sends what was written and is held back, so that a reader sees it now. (The newest chunk is held until it is known
// whether it is the last.)
func (s *Stream) Flush() error {
	return s.job.ask(s.ctx, s.job.maxChunk, func(call job.CallID) job.Input {
		return job.StreamFlushed{Call: call}
	})
}

// Close ends the stream with its last chunk.
func (s *Stream) Close() error { return s.CloseWith("") }

// CloseWith is Close with a summary for job.result.
func (s *Stream) CloseWith(summary string) error {
	return s.job.ask(s.ctx, s.job.maxChunk, func(call job.CallID) job.Input {
		return job.StreamClosed{Call: call, Summary: summary}
	})
}
