package lease

import "strings"

// urlPattern is a glob over URLs. Each part is matched with the same part of an address, so that no star reaches
// from the host into the path, or from the path into the query.
type urlPattern struct {
	text       string
	everything bool   // the pattern `**`
	scheme     string // "*": http or https
	host       glob
	port       string // "": the scheme's own; "*": any
	path       glob
	query      glob // over the query with its question mark
}

// compileURL reads a pattern of `net.fetch`.
func compileURL(text string) (pattern, Problem) {
	if text == "*" || text == "**" {
		return urlPattern{text: "**", everything: true}, ""
	}
	scheme, authority, path, problem := splitURL(text)
	if problem != "" {
		return nil, problem
	}
	if scheme != "http" && scheme != "https" && scheme != "*" {
		return nil, "a URL pattern begins with http://, https:// or *://"
	}
	host, port, problem := splitHost(authority)
	if problem != "" {
		return nil, problem
	}
	if port != "" && port != "*" {
		if port, problem = cleanPort(port); problem != "" {
			return nil, problem
		}
	}
	if strings.Contains(path, "#") {
		return nil, "a URL pattern has no fragment"
	}
	path, query := splitQuery(path)
	if path, problem = cleanURLPath(path); problem != "" {
		return nil, problem
	}
	if query == "" && strings.HasSuffix(path, "*") {
		query = "*"
	}
	return urlPattern{
		text: text, scheme: scheme, host: compileGlob(host, hostRules), port: port,
		path: compileGlob(path, pathRules), query: compileGlob(query, nameRules),
	}, ""
}

func (p urlPattern) matches(wanted resource) bool {
	url := wanted.address
	if p.everything {
		return true
	}
	if p.scheme != "*" && p.scheme != url.scheme {
		return false
	}
	switch p.port {
	case "*":
	case "":
		if url.port != defaultPort(url.scheme) {
			return false
		}
	default:
		if url.port != p.port {
			return false
		}
	}
	return p.host.match(url.host) && p.path.match(url.path) && p.query.match(url.query)
}

func (p urlPattern) String() string { return p.text }

func (p urlPattern) wild() int { return len(p.host.steps) + len(p.path.steps) + len(p.query.steps) }
