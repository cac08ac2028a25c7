// PLACEHOLDER by the lead so that others compile: the owner of this package replaces this file.
package auth

import (
	"context"
	"crypto/rand"
	"errors"
)

type Authenticator interface {
	Authenticate(ctx context.Context, token string) (string, error)
}

var ErrUnauthenticated = errors.New("no")

type st map[string]string

func (s st) Authenticate(_ context.Context, t string) (string, error) {
	if p, ok := s[t]; ok {
		return p, nil
	}
	return "", ErrUnauthenticated
}
func Tokens(m map[string]string) (Authenticator, error) { return st(m), nil }
func NewToken() string                                  { return rand.Text() }
