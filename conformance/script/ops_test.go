package script_test

// steps has good and bad ones of every op. Of the first good one nothing may be left out; a bad one comes with a part
// of what is said about it.
var steps = []struct {
	op   string
	good []string
	bad  map[string]string
}{
	{"abilities", []string{`{"op":"abilities"}`, `{"op":"abilities","call_id":"c1","fatal":true}`}, map[string]string{
		`{"op":"abilities","ops":["log"]}`:   "'ops' not allowed",
		`{"op":"abilities","call_id":""}`:    "/call_id: minLength",
		`{"op":"abilities","call_id":7}`:     "/call_id: got number, want string",
		`{"op":"abilities","fatal":"true"}`:  "/fatal: got string, want boolean",
		`{"op":"abilities","Fatal":true}`:    "'Fatal' not allowed",
		`{"op":"abilities","message":"log"}`: "'message' not allowed",
	}},
	{"log", []string{`{"op":"log","message":""}`, `{"op":"log","message":"${i}","level":"debug"}`}, map[string]string{
		`{"op":"log"}`:                            "missing property 'message'",
		`{"op":"log","message":1}`:                "/message: got number, want string",
		`{"op":"log","message":"m","level":null}`: "/level: got null, want string",
		`{"op":"log","message":"m","text":"t"}`:   "'text' not allowed",
	}},
	{"thought", []string{`{"op":"thought","text":"hm"}`}, map[string]string{
		`{"op":"thought","message":"hm"}`: "missing property 'text'",
	}},
	{"status", []string{`{"op":"status","phase":"p"}`, `{"op":"status","phase":"p","message":"m"}`}, map[string]string{
		`{"op":"status","message":"m"}`: "missing property 'phase'",
	}},
	{"progress", []string{
		`{"op":"progress","current":0}`, `{"op":"progress","current":1.5,"total":2,"units":"u","message":"m"}`,
		`{"op":"progress","current":-1}`, // for the runtime to refuse
	}, map[string]string{
		`{"op":"progress","total":2}`:     "missing property 'current'",
		`{"op":"progress","current":"1"}`: "/current: got string, want number",
	}},
	{"metric", []string{
		`{"op":"metric","name":"cost.x","value":-1}`,
		`{"op":"metric","name":"cost.x","value":4.4999999999999993e-07,"unit":"USD","dimensions":{"a":"b"}}`,
		`{"op":"metric","name":"x","value":1e999999999}`,
	}, map[string]string{
		`{"op":"metric","name":"x"}`:                           "missing property 'value'",
		`{"op":"metric","value":1}`:                            "missing property 'name'",
		`{"op":"metric","name":"x","value":"0.1"}`:             "/value: got string, want number",
		`{"op":"metric","name":"x","value":1,"dimensions":[]}`: "/dimensions: got array, want object",
	}},
	{"artifact", []string{
		`{"op":"artifact","uri":"u","content_type":"t"}`,
		`{"op":"artifact","uri":"u","content_type":"t","byte_size":0,"sha256":"00"}`,
	}, map[string]string{
		`{"op":"artifact","uri":"u"}`:                                    "missing property 'content_type'",
		`{"op":"artifact","uri":"u","content_type":"t","byte_size":-1}`:  "/byte_size: minimum",
		`{"op":"artifact","uri":"u","content_type":"t","byte_size":1.5}`: "/byte_size: got number, want integer",
	}},
	{"raw", []string{
		`{"op":"raw","kind":"log","body":{"any":["thing"]}}`, `{"op":"raw","kind":"x","body":null,"unchecked":true}`,
	}, map[string]string{
		`{"op":"raw","kind":"log"}`:                        "missing property 'body'",
		`{"op":"raw","body":{}}`:                           "missing property 'kind'",
		`{"op":"raw","kind":"log","body":1,"unchecked":1}`: "/unchecked: got number, want boolean",
	}},
	{"tool", []string{
		`{"op":"tool","name":"search.web"}`, `{"op":"tool","name":"n","args":[1,{"a":null}]}`,
	}, map[string]string{
		`{"op":"tool","tool":"search.web"}`: "missing property 'name'",
	}},
	{"read", []string{`{"op":"read","path":"/data/${i}"}`}, map[string]string{`{"op":"read"}`: "missing property 'path'"}},
	{"write", []string{`{"op":"write","path":"/data"}`}, map[string]string{
		`{"op":"write","path":"/data","content":"x"}`: "'content' not allowed",
	}},
	{"fetch", []string{`{"op":"fetch","url":"https://example.com/"}`}, map[string]string{
		`{"op":"fetch","uri":"https://example.com/"}`: "missing property 'url'",
	}},
	{"model", []string{`{"op":"model","name":"m"}`}, map[string]string{
		`{"op":"model","model":"m"}`: "missing property 'name'",
	}},
	{"delegate", []string{
		`{"op":"delegate","agent":"conformance"}`,
		`{"op":"delegate","agent":"a@1","lease":{"tool.call":["x"],"cost.budget":["USD:1"]},"input":{"steps":[]},"wait":false}`,
		`{"op":"delegate","agent":"a","lease":{},"constraints":{"expires_at":"2030-01-01T00:00:00Z"},"input":null}`,
	}, map[string]string{
		`{"op":"delegate"}`:                                     "missing property 'agent'",
		`{"op":"delegate","agent":"a","lease":["x"]}`:           "/lease: got array, want object",
		`{"op":"delegate","agent":"a","lease":{"tool.call":1}}`: "/lease/tool.call: got number, want array",
		`{"op":"delegate","agent":"a","wait":"no"}`:             "/wait: got string, want boolean",
		`{"op":"delegate","agent":"a","lease_request":{}}`:      "'lease_request' not allowed",
	}},
	{"charge", []string{
		`{"op":"charge","name":"cost.x","value":0.1,"unit":"USD"}`,
		`{"op":"charge","name":"cost.x","value":0.1,"unit":"USD","fatal":false}`,
	}, map[string]string{
		`{"op":"charge","name":"cost.x","value":0.1}`:                "missing property 'unit'",
		`{"op":"charge","name":"cost.x","value":"0.1","unit":"USD"}`: "/value: got string, want number",
	}},
	{"counters", []string{`{"op":"counters"}`, `{"op":"counters","call_id":"${branch}"}`}, map[string]string{
		`{"op":"counters","unit":"USD"}`: "'unit' not allowed",
	}},
	{"stream_open", []string{`{"op":"stream_open"}`, `{"op":"stream_open","encoding":"base64"}`}, map[string]string{
		`{"op":"stream_open","encoding":"hex"}`: "/encoding: value must be one of",
	}},
	{"stream_write", []string{
		`{"op":"stream_write","text":""}`, `{"op":"stream_write","text":"€","times":3,"piece":1}`,
		`{"op":"stream_write","base64":""}`, `{"op":"stream_write","base64":"AA=="}`,
		`{"op":"stream_write","base64":"AAAA+/8="}`,
		`{"op":"stream_write","generate":{"seed":"a","size":0}}`,
	}, map[string]string{
		`{"op":"stream_write"}`:                                            "missing property 'generate'",
		`{"op":"stream_write","text":"a","base64":"AAAA"}`:                 "'oneOf' failed",
		`{"op":"stream_write","text":"a","generate":{"seed":"","size":1}}`: "'oneOf' failed",
		`{"op":"stream_write","base64":"AA"}`:                              "/base64: 'AA' does not match",
		`{"op":"stream_write","base64":"__8="}`:                            "/base64: '__8=' does not match",
		`{"op":"stream_write","generate":{"seed":"a"}}`:                    "/generate: missing property 'size'",
		`{"op":"stream_write","generate":{"seed":1,"size":1}}`:             "/generate/seed: got number",
		`{"op":"stream_write","generate":{"seed":"a","size":-1}}`:          "/generate/size: minimum",
		`{"op":"stream_write","generate":{"seed":"a","size":1,"n":1}}`:     "'n' not allowed",
		`{"op":"stream_write","text":"a","times":0}`:                       "/times: minimum",
		`{"op":"stream_write","text":"a","piece":0}`:                       "/piece: minimum",
		`{"op":"stream_write","text":"a","encoding":"utf8"}`:               "'encoding' not allowed",
	}},
	{"stream_close", []string{`{"op":"stream_close"}`, `{"op":"stream_close","summary":"s"}`}, map[string]string{
		`{"op":"stream_close","summary":{}}`: "/summary: got object, want string",
	}},
	{"stream_abandon", []string{`{"op":"stream_abandon"}`}, map[string]string{
		`{"op":"stream_abandon","summary":"s"}`: "'summary' not allowed",
	}},
	{"repeat", []string{
		`{"op":"repeat","times":3,"steps":[]}`,
		`{"op":"repeat","times":3.0,"steps":[{"op":"repeat","times":1,"steps":[{"op":"log","message":"${i}"}]}]}`,
	}, map[string]string{
		`{"op":"repeat","times":3}`:                                                            "missing property 'steps'",
		`{"op":"repeat","steps":[]}`:                                                           "missing property 'times'",
		`{"op":"repeat","times":0,"steps":[]}`:                                                 "/times: minimum",
		`{"op":"repeat","times":1,"steps":{"op":"log","message":"m"}}`:                         "/steps: got object, want array",
		`{"op":"repeat","times":1,"steps":[{"op":"repeat","times":1,"steps":[{"op":"log"}]}]}`: "/steps/0/steps/0/steps/0: missing",
	}},
	{"parallel", []string{`{"op":"parallel","branches":64,"steps":[{"op":"tool","name":"${branch}"}]}`}, map[string]string{
		`{"op":"parallel","times":64,"steps":[]}`:                 "missing property 'branches'",
		`{"op":"parallel","branches":0,"steps":[]}`:               "/branches: minimum",
		`{"op":"parallel","branches":2,"steps":[{"op":"shout"}]}`: "/steps/0/steps/0/op: value must be one of",
	}},
	{"sleep", []string{`{"op":"sleep","ms":0}`}, map[string]string{
		`{"op":"sleep"}`:            "missing property 'ms'",
		`{"op":"sleep","ms":"100"}`: "/ms: got string, want integer",
		`{"op":"sleep","ms":-1}`:    "/ms: minimum",
	}},
	{"await_cancel", []string{
		`{"op":"await_cancel"}`, `{"op":"await_cancel","steps":[{"op":"log","message":"m"}]}`,
	}, map[string]string{
		`{"op":"await_cancel","steps":[{}]}`: "/steps/0/steps/0: missing property 'op'",
	}},
	{"crash", []string{`{"op":"crash"}`, `{"op":"crash","how":"panic","message":"m"}`}, map[string]string{
		`{"op":"crash","how":"exit"}`: "/how: value must be one of 'error', 'panic'",
	}},
	{"fail", []string{
		`{"op":"fail","code":"BUDGET_EXHAUSTED"}`, `{"op":"fail","code":"INTERNAL_ERROR","message":"m","retryable":false}`,
	}, map[string]string{
		`{"op":"fail","message":"m"}`:                     "missing property 'code'",
		`{"op":"fail","code":"TEAPOT"}`:                   "/code: value must be one of",
		`{"op":"fail","code":"TIMEOUT","retryable":"no"}`: "/retryable: got string, want boolean",
	}},
	{"return", []string{
		`{"op":"return"}`, `{"op":"return","value":null}`, `{"op":"return","value":{"a":[0.10]}}`,
	}, map[string]string{
		`{"op":"return","result":1}`: "'result' not allowed",
	}},
}
