package steps_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// piece is a result_chunk event of the stream "r".
func piece(seq int, data string, more bool) string {
	return fmt.Sprintf(`result_chunk {"result_id":"r","chunk_seq":%d,"data":%q,"encoding":"utf8","more":%t}`, seq, data, more)
}

const script = `    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op":"stream_open","encoding":"utf8"},{"op":"stream_write","text":"a€b"},{"op":"stream_close"}]
      """
    Then the streamed result of the job is whole`

const (
	whole     = script + "\n"
	orFails   = script + ", or the job ends in an error\n"
	orTooBig  = script + ", or the job ends with INTERNAL_ERROR\n"
	small     = script + "\n    And no chunk of the job has more than 4 bytes\n"
	asBase64  = script + "\n    And the chunks of the job are better encoded as base64\n"
	asUTF8    = script + "\n    And the chunks of the job are better encoded as utf8\n"
	summary   = script + "\n    And it is told whether the ending has the summary \"s\"\n"
	streamed  = `job.result {"final_status":"success","result_id":"r","result_size":5,"summary":"s"}`
	tooLarge  = `job.error {"final_status":"error","code":"INTERNAL_ERROR","message":"too large","retryable":true}`
	elsewhere = `result_chunk {"result_id":"r2","chunk_seq":1,"data":"€b","encoding":"utf8","more":false}`
	inBase64  = `result_chunk {"result_id":"r","chunk_seq":1,"data":"%s","encoding":"base64","more":false}`
)

func TestStreamsAreJudged(t *testing.T) {
	t.Parallel()
	good := []string{piece(0, "a", true), piece(1, "€b", false)}
	for _, tc := range []struct {
		name, steps string
		reel        reel
		want        report.Verdict
		rows        string
	}{
		{"whole", whole, reel{events: good, end: streamed}, report.Pass, ""},
		{"in one chunk", whole, reel{events: []string{piece(0, "a€b", false)}, end: streamed}, report.Pass, ""},
		{"with an empty last chunk", whole, reel{events: []string{piece(0, "a€b", true), piece(1, "", false)}, end: streamed}, report.Pass, ""},
		{"in two encodings", whole, reel{events: []string{piece(0, "a", true), fmt.Sprintf(inBase64, "4oKsYg==")}, end: streamed}, report.Pass, ""},
		{"base64 without padding", whole, reel{events: []string{piece(0, "a", true), fmt.Sprintf(inBase64, "4oKsYg")}, end: streamed}, report.Warn, "R8.4-1 R8.4-1"},
		{"no base64", whole, reel{events: []string{piece(0, "a", true), fmt.Sprintf(inBase64, "4oK*")}, end: streamed}, report.Fail, "R8.4-6"},
		{"base64 called utf8", whole, reel{events: []string{piece(0, "YeKCrGI=", false)}, end: streamed}, report.Fail, "R8.4-6"},
		{"a character cut in two", whole, reel{events: []string{piece(0, "a�", true), piece(1, "��b", false)}, end: streamed}, report.Fail, "R8.4-6"},
		{"a half of a surrogate", whole, reel{events: []string{strings.Replace(piece(0, "x", true), `"x"`, `"a\ud83d"`, 1), piece(1, "b", false)}, end: streamed}, report.Fail, "R8.4-6"},
		{"numbered from 1", whole, reel{events: []string{piece(1, "a", true), piece(2, "€b", false)}, end: streamed}, report.Fail, "R8.4-2"},
		{"out of order", whole, reel{events: []string{piece(1, "€b", false), piece(0, "a", true)}, end: streamed}, report.Fail, "R8.4-2"},
		{"a number as text", whole, reel{events: []string{strings.Replace(piece(0, "a€b", false), `:0`, `:"0"`, 1)}, end: streamed}, report.Fail, "R8.4-1"},
		{"no more", whole, reel{events: []string{strings.Replace(piece(0, "a€b", false), `,"more":false`, ``, 1)}, end: streamed}, report.Fail, "R8.4-1"},
		{"more false on every chunk", whole, reel{events: []string{piece(0, "a", false), piece(1, "€b", false)}, end: streamed}, report.Fail, "R8.4-3"},
		{"more true on the last", whole, reel{events: []string{piece(0, "a", true), piece(1, "€b", true)}, end: streamed}, report.Fail, "R8.4-3"},
		{"another result_id", whole, reel{events: []string{piece(0, "a", true), elsewhere}, end: streamed}, report.Fail, "R8.4-9"},
		{"the ending names another", whole, reel{events: good, end: strings.Replace(streamed, `"r"`, `"r2"`, 1)}, report.Fail, "R8.4-4"},
		{"the ending names none", whole, reel{events: good, end: done}, report.Fail, "R8.4-4"},
		{"inline beside it", whole, reel{events: good, end: strings.Replace(streamed, `"summary"`, `"result":1,"summary"`, 1)}, report.Fail, "R8.4-5"},
		{"bytes are missing", whole, reel{events: good[:1], end: streamed}, report.Fail, "R8.4-3"},
		{"characters instead of bytes", whole, reel{events: good, end: strings.Replace(streamed, "5", "3", 1)}, report.Warn, "R8.4-7"},
		{"no size", whole, reel{events: good, end: strings.Replace(streamed, `"result_size":5,`, "", 1)}, report.Pass, ""},
		{"an error", whole, reel{events: good, end: tooLarge}, report.Fail, "R8.4-4"},
		{"nothing", whole, reel{end: done}, report.Fail, "R8.4-4"},
		{"an id and nothing", whole, reel{end: streamed}, report.Fail, "R8.4-6"},

		{"or fails: it fails", orFails, reel{events: good[:1], end: tooLarge}, report.Pass, ""},
		{"or fails: it is whole", orFails, reel{events: good, end: streamed}, report.Pass, ""},
		{"or fails: a part is a success", orFails, reel{events: good[:1], end: streamed}, report.Fail, "R8.4-3"},
		{"or fails: a hole, and then it fails", orFails, reel{events: []string{piece(0, "a", true), piece(2, "b", false)}, end: tooLarge}, report.Fail, "R8.4-2"},
		{"or fails: nothing of it on the wire", orFails, reel{end: done}, report.Warn, "R9.6-7"},
		{"or is too large: it is", orTooBig, reel{events: good[:1], end: tooLarge}, report.Info, "R14-3"},
		{"or is too large: another code", orTooBig, reel{events: good[:1], end: overTheJob}, report.Fail, "R8.4-8"},
		{"small chunks", small, reel{events: good, end: streamed}, report.Pass, ""},
		{"a chunk that is too large", small, reel{events: []string{piece(0, "a€b", false)}, end: streamed}, report.Warn, "R14-3"},
		{"as it was opened", asUTF8, reel{events: good, end: streamed}, report.Pass, ""},
		{"an empty last one in the other encoding", asUTF8, reel{events: []string{piece(0, "a€b", true), fmt.Sprintf(inBase64, "")}, end: streamed}, report.Pass, ""},
		{"not as it was opened", asBase64, reel{events: good, end: streamed}, report.Warn, "R8.4-1"},
		{"the summary", summary, reel{events: good, end: streamed}, report.Pass, ""},
		{"no summary", summary, reel{events: good, end: strings.Replace(streamed, `,"summary":"s"`, "", 1)}, report.Info, "R8.4-4"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, rows := verdict(t, canned(tc.reel), tc.steps)
			if got != tc.want || rows != tc.rows {
				t.Errorf("%s %q, want %s %q", got, rows, tc.want, tc.rows)
			}
		})
	}
}

func TestTwoStreamsUnderOneID(t *testing.T) {
	t.Parallel()
	const two = `    Given a session "A"
    When "A" submits the job "J" that does:
      """
      [{"op":"stream_write","text":"a"}]
      """
    When "A" submits the job "K" that does:
      """
      [{"op":"stream_write","text":"a"}]
      """
    Then the jobs "J" and "K" have streamed under ids of their own
`
	got, rows := verdict(t, canned(reel{events: []string{piece(0, "a", false)}, end: streamed}), two)
	if got != report.Fail || rows != "R8.4-9" {
		t.Errorf("%s %q", got, rows)
	}
}

// TestALargeChunkIsJudged plays what may come of a chunk over the cap.
func TestALargeChunkIsJudged(t *testing.T) {
	t.Parallel()
	const large = `    Given a session "A"
    When "A" submits a job that emits a chunk of 64 bytes by itself
    Then the chunk that is too large came to nothing
`
	refusal := func(call, code string) string {
		return fmt.Sprintf(`tool_result {"call_id":%q,"error":{"code":%q,"message":"no","retryable":false}}`, call, code)
	}
	first, second := piece(0, "small ", true), piece(1, strings.Repeat("0123456789abcdef", 4), false)
	for _, tc := range []struct {
		name string
		reel reel
		want report.Verdict
		rows string
	}{
		{"refused as the draft says", reel{events: []string{first, refusal("large", "INTERNAL_ERROR")}, end: tooLarge}, report.Pass, ""},
		{"the job ends as the draft says", reel{events: []string{first}, end: tooLarge}, report.Pass, ""},
		{"refused with another code", reel{events: []string{first, refusal("large", "INVALID_REQUEST")}, end: tooLarge}, report.Warn, "R8.4-8"},
		{"refused, and the rest a success", reel{events: []string{first, refusal("large", "INTERNAL_ERROR")}, end: streamed}, report.Fail, "R8.4-8"},
		{"no cap", reel{events: []string{first, second}, end: streamed}, report.Warn, "R14-3"},
		{"no chunk at all", reel{events: []string{refusal("small", "INVALID_REQUEST")}, end: done}, report.Skip,
			"the peer takes no chunk of the agent's own making: INVALID_REQUEST"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, rows := verdict(t, cancels(canned(tc.reel)), large)
			if got != tc.want || rows != tc.rows {
				t.Errorf("%s %q, want %s %q", got, rows, tc.want, tc.rows)
			}
		})
	}
}
