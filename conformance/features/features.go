package features

import "embed"

//go:embed *.feature
var files embed.FS

// FS gives the feature files, at its root.
func FS() embed.FS { return files }
