package transport

import (
	"strings"
	"time"
)

// Options adjusts a connection. A nil pointer is all defaults, and so is a value of zero or less.
type Options struct {
	// MaxFrame is the largest frame that is received, in bytes. Zero is 16 MiB. A larger one ends the connection.
	MaxFrame int
	// CloseTimeout bounds Close, and how long a peer has to take the close code of a frame that was refused. Zero is 5 s.
	// A WebSocket waits 5 s at most.
	CloseTimeout time.Duration
	// AllowedOrigins are the web origins whose pages may connect besides those of the host itself, as a browser
	// writes them: "https://app.example.org", with the port where it is not the scheme's own. "*" alone allows every
	// page. Only Accept uses it.
	AllowedOrigins []string
}

func (o *Options) withDefaults() Options {
	var filled Options
	if o != nil {
		filled = *o
	}
	if filled.MaxFrame <= 0 {
		filled.MaxFrame = 16 << 20
	}
	if filled.CloseTimeout <= 0 {
		filled.CloseTimeout = 5 * time.Second
	}
	return filled
}

// allows says whether pages of an origin may connect wherever they come from.
func (o *Options) allows(origin string) bool {
	for _, allowed := range o.AllowedOrigins {
		if allowed == "*" || strings.EqualFold(strings.TrimSuffix(allowed, "/"), origin) {
			return true
		}
	}
	return false
}
