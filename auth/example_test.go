package auth_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/arcp-conformance/arcp/auth"
)

func ExampleTokens() {
	token := auth.NewToken()
	who, err := auth.Tokens(map[string]string{token: "ann"})
	if err != nil {
		fmt.Println(err)
		return
	}
	principal, _ := who.Authenticate(context.Background(), token)
	fmt.Println(principal)
	_, err = who.Authenticate(context.Background(), "a guess")
	fmt.Println(errors.Is(err, auth.ErrUnauthenticated))
	// Output:
	// ann
	// true
}
