package oracle_test

import "testing"

func TestSecrets(t *testing.T) {
	t.Parallel()
	issued := `
		A hello
		B hello
		A> submit {}
		A< accepted j1 {"credentials":[{"id":"c","scheme":"bearer","value":"sk-virt-0001","endpoint":"e"}]}
	`
	refused := func(token, message string) string {
		return `
			A> {"type":"session.hello","payload":{"auth":{"scheme":"bearer","token":"` + token + `"},"capabilities":{"features":[]}}}
			A< {"type":"session.error","payload":{"code":"UNAUTHENTICATED","message":"` + message + `","retryable":false}}`
	}
	judgeAll(t, nil, []verdict{
		{"a refusal that says nothing", refused("wrong-token", "no"), ""},
		{"a refusal that says the token", refused("wrong-token", "'wrong-token' is unknown"), "fail R6.1-4"},
		{"the token, escaped", refused(`wrong-\"token\"`, `wrong-\"token\" is unknown`), "fail R6.1-4"},
		{"a word that is too short to be one", refused("token", "the token is unknown"), ""},
		{"a longer word", refused("some-token", "awesome-token-7"), ""},
		{"what the suite itself says elsewhere", `
			A> {"type":"session.hello","payload":{"client":{"name":"conformance"},"auth":{"scheme":"bearer","token":"conformance"}}}
			A< {"type":"session.error","payload":{"code":"UNAUTHENTICATED","message":"conformance is unknown","retryable":false}}`, ""},
		{"a token in the wrong place of a hello", `
			A> {"type":"session.hello","payload":{"auth":{"scheme":"bearer","token":"wrong-token"},"capabilities":{"features":[]}}}
			A> {"type":"session.hello","payload":{"auth":{"scheme":"bearer","token":["wrong-token"]},"capabilities":{"features":[]}}}
			A< {"type":"session.error","payload":{"code":"INTERNAL_ERROR","message":"['wrong-token'] is no string","retryable":true}}`,
			"fail R6.1-4"},
		{"a token in a later message", job + `A< j1 1 log {"level":"info","message":"token-of-A"}`, "fail R6.1-4"},
		{"another session's resume token", `
			A hello
			B hello
			B< {"type":"session.closed","payload":{"debug":"resume-token-of-A"}}`, "fail R6.3-4"},
		{"one's own resume token", `
			A hello
			A< {"type":"session.closed","payload":{"debug":"resume-token-of-A"}}`, ""},
		{"a resume token that was presented", `
			A hello
			B hello
			B> {"type":"session.resume","payload":{"resume_token":"resume-token-of-A","last_event_seq":0}}
			B< {"type":"session.error","payload":{"code":"INVALID_REQUEST","message":"resume-token-of-A is not yours","retryable":false}}`, ""},
		{"a credential in its own place", issued + `A< j1 1 log {"level":"info","message":"sk-virt-0001"}`, ""},
		{"a credential told to another principal", issued + `B< {"type":"session.closed","payload":{"debug":"sk-virt-0001"}}`, "fail R9.8-6"},
		{"a new value told to another principal", issued + `
			A< j1 1 status {"phase":"credential_rotated","id":"c","value":"sk-virt-0002"}
			B< {"type":"session.closed","payload":{"debug":"sk-virt-0002"}}`, "fail R9.8-6"},
		{"a credential that both were given", issued + `
			B> submit {}
			B< accepted j2 {"credentials":[{"id":"c","scheme":"bearer","value":"sk-virt-0001","endpoint":"e"}]}`, ""},
	})
}
