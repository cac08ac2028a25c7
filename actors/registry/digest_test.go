package registry_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// submitted decodes the payload of a job.submit as the codec does.
func submitted(t testing.TB, payload string) protocol.JobSubmit {
	t.Helper()
	envelope, err := protocol.Decode([]byte(`{"arcp":"1.1","id":"m","type":"job.submit","payload":` + payload + `}`))
	if err != nil {
		t.Fatalf("%s: %v", payload, err)
	}
	return envelope.Payload.(protocol.JobSubmit)
}

// TestClause_7_2_ParametersCompareByMeaning has lists of payloads that mean the same. Two of different lists do not.
func TestClause_7_2_ParametersCompareByMeaning(t *testing.T) {
	t.Parallel() // R7.2-5
	input := func(values ...string) (payloads []string) {
		for _, value := range values {
			payloads = append(payloads, `{"agent":"a","input":`+value+`}`)
		}
		return payloads
	}
	lists := [][]string{
		{
			`{"agent":"a"}`, `{"agent":"\u0061","idempotency_key":"k"}`, ` { "idempotency_key" : "other", "agent" : "a" } `,
			`{"agent":"a","input":null,"lease_request":null,"lease_constraints":null,"max_runtime_sec":null,"more":1}`,
		},
		{`{"agent":"a@1"}`},
		{`{"agent":"a","lease_request":{}}`},
		{
			`{"agent":"a","lease_request":{"fs.read":["/a","/b"],"tool.call":["x"]}}`,
			`{"agent":"a","lease_request":{"tool.call":["x"],"fs.read":["/b","\u002fa"]}}`,
			`{"agent":"a","lease_request":{"tool.call":["x","x"],"fs.read":["/b","/a","/b"]}}`,
		},
		{`{"agent":"a","lease_request":{"fs.read":["/a"],"tool.call":["x"]}}`},
		{`{"agent":"a","lease_request":{"fs.read":["/a","/b","x"]}}`},
		{`{"agent":"a","lease_request":{"fs.read":[]}}`},
		{`{"agent":"a","lease_constraints":{}}`, `{"agent":"a","lease_constraints":{"expires_at":null}}`},
		{`{"agent":"a","lease_constraints":{"expires_at":"2026-05-13T23:42:00Z"}}`},
		{`{"agent":"a","lease_constraints":{"expires_at":"2026-05-13T23:42:01Z"}}`},
		{
			`{"agent":"a","max_runtime_sec":5}`, `{"agent":"a","max_runtime_sec":5.0}`, `{"agent":"a","max_runtime_sec":0.5E+1}`,
		},
		{`{"agent":"a","max_runtime_sec":50}`, `{"agent":"a","max_runtime_sec":5e1}`},
		input(`5`, `5.0`, `5.00`, `5e0`, `5E-0`, `50e-1`, `0.05e2`, ` 5 `, `0.5e+0000000000000000000001`),
		input(`-5`, `-5.0`, `-0.05e2`),
		input(`0`, `-0`, `0.0`, `0e999999999999999999999999`, `-0.00e-7`),
		input(`"5"`, `"\u0035"`),
		input(`1e999999999999999999`, `10e999999999999999998`, `0.1e1000000000000000000`, `0.01e+1000000000000000001`),
		input(`1e-999999999999999999`, `10e-1000000000000000000`, `100e-01000000000000000001`),
		input(`1e100000000000000000000000`, `0.001e100000000000000000000003`, `1000e99999999999999999999997`),
		input(`0.1`, `1e-1`), input(`0.10000000000000000000000000000000000001`),
		input(`9007199254740993`), input(`9007199254740992`, `9007199254740992.0`),
		input(`{}`), input(`[]`, ` [ ] `), input(`""`), input(`true`), input(`false`), input(`[null]`, "[\n\tnull ]"), input(`{"a":null}`),
		input(`{"a":1,"b":[1,2,{"c":"d"}]}`, `{ "b" : [ 1.0 , 2 , { "\u0063" : "\u0064" } ] , "a" : 10e-1 }`),
		input(`{"a":1,"b":[2,1,{"c":"d"}]}`), input(`{"a":1,"b":[1,[2],{"c":"d"}]}`), input(`{"b":1,"a":[1,2,{"c":"d"}]}`),
		input(`"\ud83d\ude00"`, `"😀"`), input(`"\\ud83d"`), input(`"\n"`, `"\u000a"`, `"\u000A"`), input(`"/"`, `"\/"`), input(`"\\n"`),
		input(`["a","b"]`), input(`["a,b"]`), input(`["ab"]`), input(`["asb"]`), input(`["a\u0001b"]`),
		input(`[["a","b"]]`), input(`[[],[1]]`), input(`[[[1]]]`), input(`[[1]]`), input(`[[],1]`), input(`[12]`), input(`[1,2]`),
		input(`{"a":"b"}`), input(`{"as":"b"}`), input(`{"a":[],"b":1}`), input(`{"a":[1]}`),
		input(`["b","a"]`), input(`[["a"],"b"]`), input(`["a",["b"]]`),
		input(`{"a":{"b":1},"c":2}`), input(`{"a":{"b":1,"c":2}}`),
		input(`{"é":1}`, `{"\u00e9":1}`), input(`{"e\u0301":1}`), // no normalisation: these are two strings
		input(`{"A":1}`), input(`{"a":1}`),
	}
	seen := map[[32]byte]int{}
	for i, list := range lists {
		for _, payload := range list {
			digest := registry.Digest(submitted(t, payload))
			if j, known := seen[digest]; known && j != i {
				t.Errorf("%s is taken for %s", payload, lists[j][0])
			}
			if digest != registry.Digest(submitted(t, list[0])) {
				t.Errorf("%s is not taken for %s", payload, list[0])
			}
			seen[digest] = i
		}
	}
}

func TestDigestOfWhatNoClientCanSend(t *testing.T) {
	t.Parallel()
	nan := protocol.Number("NaN")
	seen := map[[32]byte]int{}
	for i, submit := range []protocol.JobSubmit{
		{}, {Input: json.RawMessage("{")}, {Input: json.RawMessage(" ")}, {Input: json.RawMessage(`"\ud800"`)}, {Input: json.RawMessage(`{"a":1,"a":2}`)},
		{Input: json.RawMessage(`1 2`)}, {Input: json.RawMessage(`1`)}, {MaxRuntimeSec: &nan}, {LeaseRequest: protocol.Lease{"": nil}},
		{Input: json.RawMessage(strings.Repeat("[", 1000) + strings.Repeat("]", 1000))},
	} {
		digest := registry.Digest(submit)
		if j, known := seen[digest]; known {
			t.Errorf("%d is taken for %d", i, j)
		}
		seen[digest] = i
	}
}

// BenchmarkDigest has inputs of 1 MiB that are made to be slow: MB/s must be of one order for 64 KiB and 1 MiB.
func BenchmarkDigest(b *testing.B) {
	repeat := func(unit string, size int) string { return strings.Repeat(unit, size/len(unit)) }
	members := func(size int) string {
		var text strings.Builder
		for i := 0; text.Len() < size; i++ {
			fmt.Fprintf(&text, `"%x":1,`, i)
		}
		return "{" + strings.TrimSuffix(text.String(), ",") + "}"
	}
	for name, made := range map[string]func(int) string{
		"string":           func(size int) string { return `"` + repeat("a", size) + `"` },
		"escapes":          func(size int) string { return `"` + repeat(`\u0061`, size) + `"` },
		"digits":           func(size int) string { return repeat("7", size) },
		"exponent":         func(size int) string { return "1e" + repeat("9", size) },
		"exponent's carry": func(size int) string { return "10e" + repeat("9", size) },
		"members":          members,
		"one prefix":       func(size int) string { return `{"` + repeat("a", size/2) + `":1,"` + repeat("a", size/2-1) + `b":1}` },
		"nested": func(size int) string {
			return "[" + repeat(strings.Repeat("[", 50)+strings.Repeat("]", 50)+",", size) + "1]"
		},
	} {
		for _, size := range []int{1 << 16, 1 << 20} {
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				submit := protocol.JobSubmit{Agent: "a", Input: json.RawMessage(made(size))}
				b.SetBytes(int64(len(submit.Input)))
				for b.Loop() {
					registry.Digest(submit)
				}
			})
		}
	}
}
