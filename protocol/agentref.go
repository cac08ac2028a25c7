package protocol

import "strings"

// maxAgentRef bounds a reference, in bytes. §7.5 (choice): the grammar does not.
const maxAgentRef = 256

// ParseAgentRef splits the `agent` of a submission into its name and its version, ""
// when it has none, by the grammar of §7.5:
//
//	agent   ::= name | name "@" version
//	name    ::= [a-z0-9][a-z0-9._-]*
//	version ::= [a-zA-Z0-9.+_-]+
//
// What does not follow it is INVALID_REQUEST.
func ParseAgentRef(ref string) (name, version string, err *Error) {
	name, version, pinned := strings.Cut(ref, "@")
	switch {
	case len(ref) > maxAgentRef:
		return "", "", NewError(InvalidRequest, "agent is longer than 256 bytes")
	case !agentName(name):
		return "", "", NewError(InvalidRequest, "the name of the agent does not follow the grammar")
	case pinned && !agentVersion(version):
		return "", "", NewError(InvalidRequest, "the version of the agent does not follow the grammar")
	}
	return name, version, nil
}

// AgentRef joins a name and a version, "" for none, to one reference (§7.5).
func AgentRef(name, version string) string {
	if version == "" {
		return name
	}
	return name + "@" + version
}

func agentName(name string) bool {
	return name != "" && strings.IndexByte("._-", name[0]) < 0 &&
		only(name, func(c byte) bool { return lower(c) || strings.IndexByte("._-", c) >= 0 })
}

func agentVersion(version string) bool {
	return version != "" &&
		only(version, func(c byte) bool { return lower(c) || 'A' <= c && c <= 'Z' || strings.IndexByte(".+_-", c) >= 0 })
}

func lower(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

func only(text string, allowed func(byte) bool) bool {
	for i := range len(text) {
		if !allowed(text[i]) {
			return false
		}
	}
	return true
}
