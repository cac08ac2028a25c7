package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
)

// StaticTokens is a fixed list of tokens. The zero value knows none.
type StaticTokens struct{ entries []entry }

// entry keeps no token: whoever sees the memory of the process does not see those that he could use. A hash without
// salt is enough for tokens that cannot be guessed, as those of NewToken, and not for passwords.
type entry struct {
	hash      [sha256.Size]byte
	principal string
}

var _ Authenticator = (*StaticTokens)(nil)

// Tokens makes an Authenticator of tokens and their principals. Several tokens may be of one principal. An empty token,
// or one of an empty principal, is refused.
func Tokens(tokens map[string]string) (*StaticTokens, error) {
	s := &StaticTokens{entries: make([]entry, 0, len(tokens))}
	for token, principal := range tokens {
		switch {
		case token == "":
			return nil, errors.New("auth: a token is empty")
		case principal == "":
			return nil, errors.New("auth: the principal of a token is empty")
		}
		s.entries = append(s.entries, entry{hash: sha256.Sum256([]byte(token)), principal: principal})
	}
	return s, nil
}

// Authenticate compares the token with all of the list, in a time that does not tell which one came near. It neither
// waits nor fails for another reason than ErrUnauthenticated.
func (s *StaticTokens) Authenticate(_ context.Context, token string) (string, error) {
	hash := sha256.Sum256([]byte(token))
	found := -1
	for i := range s.entries {
		same := subtle.ConstantTimeCompare(hash[:], s.entries[i].hash[:])
		found = subtle.ConstantTimeSelect(same, i, found)
	}
	if found < 0 {
		return "", ErrUnauthenticated
	}
	return s.entries[found].principal, nil
}
