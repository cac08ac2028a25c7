package main

import (
	"os"
	"strings"

	"github.com/arcp-conformance/arcp/auth"
)

// bearer is one principal and the token that shows it (§6.1).
type bearer struct{ principal, token string }

// bearers reads the tokens of the flags and of the file. Without any it makes up two, for two principals.
func bearers(flags []string, file string) (list []bearer, madeUp bool, err error) {
	entries := flags
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, false, usage("", "--token-file: %w", err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				entries = append(entries, line)
			}
		}
		if len(entries) == 0 {
			return nil, false, usage("", "--token-file: there is no token in %s", file)
		}
	}
	if len(entries) == 0 {
		return []bearer{{"alice", auth.NewToken()}, {"bob", auth.NewToken()}}, true, nil
	}
	seen := map[string]string{}
	for i, entry := range entries {
		principal, token, ok := strings.Cut(entry, "=")
		if !ok || principal == "" || token == "" || strings.ContainsAny(token, " \t") {
			// The entry is not repeated: it may be a secret.
			return nil, false, usage("", "token %d is not of the form principal=token", i+1)
		}
		if other, taken := seen[token]; taken {
			return nil, false, usage("", "%s and %s have the same token", other, principal)
		}
		seen[token] = principal
		list = append(list, bearer{principal, token})
	}
	return list, false, nil
}

// principals is the form that the authenticator takes.
func principals(list []bearer) map[string]string {
	of := map[string]string{}
	for _, b := range list {
		of[b.token] = b.principal
	}
	return of
}
