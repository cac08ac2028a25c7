package lease_test

import (
	"testing"

	"github.com/arcp-conformance/arcp/lease"
)

func TestClause_9_2_URLGlobs(t *testing.T) {
	t.Parallel()
	cases{
		{"https://example.com/a", []string{
			"https://example.com/a", "HTTPS://EXAMPLE.COM/a", "https://example.com:443/a", "https://example.com:0443/a",
			"https://example.com/a#part",
		}, []string{
			"http://example.com/a", "https://example.com/A", "https://example.com:8443/a", "https://example.com/a/",
			"https://example.com/a?", "https://example.com/a?x=1", "https://example.com/ab", "https://example.com",
			"https://www.example.com/a", "https://example.com.evil.org/a",
		}},
		{"https://example.com", []string{"https://example.com", "https://example.com/"}, []string{"https://example.com/a"}},
		{"https://example.com/**", []string{
			"https://example.com", "https://example.com/a/b?c=/d&e=%2F..", "https://example.com/a%20b",
		}, []string{"https://example.org/", "https://a.example.com/"}},
		{"https://example.com/v1/**", []string{"https://example.com/v1/a/b", "https://example.com/v1/"},
			[]string{"https://example.com/v1", "https://example.com/v10/a", "https://example.com/a?/v1/b"}},
		{"https://example.com/v1*", []string{"https://example.com/v1", "https://example.com/v10?q=a/b"},
			[]string{"https://example.com/v1/a"}},
		{"https://example.com/*/info", []string{"https://example.com/a/info"},
			[]string{"https://example.com/a?x/info", "https://example.com//info", "https://example.com/a/info?x"}},
		{"https://example.com/a?q=*", []string{"https://example.com/a?q=1", "https://example.com/a?q=a/b"},
			[]string{"https://example.com/a", "https://example.com/a?r=1"}},
		{"https://example.com/*?q=1", []string{"https://example.com/a?q=1"},
			[]string{"https://example.com/a?q=2", "https://example.com/a"}},
		{"https://*.example.com/", []string{"https://a.example.com/"},
			[]string{"https://example.com/", "https://a.b.example.com/", "https://evil.com/.example.com/"}},
		{"https://**.example.com/", []string{"https://a.example.com/", "https://a.b.example.com/"},
			[]string{"https://example.com/", "https://evilexample.com/"}},
		{"*://example.com/", []string{"http://example.com/", "https://example.com/", "http://example.com:80/"},
			[]string{"http://example.com:443/", "https://example.com:80/", "ftp://example.com/"}},
		{"*://example.com:443/", []string{"https://example.com/", "http://example.com:443/"}, []string{"http://example.com/"}},
		{"http://example.com:8080/", []string{"http://example.com:8080/"}, []string{"http://example.com/"}},
		{"http://example.com:*/", []string{"http://example.com:8080/", "http://example.com/"}, []string{"https://example.com/"}},
		{"http://[::1]:8080/*", []string{"http://[::1]:8080/a", "http://[::1]:8080/"}, []string{"http://[::2]:8080/a"}},
		{"https://example.com/%c3%a4", []string{"https://example.com/%C3%A4", "https://example.com/%c3%a4"}, nil},
		{"**", []string{"https://example.com/a?b", "http://[::1]:9/"}, []string{"ftp://example.com/", "example.com", ""}},
		{"*", []string{"https://example.com/a/b"}, []string{"file:///etc/passwd"}},
	}.run(t, lease.NetFetch)
}

// §9.3: whatever a grant is, these are not ways out of it.
//
// Register: R9.3-3.
func TestClause_9_3_URLsDoNotEscape(t *testing.T) {
	t.Parallel()
	escapes := []string{
		"https://good.com@evil.com/pub/x", "https://evil.com/pub/x", "https://evil.com?.good.com/pub/x",
		"https://evil.com#.good.com/pub/x", "https://good.com#@evil.com/pub/x", "https://good.com?@evil.com/pub/x",
		`https://good.com\@evil.com/pub/x`, `https://evil.com\.good.com/pub/x`, `https:\\good.com/pub/x`,
		"https:/good.com/pub/x", "https:good.com/pub/x", "//good.com/pub/x", "good.com/pub/x",
		"https://good.com:443@evil.com/pub/x", "https://good.com:pub/x", "https://good.com:/pub/x",
		"https://good.com:443:443/pub/x", "https://good.com:65979/pub/x", "https://good.com:-443/pub/x",
		"https://good.com:0/pub/x", "https://good.com./pub/x", "https://.good.com/pub/x", "https://good..com/pub/x",
		"https://go%6fd.com/pub/x", "https://good.com%2f.evil.com/pub/x", "https://good.com%00.evil.com/pub/x",
		"https://gооd.com/pub/x", "https://good。com/pub/x", "https:///pub/x", "https://", "https://:443/pub/x",
		"https://good.com/pub/../x", "https://good.com/pub/..", "https://good.com/pub/./../x", "https://good.com/./pub/x",
		"https://good.com/pub/%2e%2e/x", "https://good.com/pub/.%2E/x", "https://good.com/pub/..%2fx",
		"https://good.com/pub%2fx", "https://good.com/pub/%5c..%5cx", "https://good.com/pub/%252e%252e/x",
		"https://good.com/pub/..;/x", "https://good.com/pub/.;a=b/x", `https://good.com/pub/..\x`,
		"https://good.com//pub/x", "https://good.com/pub//x", "https://good.com/pub/%00", "https://good.com/pub/%0d%0aX",
		"https://good.com/pub/%7f", "https://good.com/pub/%", "https://good.com/pub/%2", "https://good.com/pub/%zz",
		"https://good.com/pub/a b", "https://good.com/pub/a\tb", "https://good.com/pub/a\r\nHost: evil.com",
		"\thttps://good.com/pub/x", "https://good.com/pub/ä", "https://good.com/PUB/x", "https://good.com/x?/pub/x",
		"https://good.com/x#/pub/x", "https://*/pub/x", "https://*.com/pub/x", "https://[good.com]/pub/x",
		"https://[::1%25eth0]/pub/x", "javascript://good.com/pub/x", "file://good.com/pub/x", "https+x://good.com/pub/x", "",
	}
	cases{
		{"https://good.com/pub/**", []string{"https://good.com/pub/x"}, escapes},
		{"https://*.com/pub/**", []string{"https://good.com/pub/x"}, without(escapes, "https://evil.com/pub/x")},
		{"https://**/pub/**", []string{"https://good.com/pub/x"}, without(escapes, "https://evil.com/pub/x")},
	}.run(t, lease.NetFetch)
}

func without(all []string, excluded string) []string {
	var kept []string
	for _, text := range all {
		if text != excluded {
			kept = append(kept, text)
		}
	}
	return kept
}
