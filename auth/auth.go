package auth

import (
	"context"
	"crypto/rand"
	"errors"
)

// ErrUnauthenticated says that a token is nobody's.
var ErrUnauthenticated = errors.New("auth: not a valid token")

// Authenticator finds the principal of a bearer token (§6.1). It is used by many goroutines at once.
type Authenticator interface {
	// Authenticate gives the principal, which is never empty, or an error: one that is ErrUnauthenticated (by
	// errors.Is) when the token is nobody's, any other when it could not be found out. It may be slow, and ends with
	// ctx. Its errors never contain the token.
	Authenticate(ctx context.Context, token string) (principal string, err error)
}

// NewToken makes a token that cannot be guessed: 26 letters and digits with 130 bits of the system's randomness. It
// serves as a bearer token and as a resume token (§6.3).
func NewToken() string { return rand.Text() }
