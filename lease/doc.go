// Package lease is the authority of a job: the grants of §9, what they cover, and when they end.
//
// [Parse] reads a `lease_request` and refuses what it does not understand, so that no grant is wider than it looks.
// [Lease.Permits] answers whether an [Operation] is covered; what no pattern covers is denied, and an absent
// namespace, an empty list and a missing request all grant nothing. The `cost.budget` of a lease is a list of
// ceilings ([Lease.Budget]) that package budget counts.
//
// # Globs
//
// The draft names globs and leaves their language open. Here `*` is the only special character, and there is no
// way to escape it; every other character, `?`, brackets and braces included, stands for itself. Letters of
// different case are different, but for the scheme and the host of a URL. A pattern covers a resource as a whole,
// never a part of it. What `*` means depends on what is matched:
//
//	                  one *                          two or more, **
//	paths, URL paths  any characters but /           any characters
//	URL hosts         any characters but .           any characters
//	names, queries    any characters                 any characters
//
// "Any characters" may be none. In paths and URL paths a segment that is ** alone, with a slash after it, also
// stands for no segment at all.
//
//	/data/**      covers /data/a and /data/a/b; not /data itself, nor /database/a
//	/data/*       covers /data/a; not /data/a/b
//	/data/re*     covers /data/report and /data/re; not /data/re/a
//	/src/**/a.go  covers /src/a.go, /src/x/a.go and /src/x/y/a.go
//	search.*      a name: covers search.web, search.web.deep and search.a/b
//
// Matching walks the resource once and never goes back, so no pattern is a bomb.
//
// # Paths: fs.read, fs.write
//
// Paths and their patterns are compared after repeated slashes, `.` segments and a slash at the end are removed.
// Refused are: a `..` segment anywhere (dots with spaces count too), a backslash, a percent sign with two
// hexadecimal digits, control characters, text that is not UTF-8. An absolute pattern covers absolute paths only.
// What a symbolic link points to is for whoever opens the file.
//
// # URLs: net.fetch
//
// A pattern is scheme://host[:port][/path][?query], or `*` or `**` alone for every URL. The scheme is http, https or
// `*` for both. `*.example.com` covers a.example.com, not a.b.example.com and not example.com; `**.example.com`
// covers the first two. Without a port the pattern covers the scheme's own port; with `:*`, every port. Without a
// path it covers the path `/` only. A pattern without a query covers URLs without one, or, where its path ends in a
// star, with any.
//
// Scheme, host, port, path and query are each matched with their own part of the pattern, so no star reaches from
// one into the next. Scheme and host are put into lower case, a default port is filled in, a fragment is dropped.
// Refused are: schemes but http and https, user-info, a backslash, spaces, characters beyond ASCII, a host with an empty
// label (and so with a dot at its end), `?` or `#` right after the host, and in the path a `.` or `..` segment (also
// with a `;` behind it), a doubled slash, and an encoded dot, slash, backslash, percent sign or control character.
//
// # Names: tool.call, agent.delegate, model.use, vendors' namespaces
//
// Names are opaque: `*` matches everything, dots and slashes included. An agent is matched by its name without the
// version.
//
// # Delegation
//
// [Lease.Within] answers whether a child's lease gives nothing that its parent's does not (§9.4). Patterns are compared by
// what they mean: /a/** covers /a/b/*, and /a/* does not cover /a/**. §9.4 (choice): "strict subset" is read as "not more
// than", since the draft lets a child have exactly the budget that is left; so a lease is within itself. Each pattern of the
// child has to be covered by one pattern of the parent: what two of them cover only together is refused, and so are
// patterns whose comparison would take long. A refusal is no loss of safety, and whoever asked can ask for less.
//
// # Other namespaces
//
// A lease may also name a vendor's namespace, "x-" with labels between dots ([Namespace.IsVendor]); its patterns
// are globs over names. Every other namespace is refused.
//
// The package knows the draft's §9 and nothing of messages, jobs or clocks: the time comes in as an argument.
package lease
