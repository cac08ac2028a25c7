package oracle

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// secrets holds §6.1, §6.3 and §9.8: a bearer token is never sent back, a resume token is told to its own session, a
// credential reaches its submitter alone. What the suite says in clear elsewhere, as an agent that happens to be called
// like a token, is no secret.
type secrets struct {
	d     *docket
	scene *scene
	known []*secret
	index map[string]*secret
}

type secretKind int

const (
	bearer secretKind = iota
	resumption
	credential
)

// secret is one value and who may see it.
type secret struct {
	kind    secretKind
	forms   [][]byte // as it stands in a frame, plain and quoted
	session *session // of a resume token
	token   string   // of the principals that a credential was given to
	sent    map[*connection]bool
	public  bool
}

// shortest is the length below which a value may turn up by chance, or be a word.
const shortest = 8

func newSecrets(d *docket, s *scene) *secrets {
	return &secrets{d: d, scene: s, index: map[string]*secret{}}
}

func (s *secrets) see(f frame) {
	if f.Dir == wire.Sent {
		s.learn(bearer, f.Text("payload", "auth", "token"), f)
		s.said(f)
		return
	}
	for _, k := range s.known {
		if !k.public && k.within(f.Raw) {
			s.judge(k, f)
		}
	}
	switch {
	case f.Type() == "session.welcome":
		s.learn(resumption, f.Text("payload", "resume_token"), f)
	case f.Type() == "session.error" && !f.conn.welcomed:
		s.d.checks["R6.1-4"]++
	case f.Type() == "job.accepted":
		for _, value := range credentials(f) {
			s.learn(credential, value, f)
		}
	case f.Kind() == "status" && f.Text("payload", "body", "phase") == "credential_rotated":
		s.learn(credential, f.Text("payload", "body", "value"), f)
	}
}

func credentials(f frame) []string {
	var values []string
	list, _ := f.Payload()["credentials"].([]any)
	for _, c := range list {
		v, _ := wire.Lookup(c, "value")
		if value, ok := v.(string); ok {
			values = append(values, value)
		}
	}
	return values
}

func (s *secrets) learn(kind secretKind, value string, f frame) {
	if len(value) < shortest {
		return
	}
	if k := s.index[value]; k != nil {
		k.public = k.public || k.kind != kind || kind == credential && k.token != f.session.token
		return
	}
	quoted, err := json.Marshal(value)
	if err != nil {
		return
	}
	k := &secret{
		kind: kind, forms: [][]byte{[]byte(value)}, session: f.session, token: f.session.token, sent: map[*connection]bool{},
	}
	if inside := string(quoted[1 : len(quoted)-1]); inside != value {
		k.forms = append(k.forms, []byte(inside))
	}
	s.index[value], s.known = k, append(s.known, k)
	for i := 0; kind == bearer && i < f.index; i++ { // the suite may have said it before it was a token
		m := &s.scene.transcript[i]
		k.public = k.public || m.Dir == wire.Sent && k.spoken(m)
	}
}

// said notes what the suite itself said: a bearer token anywhere but in its place is public from then on.
func (s *secrets) said(f frame) {
	for _, k := range s.known {
		if !k.within(f.Raw) {
			continue
		}
		k.sent[f.conn] = true
		k.public = k.public || k.kind == bearer && k.spoken(f.Message)
	}
}

// spoken says whether a message of the suite has the token as something else than a token. In a hello it is a login
// wherever it stands, and a refusal must not repeat it, unless the client is called so.
func (k *secret) spoken(m *wire.Message) bool {
	switch m.Type() {
	case "session.hello":
		return k.is(m.Text("payload", "client", "name")) || k.is(m.Text("payload", "client", "version"))
	case "session.resume":
		inPlace := 0
		if k.is(m.Text("payload", "auth", "token")) {
			inPlace = 1
		}
		return k.count(m.Raw) > inPlace
	}
	return k.within(m.Raw)
}

func (s *secrets) judge(k *secret, f frame) {
	switch k.kind {
	case bearer:
		s.d.demand("R6.1-4", false, f.Message, "no frame that repeats the bearer token")
	case resumption:
		own := f.Type() == "session.welcome" && k.is(f.Text("payload", "resume_token"))
		if f.session != k.session && !own && !k.sent[f.conn] {
			s.d.demand("R6.3-4", false, f.Message, "no resume token of session %s told to another", k.session.id)
		}
	case credential:
		own := slices.ContainsFunc(credentials(f), k.is)
		if f.session.token != "" && f.session.token != k.token && !own {
			s.d.demand("R9.8-6", false, f.Message, "no credential told to another principal")
		}
	}
}

func (k *secret) within(raw []byte) bool { return k.count(raw) > 0 }

// count is how often the value stands in raw by itself, and not as a part of a longer word.
func (k *secret) count(raw []byte) int {
	n := 0
	for _, form := range k.forms {
		for end := 0; ; {
			at := bytes.Index(raw[end:], form)
			if at < 0 {
				break
			}
			at, end = end+at, end+at+len(form)
			if (at == 0 || !inWord(raw[at-1])) && (end == len(raw) || !inWord(raw[end])) {
				n++
			}
		}
	}
	return n
}

func inWord(b byte) bool {
	return b == '-' || b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func (k *secret) is(value string) bool { return value == string(k.forms[0]) }
