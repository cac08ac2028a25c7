// Package transport carries the frames of ARCP: one JSON envelope each (§4).
//
// It knows how a frame begins and ends on each carrier, and how a connection ends. It must not know what a frame says:
// not even that it is JSON, or UTF-8, is looked at here; that is the codec's. It knows nothing of sessions either.
//
//	carrier    for                  a frame is                    in order     out of order
//	WebSocket  networks             a text message                close frame  anything else
//	Stdio      in-process children  a line, ended by \n or \r\n   end of file  a read that fails
//	Pipe       one process, tests   a slice of bytes              Close        Abort
//
// All carriers keep the contract of [Conn], and one set of tests runs over all of them. What differs:
//
//   - Only a WebSocket can say why it ends: a frame that is binary ends it with the close code 1003, one that is too
//     large with 1009, and the peer's Receive gives a [*CloseError].
//   - Stdio cannot tell a peer that broke off from one that ended: both are an end of file.
//   - On stdio the directions end apart. After io.EOF of Receive, Send still works: a client may end its input first
//     and read the answers then.
//
// # Ends
//
//	Send, Receive
//	  |     ^
//	  v     |
//	+---------+  Close   +---------+ the peer took it   +--------+
//	|  open   |--------->| closing |------------------->| closed |
//	+---------+          +---------+ CloseTimeout       +--------+
//	     |                    |                             ^
//	     +--------------------+-----------------------------+
//	       Abort, a ctx that ends inside Send or Receive
//
// A context that ends inside Receive or Send takes the connection with it: a frame may have been cut in two. So give
// Receive a context that lives as long as the connection shall; one that ends after a second is no way to poll.
//
// # Browsers
//
// A page in a browser can open a WebSocket to any host, and the browser says where the page comes from. Accept takes
// connections without an Origin (those are no browsers), and pages of the host that was asked for; others are for
// Options.AllowedOrigins to admit. This holds off other people's pages, and is no authentication: a page whose own
// name leads to this host passes, and has no token (§6.1).
package transport
