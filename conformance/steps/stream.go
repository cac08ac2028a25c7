package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerStreams has the steps of §8.4. The bytes that they expect are those that the job's own script writes:
//
//	Then the streamed result of the job is whole
//	Then the streamed result of the job is whole, or the job ends in an error
//	Then the streamed result of the job is whole, or the job ends with INTERNAL_ERROR
//	Then the jobs "J" and "K" have streamed under ids of their own
//	Then no chunk of the job has more than 2097152 bytes
//	Then the chunks of the job are better encoded as utf8
//	Then it is told whether the ending has the summary "x"
//	When "A" submits a job that emits a chunk of 2200000 bytes by itself
//	Then the chunk that is too large came to nothing
func registerStreams(sc vocabulary) {
	const of = `^the streamed result of ` + theJob
	sc.Step(of+` is whole$`, streamIsWhole)
	sc.Step(of+` is whole, or the job ends in an error$`, streamIsWholeOrFails)
	sc.Step(of+` is whole, or the job ends with INTERNAL_ERROR$`, streamIsWholeOrTooLarge)
	sc.Step(`^the jobs "([^"]*)" and "([^"]*)" have streamed under ids of their own$`, idsOfTheirOwn)
	sc.Step(`^no chunk of `+theJob+` has more than (\d+) bytes$`, noChunkAbove)
	sc.Step(`^the chunks of `+theJob+` are better encoded as (utf8|base64)$`, betterEncoded)
	sc.Step(`^it is told whether the ending has the summary "([^"]*)"$`, toldSummary)
	sc.Step(`^"([^"]*)" submits a job that emits a chunk of (\d+) bytes by itself$`, submitsLargeChunk)
	sc.Step(`^the chunk that is too large came to nothing$`, largeChunkCameToNothing)
}

// patient is how long a job with megabytes of result may take.
const patient = time.Minute

// streamed is what came of a job that streams, and what its script wrote.
type streamed struct {
	s      *scene
	job    *world.Job
	end    wire.Message
	chunks []chunk
	want   []byte
}

// stream waits for the ending of a job and reads its chunks. Their order is judged here, so in every step.
func (s *scene) stream(ctx context.Context, name string) (*streamed, error) {
	sub, err := s.submission(name)
	if err != nil {
		return nil, err
	}
	j, err := s.job(name)
	if err != nil {
		return nil, err
	}
	st := &streamed{s: s, job: j}
	steps, _ := wire.Lookup(sub.payload, "input", "steps")
	if st.want, err = written(steps); err != nil {
		return nil, err
	}
	d := s.w.Timeout()
	if len(st.want) > 1<<20 {
		d = max(d, patient)
	}
	if st.end, err = j.AwaitEndWithin(ctx, d); err != nil {
		return nil, err
	}
	if st.chunks, err = s.chunks(j); err != nil {
		return nil, err
	}
	return st, s.ordered(st.chunks)
}

func streamIsWhole(ctx context.Context, name string) error {
	st, err := sceneOf(ctx).stream(ctx, name)
	if err != nil {
		return err
	}
	return st.whole()
}

// streamIsWholeOrFails is for scripts that do what §8.4 forbids: the runtime may keep the good part and drop the bad, or
// fail the job, but no success may be anything else than a whole stream. Where nothing of the stream was on the wire, the
// success of such a job is no lie to the client, though it is one to the agent.
func streamIsWholeOrFails(ctx context.Context, name string) error {
	st, err := sceneOf(ctx).stream(ctx, name)
	if err != nil {
		return err
	}
	if st.end.Type() == "job.error" {
		return st.s.w.Check(st.s.lead, true, "", "")
	}
	if len(st.chunks) == 0 && !st.end.Has("payload", "result_id") {
		return st.s.w.Prefer(st.s.lead, false, "an error for a stream that the agent broke off", world.Brief(st.end))
	}
	return st.whole()
}

// streamIsWholeOrTooLarge is for results that a runtime may find too large (§14): then the ending says INTERNAL_ERROR. The
// script lets a refused write end the job, so that the agent's own patience plays no part.
func streamIsWholeOrTooLarge(ctx context.Context, name string) error {
	st, err := sceneOf(ctx).stream(ctx, name)
	if err != nil {
		return err
	}
	if st.end.Type() != "job.error" {
		return st.whole()
	}
	if err := st.s.w.Check("R8.4-8", st.end.Code() == "INTERNAL_ERROR", "a whole stream, or INTERNAL_ERROR",
		world.Brief(st.end)); err != nil {
		return err
	}
	st.s.w.Inform("R14-3", fmt.Sprintf("%d bytes, as they were written, are found too large", len(st.want)))
	return nil
}

// whole judges a job that streamed its whole result and succeeded.
func (st *streamed) whole() error {
	s, payload := st.s, st.end.Payload()
	if err := s.w.Check("R8.4-4", succeeded(st.end), "job.result with final_status success", world.Brief(st.end)); err != nil {
		return err
	}
	id := st.end.Text("payload", "result_id")
	if len(st.chunks) > 0 { // the result_id of an empty stream without a chunk is the ending's alone
		last := st.chunks[len(st.chunks)-1]
		if err := s.w.Check("R8.4-3", !last.more, "more false on the last chunk", world.Brief(last.m)); err != nil {
			return err
		}
		if err := s.w.Check("R8.4-4", id == last.result, "job.result with result_id "+last.result, world.Brief(st.end)); err != nil {
			return err
		}
	}
	if err := s.w.Check("R8.4-4", id != "", "job.result with a result_id", world.Brief(st.end)); err != nil {
		return err
	}
	if err := s.w.Check("R8.4-5", payload["result"] == nil, "no inline result beside the stream", world.Brief(st.end)); err != nil {
		return err
	}
	got, err := s.assembled(st.chunks)
	if err != nil {
		return err
	}
	if err := s.w.Check("R8.4-6", string(got) == string(st.want), fmt.Sprintf("the agent's %d bytes", len(st.want)),
		differ(st.want, got)); err != nil {
		return err
	}
	st.size(len(got))
	return nil
}

// size judges result_size, which may be left out, and is the decoded length where it is there.
func (st *streamed) size(length int) {
	v, ok := st.end.Lookup("payload", "result_size")
	if !ok || v == nil {
		return
	}
	if r, ok := wire.Decimal(v); !ok || !r.IsInt() || !r.Num().IsInt64() || r.Num().Int64() != int64(length) {
		st.s.w.Warn("R8.4-7", fmt.Sprintf("result_size %d", length), world.Brief(st.end))
		return
	}
	_ = st.s.w.Check("R8.4-7", true, "", "")
}

func idsOfTheirOwn(ctx context.Context, a, b string) error {
	s := sceneOf(ctx)
	x, err := s.stream(ctx, a)
	if err != nil {
		return err
	}
	y, err := s.stream(ctx, b)
	if err != nil {
		return err
	}
	ids := x.end.Text("payload", "result_id") + " and " + y.end.Text("payload", "result_id")
	return s.w.Check("R8.4-9", x.end.Text("payload", "result_id") != y.end.Text("payload", "result_id"),
		"two result_ids", ids)
}

func noChunkAbove(ctx context.Context, name string, limit int) error {
	st, err := sceneOf(ctx).stream(ctx, name)
	if err != nil {
		return err
	}
	largest := 0
	for _, c := range st.chunks {
		data, err := st.s.decoded(c)
		if err != nil {
			return err
		}
		largest = max(largest, len(data))
	}
	return st.s.w.Check("R14-3", largest <= limit, fmt.Sprintf("chunks of %d bytes at the most", limit),
		fmt.Sprintf("one of %d bytes", largest))
}

// betterEncoded warns where text goes out as base64, or bytes as text (§8.4: SHOULD). An empty chunk is both.
func betterEncoded(ctx context.Context, name, encoding string) error {
	st, err := sceneOf(ctx).stream(ctx, name)
	if err != nil {
		return err
	}
	for _, c := range st.chunks {
		if c.data != "" && c.encoding != encoding {
			st.s.w.Warn("R8.4-1", "the encoding "+encoding, world.Brief(c.m))
			return nil
		}
	}
	return st.s.w.Check("R8.4-1", true, "", "")
}

func toldSummary(ctx context.Context, want string) error {
	st, err := sceneOf(ctx).stream(ctx, "")
	if err != nil {
		return err
	}
	if got := st.end.Text("payload", "summary"); got != want {
		st.s.w.Inform("R8.4-4", fmt.Sprintf("the summary that the agent gave is not in the ending, which has %q", got))
	}
	return st.s.w.Check("R8.4-4", true, "", "")
}

// submitsLargeChunk has the agent emit a chunk that is larger than any cap near 1 MB. The chunk has to travel to the
// agent first: a peer that takes no frame of that size cannot be asked.
func submitsLargeChunk(ctx context.Context, name string, size int) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	data := strings.Repeat("0123456789abcdef", size/16)
	if !takesFrames(ctx, c, data) {
		return s.w.Skip(fmt.Sprintf("the peer takes no frame of %d bytes, so the agent cannot be told of such a chunk", len(data)))
	}
	return s.submit(ctx, name, "", map[string]any{"agent": s.w.Agent(), "input": map[string]any{"steps": []any{
		map[string]any{"op": "stream_open", "encoding": "utf8"},
		map[string]any{"op": "raw", "kind": "result_chunk", "call_id": "small", "body": rawChunk(0, "small ", true)},
		map[string]any{"op": "raw", "kind": "result_chunk", "call_id": "large", "body": rawChunk(1, data, false)},
	}}})
}

func rawChunk(seq int, data string, more bool) map[string]any {
	return map[string]any{
		"result_id": "${result_id}", "chunk_seq": seq, "data": data, "encoding": "utf8", "more": more,
	}
}

// takesFrames tries a frame of that size where it does no harm: a field that the envelope does not know (§5).
func takesFrames(ctx context.Context, c *world.Client, data string) bool {
	job := "job_" + fresh()
	id, err := c.Send(ctx, "job.cancel", map[string]any{"job_id": job, "reason": "probe"},
		world.WithJob(job), world.With("x-padding", data))
	if err != nil {
		return false
	}
	reply, err := c.Reply(ctx, id)
	return err == nil && reply.Type() != "" && c.Closed() == nil
}

// largeChunkCameToNothing wants the refusal that §14 names. A runtime without a cap breaks a SHOULD; one that refuses
// every chunk of the agent's own making, the small one too, cannot be judged by it.
func largeChunkCameToNothing(ctx context.Context) error {
	st, err := sceneOf(ctx).stream(ctx, "")
	if err != nil {
		return err
	}
	w := st.s.w
	if o, ok := st.job.Outcome("small"); ok && o.Error != nil {
		return w.Skip("the peer takes no chunk of the agent's own making: " + o.Code())
	}
	if len(st.chunks) > 1 {
		return w.Check("R14-3", false, "a cap near 1 MB on one chunk", fmt.Sprintf("a chunk of %d bytes", len(st.chunks[1].data)))
	}
	if err := w.Check("R8.4-8", st.end.Type() == "job.error", "no success for a part of a stream", world.Brief(st.end)); err != nil {
		return err
	}
	code := st.end.Code()
	if o, ok := st.job.Outcome("large"); ok {
		code = o.Code()
	}
	return w.Prefer("R8.4-8", code == "INTERNAL_ERROR", "INTERNAL_ERROR for a chunk over the cap", code)
}
