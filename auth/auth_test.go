package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/auth"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	who, err := auth.Tokens(map[string]string{
		"first-token": "ann", "second-token": "bob", "third-token": "ann", "päßwort €": "чарли",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, token, want string }{
		{"one", "first-token", "ann"},
		{"another principal's", "second-token", "bob"},
		{"a second of one principal", "third-token", "ann"},
		{"beyond ASCII", "päßwort €", "чарли"},
		{"nobody's", "fourth-token", ""},
		{"empty", "", ""},
		{"a beginning", "first-toke", ""},
		{"one and more", "first-token ", ""},
		{"other letters", "First-Token", ""},
		{"a principal", "ann", ""},
		{"not UTF-8", "first-token\xff", ""},
		{"very long", strings.Repeat("first-token", 100_000), ""},
	} {
		got, err := who.Authenticate(t.Context(), tc.token)
		if got != tc.want || errors.Is(err, auth.ErrUnauthenticated) != (tc.want == "") || (err == nil) != (tc.want != "") {
			t.Errorf("%s: %q, %v; want %q", tc.name, got, err, tc.want)
		}
		if err != nil && tc.token != "" && strings.Contains(err.Error(), tc.token) {
			t.Errorf("%s: the error contains the token: %v", tc.name, err)
		}
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		tokens map[string]string
	}{
		{"an empty token", map[string]string{"": "ann", "secret": "bob"}},
		{"an empty principal", map[string]string{"secret": "", "other": "bob"}},
		{"both", map[string]string{"": ""}},
	} {
		who, err := auth.Tokens(tc.tokens)
		if err == nil || who != nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, %v", tc.name, who, err)
		}
	}
}

func TestWithoutTokensNobodyIsKnown(t *testing.T) {
	t.Parallel()
	none, err := auth.Tokens(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []auth.Authenticator{none, &auth.StaticTokens{}} {
		if got, err := who.Authenticate(t.Context(), ""); got != "" || !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestTokensAreNotKept(t *testing.T) {
	t.Parallel()
	tokens := map[string]string{"very-secret": "ann"}
	who, err := auth.Tokens(tokens)
	if err != nil {
		t.Fatal(err)
	}
	if shown := fmt.Sprintf("%v %+v %#v %q", who, who, who, who); strings.Contains(shown, "very-secret") {
		t.Errorf("it shows %s", shown)
	}
	tokens["late"], tokens["very-secret"] = "eve", "eve"
	if got, _ := who.Authenticate(t.Context(), "very-secret"); got != "ann" {
		t.Errorf("the caller's map is still used: %q", got)
	}
	if got, err := who.Authenticate(t.Context(), "late"); err == nil {
		t.Errorf("the caller's map is still used: %q", got)
	}
}

// Whatever the tokens, the list answers as the map that it was made of.
func TestTokensAreAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.MapOf(rapid.StringN(1, 8, -1), rapid.StringN(1, 3, -1)).Draw(t, "tokens")
		who, err := auth.Tokens(tokens)
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		asked := rapid.SliceOf(rapid.StringN(0, 8, -1)).Draw(t, "others")
		for token := range tokens {
			asked = append(asked, token)
		}
		for _, token := range asked {
			got, err := who.Authenticate(context.Background(), token)
			if want, known := tokens[token]; got != want || known != (err == nil) {
				t.Fatalf("another answer than the map's")
			}
		}
	})
}

func TestNewToken(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	letters := map[rune]bool{}
	for range 1000 {
		token := auth.NewToken()
		if len(token) < 26 || seen[token] {
			t.Fatalf("%q, seen before: %v", token, seen[token])
		}
		seen[token] = true
		for _, letter := range token {
			letters[letter] = true
		}
		if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
			t.Errorf("%q has to be quoted somewhere", token)
		}
	}
	if len(letters) != 32 { // five bits each: 26 of them are 130
		t.Errorf("%d letters", len(letters))
	}
}
