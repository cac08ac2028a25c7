package lease

import (
	"strconv"
	"strings"
)

// address is a URL taken apart and normalised: the scheme and the host in lower case, the port always given, the
// path beginning with a slash, the query "" or beginning with a question mark. The fragment is gone: no server sees it.
type address struct {
	scheme string
	host   string
	port   string
	path   string
	query  string
}

// parseURL reads an absolute http or https URL. It is stricter than RFC 3986 on purpose: whatever two readers could
// understand differently is refused, so that what was matched is what will be fetched.
func parseURL(text string) (address, Problem) {
	scheme, authority, path, problem := splitURL(text)
	if problem != "" {
		return address{}, problem
	}
	if scheme != "http" && scheme != "https" {
		return address{}, "a URL begins with http:// or https://"
	}
	host, port, problem := splitHost(authority)
	if problem != "" {
		return address{}, problem
	}
	if port == "" {
		port = defaultPort(scheme)
	} else if port, problem = cleanPort(port); problem != "" {
		return address{}, problem
	}
	if strings.Contains(host, "*") {
		return address{}, "a host has no `*`"
	}
	path, _, _ = strings.Cut(path, "#")
	path, query := splitQuery(path)
	if path, problem = cleanURLPath(path); problem != "" {
		return address{}, problem
	}
	return address{scheme: scheme, host: host, port: port, path: path, query: query}, ""
}

// splitURL takes `scheme://authority/path` apart; the path is "" or begins with a slash.
func splitURL(text string) (scheme, authority, path string, problem Problem) {
	for _, char := range []byte(text) {
		if char <= ' ' || char >= 0x7f {
			return "", "", "", "a URL has neither spaces nor characters beyond ASCII"
		}
		if char == '\\' {
			return "", "", "", "a URL has no backslash"
		}
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return "", "", "", "a URL is absolute: scheme, ://, host"
	}
	authority = rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority, path = rest[:end], rest[end:]
	}
	if path != "" && path[0] != '/' {
		// Readers differ on where such a host ends.
		return "", "", "", "a slash stands between the host and a query or fragment"
	}
	return strings.ToLower(scheme), authority, path, ""
}

// splitHost takes `host[:port]` apart and puts the host into lower case. It lets `*` pass, for patterns.
func splitHost(authority string) (host, port string, problem Problem) {
	if strings.Contains(authority, "@") {
		return "", "", "a URL has no user-info"
	}
	host = authority
	end := strings.LastIndexByte(authority, ':')
	if bracket := strings.LastIndexByte(authority, ']'); end > bracket {
		host, port = authority[:end], authority[end+1:]
		if port == "" {
			return "", "", "there is no port after the colon"
		}
	}
	host = strings.ToLower(host)
	if !isHost(host) {
		return "", "", "the host is not a name or address"
	}
	return host, port, ""
}

// isHost accepts names of labels with single dots between them, and addresses in brackets.
func isHost(host string) bool {
	if inner, found := strings.CutPrefix(host, "["); found {
		inner, found = strings.CutSuffix(inner, "]")
		return found && inner != "" && strings.Trim(inner, "0123456789abcdef:.") == ""
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_*") != "" {
			return false
		}
	}
	return true
}

// cleanPort returns the port without leading zeros.
func cleanPort(port string) (string, Problem) {
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return "", "the port is not a number from 1 to 65535"
	}
	return strconv.FormatUint(number, 10), ""
}

func defaultPort(scheme string) string {
	if scheme == "http" {
		return "80"
	}
	return "443"
}

// splitQuery takes `path?query` apart; the query is "" or begins with the question mark.
func splitQuery(path string) (before, query string) {
	if start := strings.IndexByte(path, '?'); start >= 0 {
		return path[:start], path[start:]
	}
	return path, ""
}

// cleanURLPath checks a path without its query: every segment has to mean the same to every server.
func cleanURLPath(path string) (string, Problem) {
	if path == "" {
		return "/", ""
	}
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		if segment == "" && i < len(segments)-1 {
			return "", "a URL has no doubled slash in its path"
		}
		// Some servers cut off what follows a semicolon before they resolve dots.
		name, _, _ := strings.Cut(segment, ";")
		if name == "." || name == ".." {
			return "", "a URL has no `.` or `..` segment"
		}
	}
	return cleanEscapes(path)
}

// cleanEscapes puts the hexadecimal digits of escapes into upper case, as RFC 3986 §6.2.2.1 does, and refuses the
// escapes that can turn into another path once a server decodes them.
func cleanEscapes(path string) (string, Problem) {
	if strings.IndexByte(path, '%') < 0 {
		return path, ""
	}
	cleaned := []byte(path)
	for i := 0; i < len(cleaned); i++ {
		if cleaned[i] != '%' {
			continue
		}
		if i+2 >= len(cleaned) || !isHex(cleaned[i+1]) || !isHex(cleaned[i+2]) {
			return "", "a percent sign has two hexadecimal digits after it"
		}
		copy(cleaned[i+1:], strings.ToUpper(string(cleaned[i+1:i+3])))
		switch code := string(cleaned[i+1 : i+3]); {
		case code == "2E", code == "2F", code == "5C", code == "25", code == "7F", code < "20":
			return "", "a URL's path has no encoded dot, slash, backslash, percent sign or control character"
		}
	}
	return string(cleaned), ""
}
