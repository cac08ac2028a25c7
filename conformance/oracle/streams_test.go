package oracle_test

import (
	"fmt"
	"testing"
)

// chunk is the line of one result_chunk of job j1.
func chunk(seq int, members string) string {
	return fmt.Sprintf("A< j1 %d result_chunk {%s}\n", seq, members)
}

func utf8(n int, data string, more bool) string {
	return fmt.Sprintf(`"result_id":"r1","chunk_seq":%d,"data":%q,"encoding":"utf8","more":%t`, n, data, more)
}

func TestStreams(t *testing.T) {
	t.Parallel()
	two := job + chunk(1, utf8(0, "ab", true)) + chunk(2, utf8(1, "ç", false))
	judgeAll(t, nil, []verdict{
		{"two chunks", two + `A< j1 3 result {"result_id":"r1","result_size":4,"summary":"x"}`, ""},
		{"without a size", two + `A< j1 3 result {"result_id":"r1","result":null,"result_size":null}`, ""},
		{"a size in another spelling", two + `A< j1 3 result {"result_id":"r1","result_size":4e0}`, ""},
		{"an empty last chunk", job + chunk(1, utf8(0, "ab", true)) + chunk(2, utf8(1, "", false)) + `A< j1 3 result {"result_id":"r1","result_size":2}`, ""},
		{"one empty chunk", job + chunk(1, utf8(0, "", false)) + `A< j1 2 result {"result_id":"r1","result_size":0}`, ""},
		{"an empty stream", job + `A< j1 1 result {"result_id":"r1","result_size":0}`, ""},
		{"base64, each chunk on its own", job + chunk(1, `"result_id":"r1","chunk_seq":0,"data":"AA==","encoding":"base64","more":true`) +
			chunk(2, `"result_id":"r1","chunk_seq":1,"data":"//4=","encoding":"base64","more":false`) +
			`A< j1 3 result {"result_id":"r1","result_size":3}`, ""},
		{"an encoding for each chunk", job + chunk(1, `"result_id":"r1","chunk_seq":0,"data":"AA==","encoding":"base64","more":true`) +
			chunk(2, utf8(1, "x", false)) + `A< j1 3 result {"result_id":"r1","result_size":2}`, ""},
		{"numbers in another spelling", job + chunk(1, `"result_id":"r1","chunk_seq":0.0,"data":"x","encoding":"utf8","more":true`) +
			chunk(2, `"result_id":"r1","chunk_seq":1e0,"data":"x","encoding":"utf8","more":false`) + `A< j1 3 result {"result_id":"r1"}`, ""},
		{"a failure in the middle", job + chunk(1, utf8(0, "ab", true)) + "A< j1 2 error", ""},
		{"other events between", job + chunk(1, utf8(0, "ab", true)) + "A< j1 2" + log + "\n" + chunk(3, utf8(1, "", false)) +
			`A< j1 4 result {"result_id":"r1"}`, ""},

		{"from 1", job + chunk(1, utf8(1, "ab", true)) + chunk(2, utf8(2, "", false)) + `A< j1 3 result {"result_id":"r1"}`, "fail R8.4-2"},
		{"a hole", job + chunk(1, utf8(0, "ab", true)) + chunk(2, utf8(2, "", false)) + `A< j1 3 result {"result_id":"r1","result_size":99}`, "fail R8.4-2"},
		{"one number twice", job + chunk(1, utf8(0, "ab", true)) + chunk(2, utf8(0, "", false)) + `A< j1 3 result {"result_id":"r1"}`, "fail R8.4-2"},
		{"never ended", job + chunk(1, utf8(0, "ab", true)) + `A< j1 2 result {"result_id":"r1"}`, "fail R8.4-3"},
		{"after the last", two + chunk(3, utf8(2, "x", false)) + `A< j1 4 result {"result_id":"r1"}`, "fail R8.4-3"},
		{"more false in the middle", job + chunk(1, utf8(0, "ab", false)) + chunk(2, utf8(1, "x", false)) + `A< j1 3 result {"result_id":"r1"}`,
			"fail R8.4-3"},
		{"a success without the id", two + "A< j1 3 result", "fail R8.4-4"},
		{"a success with another id", two + `A< j1 3 result {"result_id":"r2"}`, "fail R8.4-4"},
		{"an inline result after chunks", two + `A< j1 3 result {"result_id":"r1","result":{}}`, "fail R8.4-5"},
		{"an inline result with an id", job + `A< j1 1 result {"result_id":"r1","result":{}}`, "warn R8.4-5"},
		{"another id in the middle", job + chunk(1, utf8(0, "ab", true)) +
			chunk(2, `"result_id":"r2","chunk_seq":1,"data":"x","encoding":"utf8","more":false`) + `A< j1 3 result {"result_id":"r1"}`, "fail R8.4-9"},
		{"a strange chunk in the middle", job + chunk(1, utf8(0, "ab", true)) +
			chunk(2, `"result_id":"r2","chunk_seq":1,"data":"x","encoding":"utf8","more":true`) + chunk(3, utf8(1, "", false)) +
			`A< j1 4 result {"result_id":"r1","result_size":2}`, "fail R8.4-9"},
		{"another id from the middle on", job + chunk(1, utf8(0, "ab", true)) +
			chunk(2, `"result_id":"r2","chunk_seq":0,"data":"x","encoding":"utf8","more":false`) +
			`A< j1 3 result {"result_id":"r2","result_size":1}`, "fail R8.4-9"},
		{"two ids, and none in the result", job + chunk(1, utf8(0, "ab", true)) +
			chunk(2, `"result_id":"r2","chunk_seq":0,"data":"x","encoding":"utf8","more":false`) + `A< j1 3 result`, "fail R8.4-4, fail R8.4-9"},
		{"another job's id", two + "A> submit {}\nA< accepted j2\n" +
			`A< j2 3 result_chunk {` + utf8(0, "x", false) + `}`, "fail R8.4-9"},
		{"no base64", job + chunk(1, `"result_id":"r1","chunk_seq":0,"data":"*","encoding":"base64","more":false`) +
			`A< j1 2 result {"result_id":"r1","result_size":1}`, "fail R8.4-1"},
		{"base64 without padding", job + chunk(1, `"result_id":"r1","chunk_seq":0,"data":"AA","encoding":"base64","more":false`) +
			`A< j1 2 result {"result_id":"r1","result_size":1}`, "warn R8.4-1"},
		{"base64 for URLs", job + chunk(1, `"result_id":"r1","chunk_seq":0,"data":"__4=","encoding":"base64","more":false`) +
			`A< j1 2 result {"result_id":"r1","result_size":2}`, "warn R8.4-1"},
		{"a size in characters", two + `A< j1 3 result {"result_id":"r1","result_size":3}`, "warn R8.4-7"},
		{"two jobs at once", job + "A> submit {}\nA< accepted j2\n" + chunk(1, utf8(0, "a", true)) +
			"A< j2 2 result_chunk {\"result_id\":\"r2\",\"chunk_seq\":0,\"data\":\"x\",\"encoding\":\"utf8\",\"more\":true}\n" +
			chunk(3, utf8(1, "b", false)) +
			"A< j2 4 result_chunk {\"result_id\":\"r2\",\"chunk_seq\":1,\"data\":\"x\",\"encoding\":\"utf8\",\"more\":false}\n" +
			`A< j1 5 result {"result_id":"r1","result_size":2}` + "\n" + `A< j2 6 result {"result_id":"r2","result_size":2}`, ""},
		{"what was lost is not held against the stream", resumed("3", `
			B< {"type":"session.error","payload":{"code":"RESUME_WINDOW_EXPIRED","message":"x","retryable":false}}
			B< j1 6 result_chunk {"result_id":"r","chunk_seq":7,"data":"x","encoding":"utf8","more":false}
			B< j1 7 result {"result_id":"r"}`), ""},
	})
}
